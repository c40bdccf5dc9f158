"""The engine with its threads, on SQL."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headrace.parser.errors import SqlError
from headrace.runtime.clock import ManualClock
from headrace.runtime.engine import Engine, open
from headrace.runtime.log.base import LogFull
from headrace.runtime.log.memory import MemoryLog, MemoryTransaction
from headrace.runtime.loop import EngineStopped

SCRIPT = """
CREATE STREAM s (k STRING KEY, n INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=3);
CREATE STREAM big AS SELECT * FROM s WHERE n > 1;
CREATE TABLE c AS SELECT k, COUNT(*) AS cnt FROM big GROUP BY k;
CREATE TABLE by_n AS SELECT n, COUNT(*) AS cnt FROM s GROUP BY n;
"""
EARLIEST = {"auto.offset.reset": "earliest"}


@pytest.fixture
def engine() -> Iterator[Engine]:
    with open("memory:", properties=EARLIEST) as engine:
        yield engine


def values(engine: Engine, sql: str) -> list[tuple[Any, ...]]:
    (rows,) = engine.execute(sql)
    return sorted(row.values for row in rows)  # type: ignore[union-attr]


def test_from_sql_to_answers(engine: Engine) -> None:
    engine.execute(SCRIPT)

    engine.execute("INSERT INTO s (k, n) VALUES ('a', 1); INSERT INTO s (k, n) VALUES ('a', 5);")
    engine.insert("s", [{"k": "b", "N": n, "rowtime": 7} for n in range(4)])

    assert engine.wait_idle(10)
    assert values(engine, "SELECT * FROM c;") == [("a", 1), ("b", 2)]
    assert values(engine, "SELECT * FROM c WHERE k = 'b';") == [("b", 2)]
    assert values(engine, "SELECT * FROM by_n;") == [(0, 1), (1, 2), (2, 1), (3, 1), (5, 1)]
    assert values(engine, "SELECT k, n FROM big EMIT CHANGES LIMIT 3;") == [("a", 5), ("b", 2), ("b", 3)]


def test_everything_comes_back_after_a_restart(tmp_path: Path) -> None:
    url = str(tmp_path / "log")
    with open(url, properties=EARLIEST) as engine:
        engine.execute(SCRIPT)
        engine.insert("s", [{"k": "a", "n": 2}])
        assert engine.wait_idle(10)
        engine.execute("CREATE STREAM gone AS SELECT * FROM s; DROP STREAM gone DELETE TOPIC; PAUSE CTAS_C_2;")

    with open(url, properties=EARLIEST) as engine:
        assert {q.id: q.state for q in engine.queries()} == {
            "CSAS_BIG_1": "RUNNING",
            "CTAS_C_2": "PAUSED",
            "CTAS_BY_N_3": "RUNNING",
        }
        assert engine.log.describe("GONE") is None
        engine.execute("RESUME CTAS_C_2;")
        engine.insert("s", [{"k": "a", "n": 2}])
        assert engine.wait_idle(10)
        assert values(engine, "SELECT * FROM c;") == [("a", 2)]


def test_a_blocked_reader_gets_the_next_row_and_ends_with_the_engine() -> None:
    engine = open("memory:", properties=EARLIEST)
    engine.execute(SCRIPT)
    (rows,) = engine.execute("SELECT k FROM big EMIT CHANGES;")
    seen: list[tuple[Any, ...]] = []
    first = threading.Event()

    def read() -> None:
        for row in rows:  # type: ignore[union-attr]
            seen.append(row.values)
            first.set()

    reader = threading.Thread(target=read)
    reader.start()
    engine.insert("s", [{"k": "a", "n": 2}])
    assert first.wait(10)
    engine.close()
    reader.join(10)

    assert seen == [("a",)]
    assert not reader.is_alive()


def test_sessions_have_properties_of_their_own(engine: Engine) -> None:
    session = engine.session()
    session.execute("SET 'auto.offset.reset' = 'latest';")

    assert engine.properties == EARLIEST
    assert session.properties["auto.offset.reset"] == "latest"


def test_a_closed_engine_says_so() -> None:
    engine = open("memory:")
    engine.close()
    engine.close()

    with pytest.raises(EngineStopped, match="closed"):
        engine.execute("SHOW STREAMS;")


@pytest.mark.parametrize(
    ("row", "message"),
    [({"x": 1}, 'Column "x" not found in "S".* K, N')],
    ids=["unknown column"],
)
def test_bad_rows_are_refused(engine: Engine, row: dict[str, Any], message: str) -> None:
    engine.execute(SCRIPT)

    with pytest.raises(SqlError, match=message):
        engine.insert("s", [row])


def test_the_processing_log_is_a_stream(engine: Engine) -> None:
    engine.execute(SCRIPT)
    engine.append("s", {0: [(5, b"k", b"no json", ())]})
    assert engine.wait_idle(10)

    rows = values(
        engine, "SELECT `TOPIC`, `OFFSET`, message->deserializationError->recordB64 FROM KSQL_PROCESSING_LOG;"
    )

    assert rows == [("s", 0, "bm8ganNvbg=="), ("s", 0, "bm8ganNvbg==")]  # one for each query of s


def test_rows_and_progress_are_kept_together(engine: Engine) -> None:
    engine.execute(SCRIPT)

    engine.append("s", {1: [(5, b"k", b'{"N":4}', ())]}, progress={"loads": [(b"f", b"42")]})

    assert engine.log.get("loads", b"f") == b"42"
    assert engine.log.end_offset("s", 1) == 1


class TightLog(MemoryLog):
    """A log whose disk can be full."""

    is_full = False

    def transaction(self) -> MemoryTransaction:
        return TightTransaction(self)


class TightTransaction(MemoryTransaction):
    def commit(self) -> Any:
        if self._log.is_full:  # type: ignore[attr-defined]
            raise LogFull("No space left on device")
        return super().commit()


def test_a_full_disk_stops_queries_and_loses_nothing() -> None:
    log, clock = TightLog(), ManualClock()
    engine = Engine(log, clock=clock, threaded=False, properties=EARLIEST)
    engine.execute(SCRIPT)
    log.is_full = True
    rows = MemoryTransaction(log)  # another process on another disk
    rows.append("s", 0, [(5, b"a", b'{"N":2}', ())])
    rows.commit()

    while engine.step():
        pass
    with pytest.raises(LogFull, match="No space"):
        engine.execute("INSERT INTO s (k, n) VALUES ('x', 1);")
    assert {q.state for q in engine.queries()} == {"ERROR"}
    assert "No space" in engine.queries()[0].errors[-1][1]
    log.is_full = False
    clock.advance(60_000)
    assert engine.wait_idle()

    assert {q.state for q in engine.queries()} == {"RUNNING"}
    assert values(engine, "SELECT * FROM c;") == [("a", 1)]
    assert values(engine, "SELECT * FROM by_n;") == [(2, 1)]
