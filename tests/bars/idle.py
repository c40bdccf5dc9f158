"""A thousand idle persistent queries in one process: memory, CPU while idle, cost of creating one, time to wake them all.

Run as a script it measures in a process of its own and prints JSON.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass

import psutil

import headrace

QUERIES = 1_000
TOPICS = 10
PARTITIONS = 3
IDLE_S = 10.0
PATIENCE_S = 30.0

SHAPES = (
    "CREATE STREAM q{q} AS SELECT id, v + {q} AS v{q}, w FROM s{t} WHERE v <> {never};",
    "CREATE STREAM q{q} AS SELECT id, CASE WHEN v > {q} THEN w ELSE 'low' END AS level FROM s{t};",
    "CREATE TABLE q{q} AS SELECT id, COUNT(*) AS n{q}, MAX(v) AS highest FROM s{t} GROUP BY id;",
    "CREATE TABLE q{q} AS SELECT w, COUNT(*) AS n{q} FROM s{t} WINDOW TUMBLING (SIZE 1 HOUR) WHERE v <> {never} GROUP BY w;",
)
"""Filters, projections, counts, and windows behind an exchange, in turn."""


@dataclass(frozen=True, slots=True)
class Idle:
    """What was measured."""

    queries: int
    create_cpu_ms: float
    resident_mb: float
    idle_core_percent: float
    wake_s: float


def measure(queries: int = QUERIES, idle_s: float = IDLE_S) -> Idle:
    """Measure in a process of its own."""
    line = [sys.executable, __file__, str(queries), str(idle_s)]
    return Idle(**json.loads(subprocess.run(line, capture_output=True, text=True, check=True).stdout))


def measure_here(queries: int, idle_s: float) -> Idle:
    """Create the queries in this process and measure."""
    with tempfile.TemporaryDirectory() as directory, headrace.open(directory) as engine:
        engine.execute("SET 'auto.offset.reset'='earliest'; SET 'cache.max.bytes.buffering'='0';")
        for t in range(TOPICS):
            engine.execute(
                f"CREATE STREAM s{t} (id VARCHAR KEY, v INT, w VARCHAR) "
                f"WITH (KAFKA_TOPIC='s{t}', PARTITIONS={PARTITIONS}, VALUE_FORMAT='JSON');"
            )
        taken = [_create(engine, q) for q in range(queries)]
        _insert(engine, 1)
        engine.wait_idle()
        assert _outputs(engine, queries) == queries
        resident = psutil.Process().memory_info().rss / 1e6
        began = time.process_time()
        time.sleep(idle_s)
        idle = (time.process_time() - began) / idle_s * 100
        woken = _wake(engine, queries)
        return Idle(queries, statistics.median(taken), resident, idle, woken)


def _create(engine: headrace.Engine, q: int) -> float:
    """Create a query; gives CPU time in ms."""
    began = time.process_time()
    engine.execute(SHAPES[q % len(SHAPES)].format(q=q, t=q // len(SHAPES) % TOPICS, never=-q - 1))
    return (time.process_time() - began) * 1_000


def _wake(engine: headrace.Engine, queries: int) -> float:
    """Insert one more record per topic; gives seconds until every output has it."""
    began = time.monotonic()
    _insert(engine, 2)
    while _outputs(engine, queries) < 2 * queries and time.monotonic() < began + PATIENCE_S:
        time.sleep(0.005)
    return time.monotonic() - began


def _insert(engine: headrace.Engine, value: int) -> None:
    for t in range(TOPICS):
        engine.insert(f"s{t}", [{"id": "k", "v": value, "w": "w"}])


def _outputs(engine: headrace.Engine, queries: int) -> int:
    return sum(engine.log.end_offset(f"Q{q}", p) for q in range(queries) for p in range(PARTITIONS))


if __name__ == "__main__":
    print(json.dumps(asdict(measure_here(int(sys.argv[1]), float(sys.argv[2])))))
