"""Steps and commits, on a log in memory and without threads."""

from types import SimpleNamespace
from typing import Any

import pytest

from headrace.runtime import scheduler as scheduling


def numbers(*values: int, key: bytes = b"k") -> list[tuple[int, bytes, bytes]]:
    return [(n, key, str(n).encode()) for n in values]


def test_output_and_offsets_are_committed_together(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.filter("Q", "in", "out"))
    bench.put("in", *numbers(1, 2, 3, 4))

    bench.drain()

    assert bench.values("out") == [(b"k", b"2"), (b"k", b"4")]
    assert bench.log.committed("_confluent-ksql-headrace_query_Q") == {("in", 0): 4}
    assert bench.status("Q").counters["records_in"] == 4
    assert bench.status("Q").counters["records_out"] == 2


def test_rows_flow_to_downstream_queries_within_one_commit(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.filter("Q1", "in", "even"))
    bench.start(plans.count("Q2", "even", "counts"))
    bench.put("in", *numbers(2, 3, 4))
    before = bench.log.version()

    assert bench.engine.step()

    assert bench.values("counts") == [(b"k", b"1"), (b"k", b"2")]
    assert bench.log.version() == before + 2  # one changelog topic is created, one commit made


def test_state_survives_a_restart(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.count("Q", "in", "out"))
    bench.put("in", *numbers(1, 2))
    bench.drain()

    bench.open()
    bench.put("in", *numbers(3))
    bench.drain()

    assert bench.values("out") == [(b"k", b"1"), (b"k", b"2"), (b"k", b"3")]
    assert bench.rows("Q") == [("k", 3)]
    assert bench.rows("Q", ["k"]) == [("k", 3)]
    assert bench.rows("Q", ["absent"]) == []


