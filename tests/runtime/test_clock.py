import time

from headrace.engine.services import Clock
from headrace.runtime.clock import ManualClock, SystemClock


def test_system_clock_gives_milliseconds_of_the_epoch() -> None:
    clock: Clock = SystemClock()

    assert abs(clock.now_ms() - time.time() * 1_000) < 5_000


def test_manual_clock_stands_still_until_it_is_moved() -> None:
    clock = ManualClock(1_000)
    assert (clock.now_ms(), clock.now_ms()) == (1_000, 1_000)

    clock.advance(500)
    assert clock.now_ms() == 1_500
    clock.advance(-700)
    assert clock.now_ms() == 800
    clock.set(7)
    assert clock.now_ms() == 7
