"""Documents as records: value format, key, event time, partition."""

import pytest

from headrace.runtime.clock import ManualClock
from headrace.runtime.engine import Engine
from headrace.runtime.files.address import FileInput
from headrace.runtime.files.conversion import Conversion
from headrace.runtime.files.errors import FileProblem
from headrace.runtime.log.memory import MemoryLog

Placed = list[tuple[int, bytes | None, bytes | None]]


def convert(
    columns: str,
    document: bytes,
    *,
    options: str = "",
    properties: str = "",
    layout: str = "ndjson",
    kind: str = "STREAM",
) -> Placed:
    """The records (timestamp, key, value) that a document becomes in a topic of a source with these columns."""
    with Engine(MemoryLog(), clock=ManualClock(5), threaded=False) as engine:
        engine.execute(
            f"CREATE {kind} s ({columns}) WITH (KAFKA_TOPIC='t', PARTITIONS=2, VALUE_FORMAT='JSON'{properties});"
        )
        file = FileInput.parse(f"t=f?format={layout}{options}")
        conversion = Conversion(engine.catalog.source("S"), file, engine.formats, engine.clock, partitions=2)
        rows = conversion.rows([document], count=0)
    return [row[:3] for partition in rows.values() for row in partition]


@pytest.mark.parametrize(
    ("columns", "document", "options", "expected"),
    [
        ("a INT", b'{"a": 1}', "", (5, None, b'{"a": 1}')),
        ("a INT", b"null", "", (5, None, None)),
        ("a INT", b"no json", "&key=a", (5, None, b"no json")),
        ("a INT", b'{"a":1,"id":"k"}', "&key=id", (5, b"k", b'{"a":1,"id":"k"}')),
        ("id STRING KEY, a INT", b'{"a":1,"ID":"k"}', "", (5, b"k", b'{"a":1,"ID":"k"}')),
        ("id STRING KEY, a INT", b'{"a":1,"Id":"k"}', "", (5, b"k", b'{"a":1,"Id":"k"}')),
        ("id STRING KEY, a INT", b'{"a":1}', "", (5, None, b'{"a":1}')),
        ("id STRING KEY, a INT", b'{"a":1,"id":"k"}', "&key=", (5, None, b'{"a":1,"id":"k"}')),
        ("id BIGINT KEY, a INT", b'{"a":1,"id":3}', "", (5, b"\0\0\0\0\0\0\0\3", b'{"a":1,"id":3}')),
        ("id BIGINT KEY, a INT", b'{"a":1,"id":"x"}', "", (5, b"x", b'{"a":1,"id":"x"}')),
        ("id STRING KEY, a INT", b'{"key":"k","value":{"a":1},"timestamp":9}', "&shape=record", (9, b"k", b'{"a":1}')),
        ("a INT", b"no record", "&shape=record", (5, None, b"no record")),
    ],
    ids=[
        "as it stands", "null", "no JSON", "named column", "declared key", "other spelling", "no such member", "no key wanted",
        "typed key", "key that does not fit", "record", "no record",
    ],
)  # fmt: skip
def test_record(columns: str, document: bytes, options: str, expected: tuple[int, bytes | None, bytes | None]) -> None:
    assert convert(columns, document, options=options) == [expected]


def test_event_time_is_the_timestamp_of_the_record() -> None:
    ((timestamp, _, _),) = convert("a BIGINT", b'{"a":1234}', properties=", TIMESTAMP='a'")

    assert timestamp == 1234


def test_event_time_of_a_text() -> None:
    stamp = ", TIMESTAMP='a', TIMESTAMP_FORMAT='yyyy-MM-dd HH:mm'"

    ((timestamp, _, _),) = convert("a STRING", b'{"a":"2013-01-01 05:00"}', properties=stamp)

    assert timestamp == 1_357_016_400_000


def test_record_without_event_time_keeps_the_time_of_loading() -> None:
    ((timestamp, _, _),) = convert("a BIGINT", b'{"a":null}', properties=", TIMESTAMP='a'")

    assert timestamp == 5


def test_several_key_columns() -> None:
    ((_, key, _),) = convert(
        "a INT KEY, b STRING KEY, c INT", b'{"a":1,"b":"x","c":2}', properties=", KEY_FORMAT='JSON'"
    )

    assert key == b'{"A":1,"B":"x"}'


def test_value_is_written_in_the_format_of_the_topic() -> None:
    with Engine(MemoryLog(), threaded=False) as engine:
        engine.execute(
            "CREATE STREAM s (a INT, b STRING) WITH (KAFKA_TOPIC='t', PARTITIONS=1, VALUE_FORMAT='DELIMITED');"
        )
        file = FileInput.parse("t=f")
        conversion = Conversion(engine.catalog.source("S"), file, engine.formats, engine.clock, partitions=1)
        (rows,) = conversion.rows([b'{"b":"x,y","a":1}', b"bad"], count=0).values()

    assert [row[2] for row in rows] == [b'1,"x,y"', b"bad"]


@pytest.mark.parametrize(
    ("columns", "options", "message"),
    [("a INT KEY, b INT KEY, c INT", "&key=a", r"is \(A, B\)"), ("c INT", "&key=a,b", "can name one column only")],
    ids=["too few", "none declared"],
)
def test_key_that_does_not_fit_the_source(columns: str, options: str, message: str) -> None:
    with pytest.raises(FileProblem, match=message):
        convert(columns, b"{}", options=options, properties=", KEY_FORMAT='JSON'" if "KEY" in columns else "")


def test_null_keys_take_turns_wherever_a_load_goes_on() -> None:
    with Engine(MemoryLog(), threaded=False) as engine:
        engine.execute("CREATE STREAM s (a INT) WITH (KAFKA_TOPIC='t', PARTITIONS=3, VALUE_FORMAT='JSON');")
        source = engine.catalog.source("S")
        conversion = Conversion(source, FileInput.parse("t=f"), engine.formats, engine.clock, partitions=3)

        placed = conversion.rows([b"1", b"2", b"3", b"4"], count=5)

    assert {p: [row[2] for row in rows] for p, rows in placed.items()} == {2: [b"1", b"4"], 0: [b"2"], 1: [b"3"]}