def test_a_restart_without_new_input_answers_look_ups(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in", 3)
    bench.start(plans.exchange("Q", "in", "out"))
    bench.put("in", (1, None, b"a"), (2, None, b"b"), partition=1)
    bench.put("in", (3, None, b"a"), partition=2)
    bench.drain()

    bench.open()

    assert bench.rows("Q") == [("a", 2), ("b", 1)]


def test_offset_reset_latest_is_durable_from_the_start(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.put("in", *numbers(2))
    bench.start(plans.filter("Q", "in", "out"), "latest")
    bench.put("in", *numbers(4))

    bench.open()
    bench.drain()

    assert bench.values("out") == [(b"k", b"4")]


def test_a_loop_feeds_the_next_step(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("a")
    bench.topic("b")
    bench.start(plans.filter("Q1", "a", "b"))
    bench.start(plans.count("Q2", "b", "counts"))
    bench.start(plans.filter("Q3", "b", "a"))
    bench.put("a", *numbers(2))

    for _ in range(5):
        bench.engine.step()

    assert len(bench.values("a")) > 3
    assert bench.values("counts")[:2] == [(b"k", b"1"), (b"k", b"2")]


@pytest.mark.parametrize("partitions", [1, 3], ids=["one partition", "three partitions"])
def test_exchange_order_does_not_depend_on_slices(
    bench: Any, plans: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, partitions: int
) -> None:
    rows = [(ts * 7 % 50, None, str(ts % 5).encode()) for ts in range(120)]
    bench.topic("in", partitions)
    for p in range(partitions):
        bench.put("in", *rows[p::partitions], partition=p)
    bench.start(plans.exchange("Q1", "in", "whole"))
    bench.drain()
    monkeypatch.setattr(bench.engine._scheduler, "_chunk", 7)
    monkeypatch.setattr(scheduling, "CHUNK", 7)
    bench.start(plans.exchange("Q2", "in", "cut"))

    bench.drain()

    assert all(bench.values("whole", p) for p in range(1))
    for p in range(partitions):
        assert bench.values("cut", p) == bench.values("whole", p)


def test_every_change_mode_repeats_itself_after_restarts(bench: Any, plans: SimpleNamespace) -> None:
    rows = [(ts * 13 % 97, None, str(ts % 7).encode()) for ts in range(200)]
    bench.topic("in", 3)
    for p in range(3):
        bench.put("in", *rows[p::3], partition=p)
    bench.start(plans.exchange("Q1", "in", "whole"))
    bench.drain()
    bench.start(plans.exchange("Q2", "in", "broken"))

    for _ in range(30):
        bench.engine._scheduler._chunk = 3
        bench.engine.step()
        bench.engine._scheduler.settle()
        bench.open()
    bench.drain()

    assert [bench.values("broken", p) for p in range(3)] == [bench.values("whole", p) for p in range(3)]


def test_coalesced_changes_are_emitted_once_per_interval(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.count("Q", "in", "out", coalesces=True))
    bench.put("in", *numbers(1, 2))
    bench.drain()
    assert bench.values("out") == []

    bench.clock.advance(1_000)
    bench.put("in", *numbers(3))
    bench.drain()
    assert bench.values("out") == []

    bench.clock.advance(1_000)
    bench.drain()
    assert bench.values("out") == [(b"k", b"3")]


def test_what_owes_an_emission_is_emitted_after_a_restart(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.count("Q", "in", "out", coalesces=True))
    bench.put("in", *numbers(1, 2))
    bench.drain()

    bench.open()
    bench.clock.advance(2_000)
    bench.drain()
    assert bench.values("out") == [(b"k", b"2")]

    bench.open()
    bench.clock.advance(2_000)
    bench.drain()
    assert bench.values("out") == [(b"k", b"2")]


def test_a_coalescing_query_emits_in_the_step_for_readers_of_its_sink(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.count("Q1", "in", "counts", coalesces=True))
    bench.start(plans.filter("Q2", "counts", "out"))
    bench.put("in", *numbers(1, 2, 3, 4))

    bench.engine.step()

    assert bench.values("counts") == [(b"k", b"4")]
    assert bench.values("out") == [(b"k", b"4")]


def test_wait_idle_emits_what_is_owed(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.count("Q", "in", "out", coalesces=True))
    bench.put("in", *numbers(1))

    bench.engine.is_bounded = True

    assert bench.engine.wait_idle()
    assert bench.values("out") == [(b"k", b"1")]


def test_a_failing_query_stands_alone_and_loses_nothing(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.topic("other")
    bench.start(plans.count("GOOD", "in", "counts"))
    bench.start(plans.filter("BAD", "in", "out"))
    bench.put("in", *numbers(2, 13, 4))

    bench.drain()

    assert bench.status("BAD").state == "ERROR"
    assert "thirteen" in bench.status("BAD").errors[-1][1]
    assert bench.values("counts") == [(b"k", b"1"), (b"k", b"2"), (b"k", b"3")]
    assert bench.values("out") == []
    bench.clock.advance(1_000)
    bench.drain()
    assert len(bench.status("BAD").errors) == 2
    bench.clock.advance(1_000)
    bench.drain()
    assert len(bench.status("BAD").errors) == 2  # the second wait is longer


def test_a_failed_query_recovers_when_its_topic_comes(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("out")
    bench.plans.append((plans.filter("Q", "in", "out"), "earliest"))
    bench.open()
    assert bench.status("Q").state == "ERROR"

    bench.topic("in")
    bench.put("in", *numbers(2))
    bench.clock.advance(1_000)
    bench.drain()

    assert bench.status("Q").state == "RUNNING"
    assert bench.values("out") == [(b"k", b"2")]


def test_pause_and_resume(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.filter("Q", "in", "out"))
    bench.start(plans.count("D", "out", "counts"))
    bench.engine.services.queries.pause("Q")
    bench.put("in", *numbers(2, 4))
    bench.drain()
    assert bench.values("out") == []
    assert bench.status("Q").state == "PAUSED"
    assert bench.status("Q").counters["lag"] == 2

    bench.engine.services.queries.resume("Q")
    bench.drain()

    assert bench.values("counts") == [(b"k", b"1"), (b"k", b"2")]
    bench.clock.advance(200)
    bench.put("in", *numbers(6))
    bench.drain()
    assert bench.values("counts")[-1] == (b"k", b"3")
    assert not bench.engine._scheduler.apart


def test_a_new_query_catches_up_and_joins_the_frontier(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.filter("Q1", "in", "out1"))
    bench.put("in", *numbers(2, 4))
    bench.drain()

    bench.start(plans.filter("Q2", "in", "out2"))
    assert "Q2" in bench.engine._scheduler.apart
    bench.drain()

    assert bench.values("out2") == bench.values("out1")
    assert "Q2" in bench.engine._scheduler.main.queries


def test_a_foreign_append_to_a_sink_makes_the_step_happen_again(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.filter("Q1", "in", "even"))
    bench.start(plans.count("Q2", "even", "counts"))
    bench.drain()
    bench.engine._seen = None
    bench.put("in", *numbers(2))
    bench.engine._scheduler.placement.notice_all()
    bench.engine._seen = bench.log.version() + 1
    bench.put("even", *numbers(8))  # the engine has not seen it: it counts on offset 0 for its own row

    bench.drain()

    assert bench.values("even") == [(b"k", b"8"), (b"k", b"2")]
    assert bench.values("counts") == [(b"k", b"1"), (b"k", b"2")]


def test_stop_and_forget_leaves_nothing(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.count("Q", "in", "out"))
    bench.put("in", *numbers(1))
    bench.drain()

    bench.engine.services.queries.stop("Q", forget=True)

    assert bench.log.committed("_confluent-ksql-headrace_query_Q") == {}
    assert [t.name for t in bench.log.topics() if "Aggregate" in t.name] == []
    assert bench.engine.queries() == []


def test_windows_expire_and_late_records_are_counted(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.window("Q", "in", "out", 10, 100))
    bench.put("in", (5, b"k", b"1"), (205, b"k", b"1"), (3, b"k", b"1"))

    bench.drain()

    assert bench.rows("Q") == [("k", 200, 1)]
    assert bench.rows("Q", ["k"], (0, 100)) == []
    assert bench.status("Q").counters["late"] == 1
    bench.open()
    assert bench.rows("Q") == [("k", 200, 1)]


def test_idle_queries_are_not_touched(bench: Any, plans: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.topic("in")
    bench.topic("busy")
    bench.start(plans.filter("IDLE", "in", "out"))
    bench.start(plans.filter("BUSY", "busy", "out2"))
    bench.drain()
    idle = bench.engine._scheduler.main.queries["IDLE"]
    monkeypatch.setattr(type(idle), "drop", lambda self: pytest.fail("touched"))
    bench.put("busy", *numbers(2))

    bench.drain()

    assert idle.tasks == ()
    assert bench.log.committed("_confluent-ksql-headrace_query_IDLE") == {}


@pytest.mark.parametrize("topic", ["in", "out", "_confluent-ksql-headrace_query_Q-Aggregate-changelog"])
def test_a_topic_that_is_gone_stops_only_its_query(bench: Any, plans: SimpleNamespace, topic: str) -> None:
    bench.topic("in")
    bench.topic("other")
    bench.start(plans.count("Q", "in", "out"))
    bench.start(plans.filter("GOOD", "other", "fine"))
    bench.put("in", *numbers(1))
    bench.drain()
    bench.log.delete_topic(topic)
    bench.put("other", *numbers(2))
    if topic != "in":
        bench.put("in", *numbers(3))

    bench.drain()
    bench.clock.advance(1_000)
    bench.drain()

    assert bench.status("Q").state == "ERROR"
    assert topic in bench.status("Q").errors[-1][1]
    assert bench.status("GOOD").state == "RUNNING"
    assert bench.values("fine") == [(b"k", b"2")]


def test_waiting_for_a_partition_that_is_being_loaded_is_no_work(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in", 2)
    bench.start(plans.exchange("Q", "in", "out"))
    bench.engine.set_loading("in", loading=True)
    bench.put("in", (1, None, b"a"), (5, None, b"a"))
    before = bench.log.version()

    assert not bench.engine.step()
    assert bench.log.version() == before
    bench.put("in", (3, None, b"a"), partition=1)
    bench.drain()
    assert len(bench.values("out", 0) + bench.values("out", 1)) == 2
    bench.engine.set_loading("in", loading=False)
    bench.drain()
    assert len(bench.values("out", 0) + bench.values("out", 1)) == 3


def test_paused_queries_owe_their_emission_until_they_are_resumed(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.count("Q", "in", "out", coalesces=True))
    bench.put("in", *numbers(1))
    bench.drain()
    bench.engine.services.queries.pause("Q")
    bench.clock.advance(5_000)
    bench.drain()
    assert bench.values("out") == []

    bench.engine.services.queries.resume("Q")
    bench.clock.advance(2_000)
    bench.drain()

    assert bench.values("out") == [(b"k", b"1")]


def test_emission_of_many_keys_is_spread_over_steps(
    bench: Any, plans: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduling, "EMIT_KEYS", 10)
    bench.topic("in")
    bench.start(plans.count("Q", "in", "out", coalesces=True))
    bench.put("in", *((n, b"k%d" % n, b"1") for n in range(35)))
    bench.drain()
    bench.clock.advance(2_000)

    bench.engine.step()
    bench.engine._scheduler.settle()
    assert len(bench.values("out")) == 10
    bench.put("in", (99, b"k34", b"1"))
    bench.drain()

    assert [key for key, _ in bench.values("out")] == [b"k%d" % n for n in range(35)]
    assert bench.values("out")[-1] == (b"k34", b"2")


@pytest.mark.parametrize("topic", ["in", "even"], ids=["source", "sink"])
def test_a_topic_that_was_made_anew_stops_its_readers(bench: Any, plans: SimpleNamespace, topic: str) -> None:
    bench.topic("in")
    bench.topic("other")
    bench.start(plans.filter("Q1", "in", "even"))
    bench.start(plans.count("Q2", "even", "counts"))
    bench.start(plans.filter("Q3", "other", "out"))
    bench.put("in", *numbers(2, 4, 6))
    bench.drain()

    bench.log.delete_topic(topic)
    bench.topic(topic)
    bench.put("in", *numbers(8))
    bench.put("other", *numbers(2))
    bench.drain()

    reader = {"in": "Q1", "even": "Q2"}[topic]
    assert [(q.id, q.state) for q in bench.engine.queries() if q.state != "RUNNING"] == [(reader, "ERROR")]
    assert "has offsets 0 to" in bench.status(reader).errors[-1][1]
    assert bench.values("out") == [(b"k", b"2")]
