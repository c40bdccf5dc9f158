"""Commits that fail and engines that die, at random, in one process: what is left is what an undisturbed run leaves."""

from random import Random
from typing import Any

import pytest

from headrace.runtime import feeding
from headrace.runtime.clock import ManualClock
from headrace.runtime.engine import Engine
from headrace.runtime.log.base import LogFull
from headrace.runtime.log.memory import MemoryLog, MemoryTransaction
from headrace.runtime.log.partitioner import Partitioner
from headrace.runtime.query import Query
from headrace.runtime.state import checkpoint

SQL = """
CREATE STREAM s (k STRING KEY, g INT, n INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=3);
CREATE TABLE t (k STRING PRIMARY KEY, g INT, n INT) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON', PARTITIONS=3);
CREATE STREAM filtered AS SELECT k, g, n FROM s WHERE n > 3;
CREATE TABLE by_g AS SELECT g, COUNT(*) c, SUM(n) x FROM s GROUP BY g;
CREATE TABLE having_c AS SELECT k, COUNT(*) c FROM filtered GROUP BY k HAVING COUNT(*) % 3 <> 0;
CREATE TABLE windows AS SELECT g, COUNT(*) c FROM filtered
  WINDOW TUMBLING (SIZE 10 SECONDS, RETENTION 40 SECONDS, GRACE PERIOD 20 SECONDS) GROUP BY g;
CREATE TABLE overlapping AS SELECT k, COUNT(*) c FROM s
  WINDOW HOPPING (SIZE 10 SECONDS, ADVANCE BY 5 SECONDS, GRACE PERIOD 20 SECONDS) GROUP BY k HAVING COUNT(*) > 1;
CREATE TABLE visits AS SELECT k, COUNT(*) c FROM s WINDOW SESSION (3 SECONDS, GRACE PERIOD 10 SECONDS) GROUP BY k;
CREATE TABLE closed AS SELECT g, COUNT(*) c FROM s WINDOW TUMBLING (SIZE 10 SECONDS, GRACE PERIOD 5 SECONDS) GROUP BY g EMIT FINAL;
CREATE TABLE grouped AS SELECT g, COUNT(*) c, SUM(n) x FROM t GROUP BY g;
CREATE STREAM rekeyed AS SELECT k, g, n FROM s PARTITION BY g;
CREATE TABLE by_key AS SELECT g, COUNT(*) c FROM rekeyed GROUP BY g;
"""
TABLES = ("by_g", "having_c", "windows", "overlapping", "grouped", "by_key")
RECORDS = 100
STEPS = 20_000

Outputs = dict[tuple[str, int], list[Any]]


def load(log: MemoryLog, random: Random) -> None:
    """Three partitions of a stream and of a table, out of order, with tombstones and some garbage."""
    keys = [b"k%d" % n for n in range(12)]
    place = Partitioner(3).partition
    for topic in ("s", "t"):
        time = 0
        transaction = log.transaction()
        for _ in range(3 * RECORDS):
            time += random.randrange(500)
            key = random.choice(keys)
            value = b'{"G":%d,"N":%d}' % (random.randrange(5), random.randrange(10))
            value = random.choice([value] * 40 + [b"garbage"])
            row = max(time - random.randrange(8_000), 0), key, None if random.random() < 0.1 else value, ()
            transaction.append(topic, place(key), [row])
        transaction.commit()


def outputs(log: MemoryLog) -> Outputs:
    sinks = [topic for topic in log.topics() if topic.name.isupper()]
    places = [(topic.name, p) for topic in sinks for p in range(topic.partitions)]
    return {
        place: [(r.timestamp, r.key, r.value) for r in log.read(*place, 0, max_records=100_000).records]
        for place in places
    }


def last_values(found: Outputs) -> dict[Any, Any]:
    """What is left of each key; one that was deleted may never have been shown."""
    last = {(place, key): value for place, rows in found.items() for _, key, value in rows}
    return {key: value for key, value in last.items() if value is not None}


def run(seed: int, cache: str, *, disturbed: bool) -> tuple[Outputs, Any]:
    random = Random(seed)
    log, clock = MemoryLog(), ManualClock(1_000_000)
    properties = {"auto.offset.reset": "earliest", "cache.max.bytes.buffering": cache}

    def opened() -> Engine:
        return Engine(log, clock=clock, threaded=False, properties=properties)

    engine = opened()
    engine.execute(SQL)
    load(log, random)
    with pytest.MonkeyPatch.context() as patch:
        for _ in range(STEPS):
            if disturbed:
                engine._scheduler._chunk = random.choice([1, 2, 5])
                _fail_now_and_then(patch, random)
            worked = engine.step()
            clock.advance(random.choice([0, 10, 60, 700]))
            if not worked and engine._scheduler.is_idle:
                break
            if disturbed and random.random() < 0.05:
                patch.undo()
                engine = opened()  # as after a crash: what the log holds is all that is left
    engine.wait_idle()
    assert [query.state for query in engine.queries()] == ["RUNNING"] * 10
    tables = {name: sorted(row.values for row in engine.execute(f"SELECT * FROM {name};")[0]) for name in TABLES}  # type: ignore[union-attr]
    return outputs(log), (tables, log._offsets)


def _fail_now_and_then(patch: pytest.MonkeyPatch, random: Random) -> None:
    commit = ORIGINAL_COMMIT

    def failing(self: MemoryTransaction) -> Any:
        if random.random() < 0.3:
            raise LogFull("full")
        return commit(self)

    patch.setattr(MemoryTransaction, "commit", failing)


ORIGINAL_COMMIT = MemoryTransaction.commit


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small checkpoints, so that they are folded; and no hurry, as the clock leaps."""
    monkeypatch.setattr(feeding, "PATIENCE_S", 1e9)
    monkeypatch.setattr(checkpoint, "FOLD_AT_KEYS", 20)
    monkeypatch.setattr(checkpoint, "SLICE_KEYS", 5)
    monkeypatch.setattr(checkpoint, "EAGER_KEYS", 3)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_change_is_written_once_and_in_order(seed: int) -> None:
    assert run(seed, "0", disturbed=True) == run(seed, "0", disturbed=False)


@pytest.mark.parametrize("seed", [1, 2])
def test_coalesced_changes_end_the_same(seed: int) -> None:
    disturbed, undisturbed = run(seed, "1000", disturbed=True), run(seed, "1000", disturbed=False)

    assert (last_values(disturbed[0]), disturbed[1]) == (last_values(undisturbed[0]), undisturbed[1])


def test_a_planted_bug_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Query, "drop", lambda self: None)  # state that is not taken back

    assert run(1, "0", disturbed=True) != run(1, "0", disturbed=False)
