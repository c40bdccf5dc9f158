"""How an engine ends, and who is told."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from headrace.runtime.engine import Engine, open
from headrace.runtime.log.base import LogError, UnknownTopic
from headrace.runtime.loop import EngineStopped

STREAM = "CREATE STREAM s (id STRING KEY, n INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);"
ROW = (1, b"k", b'{"N":1}', ())


@pytest.fixture
def engine() -> Iterator[Engine]:
    with open("memory:", properties={"auto.offset.reset": "earliest"}) as engine:
        engine.execute(STREAM)
        yield engine


def outcome(act: Callable[[], Any]) -> tuple[threading.Thread, list[BaseException]]:
    """What a blocking call raises, in a thread of its own."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except Exception as error:
            raised.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, raised


def test_whoever_waits_is_told_when_the_engine_fails(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    (rows,) = engine.execute("SELECT * FROM s EMIT CHANGES;")
    engine.set_loading("s", loading=True)  # so that it is not idle
    waits = [outcome(lambda: next(iter(rows))), outcome(engine.wait_idle)]  # type: ignore[arg-type]

    def fail() -> bool:
        if engine._waiters:
            raise MemoryError
        return False

    monkeypatch.setattr(engine._scheduler, "step", fail)

    for thread, raised in waits:
        thread.join(10)
        assert [type(error) for error in raised] == [EngineStopped]
        assert isinstance(raised[0].__cause__, MemoryError)


@pytest.mark.parametrize(
    ("topic", "partition", "error"),
    [("nosuch", 0, UnknownTopic), ("s", 7, LogError)],
    ids=["unknown topic", "unknown partition"],
)
def test_rows_without_a_place_disturb_nobody(
    engine: Engine, topic: str, partition: int, error: type[Exception]
) -> None:
    engine.execute("CREATE STREAM o AS SELECT * FROM s;")
    good = [engine.append_soon("s", {0: [ROW]}) for _ in range(20)]
    bad = engine.append_soon(topic, {partition: [ROW]})
    good += [engine.append_soon("s", {0: [ROW]}) for _ in range(20)]

    assert [each.result(10) for each in good] == [None] * 40
    with pytest.raises(error):
        bad.result(10)
    assert [query.errors for query in engine.queries()] == [()]


def test_rows_cannot_be_called_back(engine: Engine) -> None:
    done = engine.append_soon("s", {0: [ROW]})

    assert not done.cancel()
    assert done.result(10) is None


def test_what_is_handed_in_while_the_engine_closes_gets_an_answer() -> None:
    with open("memory:") as engine:
        engine.execute(STREAM)
        handed = [engine.append_soon("s", {0: [ROW]}) for _ in range(100)]
        thread, _ = outcome(engine.close)
        handed += [engine.append_soon("s", {0: [ROW]}) for _ in range(100)]
        thread.join(10)

    assert all(each.done() for each in handed)
    assert not any(each.exception() for each in handed[:100])


def test_a_wait_that_was_given_up_leaves_nothing(engine: Engine) -> None:
    engine.set_loading("s", loading=True)

    assert not engine.wait_idle(0.01)
    engine.execute("SHOW STREAMS;")

    assert engine._waiters == []
