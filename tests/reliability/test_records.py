"""Records that do not fit: the good ones among them are processed, the bad ones kept with their bytes and place."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

import headrace
from headrace.repl.main import main

DECLARED = (
    "CREATE STREAM orders (id VARCHAR KEY, item VARCHAR, qty INT) "
    "WITH (KAFKA_TOPIC='orders', PARTITIONS=1, VALUE_FORMAT='{format}');"
    "CREATE STREAM copy WITH (VALUE_FORMAT='JSON') AS SELECT id, item, qty FROM orders;"
    "CREATE TABLE totals WITH (VALUE_FORMAT='JSON') AS SELECT item, COUNT(*) AS n, SUM(qty) AS total FROM orders GROUP BY item;"
)
GOOD = {"JSON": b'{"ITEM":"x","QTY":1}', "DELIMITED": b"x,1"}


def run(format: str, *records: tuple[bytes | None, bytes | None]) -> headrace.Engine:
    """An engine that has processed records between two good ones."""
    engine = headrace.open("memory:", properties={"auto.offset.reset": "earliest"})
    engine.execute(DECLARED.format(format=format))
    good = b"k", GOOD[format]
    engine.append("orders", {0: [(1_000, key, value, ()) for key, value in (good, *records, good)]})
    assert engine.wait_idle(10)
    return engine


def contents(engine: headrace.Engine, topic: str) -> list[Any]:
    """The JSON values of a topic."""
    found = []
    offset = 0
    while offset < engine.log.end_offset(topic, 0):
        part = engine.log.read(topic, 0, offset)
        found += [None if r.value is None else json.loads(r.value) for r in part.records]
        offset = part.next_offset
    return found


def problems(engine: headrace.Engine, query: str) -> list[dict[str, Any]]:
    """The entries of the processing log that a query made."""
    return [e for e in contents(engine, "headrace_ksql_processing_log") if query in e["logger"]]


UNDECODABLE = [
    pytest.param("JSON", b"not json", id="no JSON"),
    pytest.param("JSON", b"", id="empty"),
    pytest.param("JSON", b"\x00\x01\xff", id="binary"),
    pytest.param("JSON", b'{"ITEM":"x","QTY":', id="cut off"),
    pytest.param("JSON", b"[1,2]", id="an array"),
    pytest.param("JSON", b'"text"', id="a text"),
    pytest.param("JSON", b"[" * 100_000, id="nested deep"),
    pytest.param("JSON", b'{"ITEM":"x","QTY":"three"}', id="a text for a number"),
    pytest.param("JSON", b'{"ITEM":"x","QTY":[1]}', id="an array for a number"),
    pytest.param("DELIMITED", b"x", id="a field is missing"),
    pytest.param("DELIMITED", b"x,1,2", id="a field too many"),
    pytest.param("DELIMITED", b"x,three", id="a field is no number"),
]


@pytest.mark.parametrize(("format", "value"), UNDECODABLE)
def test_an_undecodable_record_is_kept_and_passed_over(format: str, value: bytes) -> None:
    with run(format, (b"k", value)) as engine:
        entries = problems(engine, "CSAS_COPY")
        kept = [base64.b64decode(e["message"]["deserializationError"]["recordB64"]) for e in entries]
        assert contents(engine, "COPY") == [{"ITEM": "x", "QTY": 1}] * 2
        assert contents(engine, "TOTALS")[-1] == {"N": 2, "TOTAL": 2}
        assert kept == [value]
        assert [(e["topic"], e["partition"], e["offset"]) for e in entries] == [("orders", 0, 1)]


def test_a_null_value_is_no_row_and_no_problem() -> None:
    with run("JSON", (b"k", None)) as engine:
        assert contents(engine, "COPY") == [{"ITEM": "x", "QTY": 1}, None, {"ITEM": "x", "QTY": 1}]
        assert contents(engine, "TOTALS")[-1] == {"N": 2, "TOTAL": 2}
        assert problems(engine, "CSAS_COPY") == []


def test_a_null_key_is_a_row_like_others() -> None:
    with run("JSON", (None, b'{"ITEM":"y","QTY":5}')) as engine:
        keys = [r.key for r in engine.log.read("COPY", 0, 0).records]
        assert keys == [b"k", None, b"k"]
        assert {"N": 1, "TOTAL": 5} in contents(engine, "TOTALS")


def test_an_undecodable_key_is_kept() -> None:
    with headrace.open("memory:", properties={"auto.offset.reset": "earliest"}) as engine:
        engine.execute(
            "CREATE STREAM s (k INT KEY, v INT) WITH (KAFKA_TOPIC='s', PARTITIONS=1, VALUE_FORMAT='JSON');"
            "CREATE STREAM copy AS SELECT k, v + k AS v FROM s;"
        )
        engine.append("s", {0: [(1, b"seven", b'{"V":1}', ()), (1, b"\0\0\0\7", b'{"V":1}', ())]})
        engine.wait_idle(10)
        assert contents(engine, "COPY") == [{"V": 8}]
        error = problems(engine, "CSAS_COPY")[0]["message"]["deserializationError"]
        assert (error["target"], base64.b64decode(error["recordB64"])) == ("key", b"seven")


def test_an_oversized_record_passes(tmp_path: Path) -> None:
    text = "x" * 20_000_000
    with headrace.open(str(tmp_path / "log"), properties={"auto.offset.reset": "earliest"}) as engine:
        engine.execute(DECLARED.format(format="JSON"))
        engine.insert("orders", [{"id": "k", "item": text, "qty": 1}, {"id": "k" * 1_000_000, "item": "y", "qty": 2}])
        assert engine.wait_idle(60)
        assert [row["ITEM"] for row in contents(engine, "COPY")] == [text, "y"]


FILE = b"""\
{"id":"a","item":"x","qty":1}
not json
{"id":"b","item":"x","qty":"three"}
{"id":null,"item":"x","qty":2}

null
{"id":"h\xff","item":"x","qty":4}
{"id":["a"],"item":"x","qty":8}
[1,2]
{"id":"c","item":"x","qty":16}"""


def test_a_file_with_bad_lines_is_loaded_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script, orders = tmp_path / "orders.sql", tmp_path / "orders.ndjson"
    script.write_text(DECLARED.format(format="JSON") + "SELECT * FROM totals;")
    orders.write_bytes(FILE)
    code = main(
        ["run", str(script), "--input", f"orders={orders}", "--log", str(tmp_path / "log"), "--format", "ndjson"]
    )
    captured = capsys.readouterr()
    assert (code, captured.out) == (0, '{"ITEM":"x","N":5,"TOTAL":31}\n')
    assert "9 records loaded" in captured.err
