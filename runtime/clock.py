"""Wall-clock time, as the engine is given it.

The law: nothing else in Headrace asks the operating system for the time, so that a test decides what time it is.
"""

import time


class SystemClock:
    """The time of the machine."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        return time.time_ns() // 1_000_000


class ManualClock:
    """A time that stands still until it is moved."""

    def __init__(self, now_ms: int = 0) -> None:
        self._now_ms = now_ms

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        return self._now_ms

    def advance(self, milliseconds: int) -> None:
        """Move the time on, or back where `milliseconds` is negative (as machines' clocks do)."""
        self._now_ms += milliseconds

    def set(self, now_ms: int) -> None:
        """Jump to a time."""
        self._now_ms = now_ms
