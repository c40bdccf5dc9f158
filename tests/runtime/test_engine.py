"""The engine with its threads, on SQL."""

import datetime
import threading
from collections.abc import Iterator
from decimal import Decimal
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
    [
        ({"x": 1}, 'Column "x" not found in "S".* K, N'),
        ({"k": 1}, 'Column "K" is STRING and cannot hold 1'),
        ({"n": "1"}, "Column \"N\" is INTEGER and cannot hold '1'"),
        ({"n": True}, "cannot hold True"),
        ({"n": 2**31}, "cannot hold 2147483648; not in the range"),
        ({"rowtime": -1}, "Invalid ROWTIME: -1"),
        ("k", "A row is a mapping"),
    ],
    ids=[
        "unknown column",
        "number for text",
        "text for number",
        "boolean for number",
        "too large",
        "ROWTIME",
        "no row",
    ],
)
def test_bad_rows_are_refused(engine: Engine, row: dict[str, Any], message: str) -> None:
    engine.execute(SCRIPT)

    with pytest.raises(SqlError, match=message):
        engine.insert("s", [row])


def test_rows_hold_values_as_python_has_them(engine: Engine) -> None:
    engine.execute(
        "CREATE STREAM p (k INT KEY, c DECIMAL(4, 2), f DOUBLE, b BYTES, d DATE, t TIME, s TIMESTAMP, a ARRAY<DATE>, "
        "m MAP<STRING, INT>, r STRUCT<x INT, y STRING>) WITH (KAFKA_TOPIC='p', VALUE_FORMAT='JSON', PARTITIONS=1);"
    )
    day, hour = datetime.date(1970, 1, 2), datetime.time(0, 0, 1, 5_000)
    zone = datetime.timezone(datetime.timedelta(hours=1))
    engine.insert(
        "p",
        [
            {
                "k": 1,
                "c": 1.5,
                "f": 1,
                "b": b"x",
                "d": day,
                "t": hour,
                "s": datetime.datetime(1970, 1, 1, 1, tzinfo=zone),
            },
            {"k": 2, "c": 2, "d": "1970-01-02", "s": datetime.datetime(1970, 1, 1, 1), "a": [day, None], "m": {"k": 1}},
            {"k": 3, "c": Decimal("-0.25"), "r": {"X": 1, "y": None}, "rowtime": datetime.datetime(1970, 1, 2)},
        ],
    )

    assert values(engine, "SELECT k, c, f, b, d, t, s FROM p WHERE k = 1;") == [
        (1, Decimal("1.50"), 1.0, b"x", 1, 1_005, 0)
    ]
    assert values(engine, "SELECT k, c, d, s, a, m FROM p WHERE k = 2;") == [
        (2, Decimal("2.00"), 1, 3_600_000, [1, None], {"k": 1})
    ]
    assert values(engine, "SELECT c, r, ROWTIME FROM p WHERE k = 3;") == [
        (Decimal("-0.25"), {"X": 1, "Y": None}, 86_400_000)
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [("c DECIMAL(4, 2)", 1.234), ("a ARRAY<INT>", [1, "x"]), ("r STRUCT<x INT>", {"y": 1}), ("b BYTES", "x")],
    ids=["digits", "element", "field", "text for bytes"],
)
def test_rows_that_could_not_be_read_are_refused(engine: Engine, column: str, value: object) -> None:
    engine.execute(f"CREATE STREAM p ({column}) WITH (KAFKA_TOPIC='p', VALUE_FORMAT='JSON', PARTITIONS=1);")

    with pytest.raises(SqlError, match="cannot hold"):
        engine.insert("p", [{column[0]: value}])


def test_properties_that_there_are_not(engine: Engine) -> None:
    with pytest.raises(SqlError, match=r'did you mean "auto\.offset\.reset"'):
        open("memory:", properties={"auto.ofset.reset": "earliest"})
    with pytest.raises(SqlError, match="Legal values"):
        engine.execute("SHOW STREAMS;", properties={"auto.offset.reset": "yesterday"})


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
