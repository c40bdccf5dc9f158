"""SQL values as text and as JSON."""

import json
from decimal import Decimal as Digits
from typing import Any

import pytest

from headrace.engine.types.sqltype import (
    BIGINT,
    BOOLEAN,
    BYTES,
    DATE,
    DOUBLE,
    STRING,
    TIME,
    TIMESTAMP,
    Array,
    Decimal,
    Map,
    SqlType,
    Struct,
)
from headrace.repl.rendering.values import json_encoder, text

CASES: list[tuple[SqlType, Any, str, str]] = [
    (BOOLEAN, True, "true", "true"),
    (BIGINT, 2**63 - 1, "9223372036854775807", "9223372036854775807"),
    (DOUBLE, 0.1, "0.1", "0.1"),
    (DOUBLE, float("nan"), '"NaN"', "NaN"),
    (DOUBLE, float("-inf"), '"-Infinity"', "-Infinity"),
    (
        Decimal(30, 2),
        Digits("1234567890123456789012345678.90"),
        "1234567890123456789012345678.90",
        "1234567890123456789012345678.90",
    ),
    (Decimal(9, 8), Digits("1E-8"), "0.00000001", "0.00000001"),
    (STRING, 'a"b', '"a\\"b"', 'a"b'),
    (STRING, "é", '"é"', "é"),
    (BYTES, b"\x00\xff", '"AP8="', "AP8="),
    (DATE, 0, '"1970-01-01"', "1970-01-01"),
    (DATE, -1, '"1969-12-31"', "1969-12-31"),
    (TIME, 3_723_000, '"01:02:03"', "01:02:03"),
    (TIME, 3_723_004, '"01:02:03.004"', "01:02:03.004"),
    (TIMESTAMP, 1, '"1970-01-01T00:00:00.001"', "1970-01-01T00:00:00.001"),
    (TIMESTAMP, 2**62, str(2**62), str(2**62)),
    (Array(BIGINT), [1, None], "[1,null]", "[1,null]"),
    (Map(STRING, DATE), {"a": 1}, '{"a":"1970-01-02"}', '{"a":"1970-01-02"}'),
    (Struct((("A", BIGINT), ("B", BYTES))), {"A": None, "B": b"x"}, '{"A":null,"B":"eA=="}', '{"A":null,"B":"eA=="}'),
]


@pytest.mark.parametrize(("type", "value", "encoded", "_shown"), CASES, ids=lambda x: str(x)[:30])
def test_value_as_json(type: SqlType, value: Any, encoded: str, _shown: str) -> None:
    written = json_encoder(type)(value)

    assert written == encoded
    json.loads(written)


@pytest.mark.parametrize(("type", "value", "_encoded", "shown"), CASES, ids=lambda x: str(x)[:30])
def test_value_as_text(type: SqlType, value: Any, _encoded: str, shown: str) -> None:
    assert text(type, value) == shown


def test_null_as_json() -> None:
    assert json_encoder(Array(BIGINT))(None) == "null"
