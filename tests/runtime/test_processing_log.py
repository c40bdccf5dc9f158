"""What cannot be processed is kept, once, in the commit that passes it."""

import base64
import json
from types import SimpleNamespace
from typing import Any

from headrace.runtime.clock import ManualClock
from headrace.runtime.problems import ENTRIES_PER_INTERVAL, INTERVAL_MS, ProblemLog, TaskProblems
from headrace.runtime.record import FlowRecord

TOPIC = "headrace_ksql_processing_log"


def entries(bench: Any) -> list[dict[str, Any]]:
    return [json.loads(value) for _, value in bench.values(TOPIC)]


def test_an_undecodable_record_is_kept_with_its_bytes_and_place(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in", 2)
    bench.start(plans.filter("Q", "in", "out"))
    bench.put("in", (1, b"k", b"2"), (2, b"k", b"not a number"), partition=1)
    bench.drain()

    (entry,) = entries(bench)

    assert (entry["topic"], entry["partition"], entry["offset"]) == ("in", 1, 1)
    assert entry["logger"] == "processing.Q.source"
    details = entry["message"]["deserializationError"]
    assert base64.b64decode(details["recordB64"]) == b"not a number"
    assert details["target"] == "value"
    assert bench.status("Q").counters["undecodable"] == 1


def test_nothing_is_logged_twice_when_a_step_is_undone(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.filter("GOOD", "in", "out1"))
    bench.topic("other")
    bench.start(plans.filter("BAD", "other", "out2"))
    bench.put("in", (1, b"k", b"x"))
    bench.put("other", (1, b"k", b"13"))
    bench.drain()

    assert [e["logger"] for e in entries(bench)] == ["processing.GOOD.source"]
    assert bench.status("GOOD").counters["undecodable"] == 1


def test_a_query_of_the_log_that_fails_on_it_does_not_feed_itself(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.filter("Q1", "in", "out1"))
    bench.start(plans.filter("Q2", TOPIC, "out2"))
    bench.put("in", (1, b"k", b"x"))
    bench.drain()

    assert len(entries(bench)) == 1
    assert bench.status("Q2").counters["undecodable"] == 1


def test_expression_failures_are_limited_and_counted() -> None:
    clock = ManualClock()
    log = ProblemLog("Q", clock)
    problems = TaskProblems(log, ["A / B", "C"], "in", 0)
    record = FlowRecord(7, 0, None, b"{}")

    for _ in range(ENTRIES_PER_INTERVAL + 100):
        problems.failed(0, record, ZeroDivisionError("division by zero"))
    problems.failed(1, record, ValueError("bad"))
    clock.advance(INTERVAL_MS)
    problems.failed(0, record, ZeroDivisionError("division by zero"))

    kept, counts = log.take()
    assert [e.count for e in kept] == [*[1] * ENTRIES_PER_INTERVAL, 1, 101]
    assert counts.failed == ENTRIES_PER_INTERVAL + 102
    assert kept[0].message["recordProcessingError"]["errorMessage"] == "A / B: division by zero"
    assert kept[0].offset == 7


def test_what_is_undone_takes_no_share_of_an_interval() -> None:
    log = ProblemLog("Q", ManualClock())
    problems = TaskProblems(log, ["A / B"], "in", 0)
    record = FlowRecord(7, 0, None, b"{}")
    for _ in range(ENTRIES_PER_INTERVAL):
        problems.failed(0, record, ZeroDivisionError("division by zero"))

    log.discard()
    problems.failed(0, record, ZeroDivisionError("division by zero"))

    assert [entry.count for entry in log.take()[0]] == [1]
