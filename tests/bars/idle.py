"""A thousand idle persistent queries in one process: memory, CPU while idle, cost of creating one, time to wake them all."""

import statistics
import sys
import tempfile
import time
from dataclasses import dataclass

import psutil

import headrace

TOPICS = 10


@dataclass(frozen=True, slots=True)
class Idle:
    """What was measured."""

    queries: int
    create_cpu_ms: float
    resident_mb: float
    idle_core_percent: float
    wake_s: float

    def failures(self) -> list[str]:
        """The bars that do not hold."""
        bars = (
            ("create, CPU ms", self.create_cpu_ms, 10.0),
            ("resident MB", self.resident_mb, 300.0),
            ("idle % of a core", self.idle_core_percent, 2.0),
            ("wake s", self.wake_s, 1.0),
        )
        return [f"{name}: {value:.2f} > {bar}" for name, value, bar in bars if value > bar]


def measure(queries: int = 1_000, idle_s: float = 10.0) -> Idle:
    """Create the queries in this process and measure."""
    with tempfile.TemporaryDirectory() as directory, headrace.open(directory) as engine:
        engine.execute("SET 'auto.offset.reset'='earliest';")
        for t in range(TOPICS):
            engine.execute(f"CREATE STREAM s{t} (id VARCHAR KEY, v INT, w VARCHAR) WITH (KAFKA_TOPIC='s{t}', PARTITIONS=1, VALUE_FORMAT='JSON');")
        taken = []
        for q in range(queries):
            start = time.process_time()
            engine.execute(f"CREATE STREAM q{q} AS SELECT id, v + {q} AS v{q}, w FROM s{q % TOPICS} WHERE v <> {-q - 1};")
            taken.append((time.process_time() - start) * 1_000)
        _insert(engine, 1)
        engine.wait_idle()
        assert _outputs(engine, queries) == queries
        resident = psutil.Process().memory_info().rss / 1e6
        start = time.process_time()
        time.sleep(idle_s)
        idle = (time.process_time() - start) / idle_s * 100
        start_wall = time.monotonic()
        _insert(engine, 2)
        while _outputs(engine, queries) < 2 * queries and time.monotonic() < start_wall + 30:
            time.sleep(0.005)
        return Idle(queries, statistics.median(taken), resident, idle, time.monotonic() - start_wall)


def _insert(engine: headrace.Engine, value: int) -> None:
    for t in range(TOPICS):
        engine.execute(f"INSERT INTO s{t} VALUES ('k', {value}, 'w');")


def _outputs(engine: headrace.Engine, queries: int) -> int:
    return sum(engine.log.end_offset(f"Q{q}", 0) for q in range(queries))


if __name__ == "__main__":
    found = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
    print(found)
    sys.exit("; ".join(found.failures()) or 0)
