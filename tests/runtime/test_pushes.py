"""Push queries and their subscriptions, without threads."""

from types import SimpleNamespace
from typing import Any

import pytest

from headrace.runtime import subscription as subscriptions
from headrace.runtime.log.base import UnknownTopic


def numbers(*values: int) -> list[tuple[int, bytes, bytes]]:
    return [(n, b"k", str(n).encode()) for n in values]


def subscribe(bench: Any, plan: Any, reset: str = "earliest") -> Any:
    return bench.engine.services.queries.subscribe(plan, offset_reset=reset)


def test_rows_come_as_records_come(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.put("in", *numbers(1))
    rows = subscribe(bench, plans.push("P", "in"), "latest")
    bench.put("in", *numbers(2, 3))
    bench.drain()

    assert [r.values for r in rows.take()] == [("k", 2), ("k", 3)]
    assert bench.log.committed("_confluent-ksql-headrace_query_P") == {}


def test_iterating_drives_an_engine_without_threads(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.put("in", *numbers(1, 2))

    assert [r.timestamp for r in subscribe(bench, plans.push("P", "in"))] == [1, 2]


def test_limit_ends_the_query(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.put("in", *numbers(1, 2, 3))
    rows = subscribe(bench, plans.push("P", "in", limit=2))

    assert [r.timestamp for r in rows] == [1, 2]
    assert bench.engine.queries() == []


@pytest.mark.parametrize("records", [0, 3], ids=["empty topic", "some records"])
def test_a_bounded_query_ends_where_its_topic_ended(bench: Any, plans: SimpleNamespace, records: int) -> None:
    bench.topic("in")
    bench.put("in", *numbers(*range(records)))
    rows = subscribe(bench, plans.push("P", "in", bounded=True))
    bench.put("in", *numbers(100))

    assert [r.timestamp for r in rows] == list(range(records))
    assert rows.is_ended
    assert bench.engine.queries() == []


def test_close_ends_the_query(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    with subscribe(bench, plans.push("P", "in")) as rows:
        assert [q.id for q in bench.engine.queries()] == ["P"]

    rows.close()

    assert bench.engine.queries() == []
    assert list(rows) == []


def test_rows_of_a_sink_come_after_their_commit(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.filter("Q", "in", "out"))
    rows = subscribe(bench, plans.push("P", "out"))
    bench.put("in", *numbers(2))
    bench.drain()

    assert [r.values for r in rows.take()] == [("k", 2)]


def test_a_failing_push_query_disturbs_nobody(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    good = subscribe(bench, plans.push("GOOD", "in"))
    bad = subscribe(bench, plans.push("BAD", "in"))
    bench.put("in", (1, b"\xff", b"1"))  # no UTF-8: both fail
    bench.drain()

    with pytest.raises(UnicodeDecodeError):
        list(bad)
    with pytest.raises(UnicodeDecodeError):
        list(good)
    late = subscribe(bench, plans.push("LATE", "in"), "latest")
    bench.put("in", *numbers(2))
    bench.drain()
    assert [r.values for r in late.take()] == [("k", 2)]


def test_a_slow_reader_makes_only_its_own_query_wait(
    bench: Any, plans: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "BUFFERED_ROWS", 10)
    bench.topic("in")
    slow = subscribe(bench, plans.push("SLOW", "in"))
    for start in range(0, 100, 10):
        bench.put("in", *numbers(*range(start, start + 10)))
        bench.drain()
    fast = subscribe(bench, plans.push("FAST", "in"), "latest")
    bench.put("in", *numbers(1_000))
    bench.drain()

    assert [r.timestamp for r in fast.take()] == [1_000]
    waiting = slow.take()
    assert len(waiting) == 10
    assert [r.timestamp for r in [*waiting, *slow]] == [*range(100), 1_000]


def test_a_stateful_push_query_emits_when_its_input_is_used_up(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.put("in", *numbers(1, 2, 3))
    plan = plans.count("P", "in", "unused", coalesces=True)
    rows = bench.engine.services.queries.subscribe(plans.unsunk(plan), offset_reset="earliest")
    bench.drain()

    assert [r.values for r in rows.take()] == [(3,)]


def test_a_topic_that_goes_ends_its_readers_only(bench: Any, plans: SimpleNamespace) -> None:
    names = [f"in{n}" for n in range(6)]
    for name in names:
        bench.topic(name)
    subscriptions = [
        bench.engine.services.queries.subscribe(plans.push(f"P{name}", name), offset_reset="earliest") for name in names
    ]
    for name in names:
        bench.put(name, (1, b"k", b"7"))
    bench.log.delete_topic("in3")
    bench.drain()

    assert [len(rows.take()) for rows in subscriptions] == [1, 1, 1, 0, 1, 1]
    with pytest.raises(UnknownTopic):
        subscriptions[3].next()
