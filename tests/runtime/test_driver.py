"""The driver: record by record, depth first, every change."""

from types import SimpleNamespace

import pytest

from headrace.engine.services import Topic
from headrace.runtime.driver import Driver, QueryFailed


def make_driver(plans: SimpleNamespace, *topics: str, flow: bool = False) -> Driver:
    driver = Driver(plans.formats, flow=flow)
    for name in topics:
        driver.services.topics.create(Topic(name, 1))
    return driver


def test_filter_writes_what_passes(plans: SimpleNamespace) -> None:
    driver = make_driver(plans, "in", "out")
    driver.start(plans.filter("Q", "in", "out"))
    records = [driver.append("in", b"k", str(n).encode(), n) for n in (1, 2, 4)]

    written = driver.process("Q", "in", records)

    assert [(w.topic, w.record.offset, w.record.value) for w in written] == [("out", 0, b"2"), ("out", 1, b"4")]
    assert [r.value for r in driver.records("out")] == [b"2", b"4"]


def test_exchange_flows_within_a_record_and_every_change_is_emitted(plans: SimpleNamespace) -> None:
    driver = make_driver(plans, "in", "out")
    driver.start(plans.exchange("Q", "in", "out", coalesces=True))
    records = [driver.append("in", None, v, 0) for v in (b"a", b"b", b"a")]

    driver.process("Q", "in", records)

    assert [(r.key, r.value) for r in driver.records("out")] == [(b"a", b"1"), (b"b", b"1"), (b"a", b"2")]


def test_flow_runs_depth_first_through_chains(plans: SimpleNamespace) -> None:
    driver = make_driver(plans, "in", "even", "counts", flow=True)
    driver.start(plans.filter("Q1", "in", "even"))
    driver.start(plans.count("Q2", "even", "counts"))

    for n in (1, 2, 4):
        driver.services.topics.append("in", b"k", str(n).encode(), n)

    assert [r.value for r in driver.records("counts")] == [b"1", b"2"]
    assert list(driver.services.queries.lookup("Q2", ["k"], None)) == [(4, ("k", 2))]


def test_undecodable_records_are_kept_as_problems(plans: SimpleNamespace) -> None:
    driver = make_driver(plans, "in", "out", flow=True)
    driver.start(plans.filter("Q", "in", "out"))

    driver.append("in", b"k", b"x", 0)

    assert driver.problems[0].message["deserializationError"]["recordB64"] == "eA=="
    assert driver.queries["Q"].counters.undecodable == 1


def test_a_raising_stage_fails_the_query(plans: SimpleNamespace) -> None:
    driver = make_driver(plans, "in", "out", flow=True)
    driver.start(plans.filter("Q", "in", "out"))

    with pytest.raises(QueryFailed, match="thirteen"):
        driver.append("in", b"k", b"13", 0)

    assert driver.services.queries.all()[0].state == "ERROR"


def test_bounded_push_query_reads_what_there_is(plans: SimpleNamespace) -> None:
    driver = make_driver(plans, "in")
    driver.append("in", b"k", b"1", 5)
    driver.append("in", b"k", b"2", 6)

    rows = driver.subscribe(plans.push("P", "in", bounded=True, limit=1), offset_reset="earliest")

    assert [(r.values, r.timestamp) for r in rows] == [(("k", 1), 5)]


def test_a_loop_is_refused(plans: SimpleNamespace) -> None:
    driver = make_driver(plans, "in", flow=True)
    driver.start(plans.filter("Q", "in", "in"))

    with pytest.raises(QueryFailed, match="loop"):
        driver.append("in", b"k", b"2", 0)
