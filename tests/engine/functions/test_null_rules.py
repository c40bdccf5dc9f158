"""What functions do with NULL, and with values at the edge."""

import math
from decimal import Decimal as Number
from typing import Any

import pytest

from headrace.engine.functions.base import INTERVAL_UNIT
from headrace.engine.functions.errors import FunctionError
from headrace.engine.functions.registry import default_registry
from headrace.engine.types.sqltype import (
    BIGINT,
    BOOLEAN,
    BYTES,
    DATE,
    DOUBLE,
    INTEGER,
    STRING,
    TIME,
    TIMESTAMP,
    Array,
    Decimal,
    Map,
    SqlType,
    Struct,
)

STRINGS, INTS, PAIRS = Array(STRING), Array(INTEGER), Map(STRING, INTEGER)


def call(name: str, types: list[SqlType | None], values: list[Any]) -> Any:
    """What the bound function gives, NULL-strictness included."""
    bound = default_registry().scalar(name, types)
    if bound.null_strict and any(value is None for value in values):
        return None
    return bound.call(*values)


@pytest.mark.parametrize(
    ("name", "types", "values", "expected"),
    [
        ("ABS", [INTEGER], [-(2**31)], -(2**31)),
        ("ABS", [INTEGER], [None], None),
        ("POWER", [DOUBLE, DOUBLE], [10.0, 400.0], math.inf),
        ("POWER", [INTEGER, INTEGER], [0, 0], 1.0),
        ("EXP", [DOUBLE], [1e9], math.inf),
        ("SINH", [DOUBLE], [-1e9], -math.inf),
        ("ROUND", [DOUBLE], [math.nan], 0),
        ("ROUND", [DOUBLE], [1e300], 2**63 - 1),
        ("ROUND", [DOUBLE, INTEGER], [-1.5, 0], -1.0),
        ("ROUND", [Decimal(4, 1), INTEGER], [Number("-0.1"), 0], Number("0.0")),
        ("FLOOR", [Decimal(2, 1)], [Number("-1.1")], Number("-2.0")),
        ("GREATEST", [STRING, STRING], [None, None], None),
        ("COALESCE", [STRING, STRING], [None, None], None),
        ("NULLIF", [STRING, STRING], [None, "a"], None),
        ("IFNULL", [STRING, STRING], [None, None], None),
        ("CONCAT", [STRING, STRING], [None, None], ""),
        ("CONCAT_WS", [STRING, STRING], [None, "a"], None),
        ("CONCAT", [BYTES, BYTES], [b"a", None], b"a"),
        ("ELT", [INTEGER, STRING], [None, "a"], None),
        ("ELT", [INTEGER, STRING], [0, "a"], None),
        ("FIELD", [STRING, STRING], [None, "a"], 0),
        ("INSTR", [STRING, STRING], [None, "a"], 0),
        ("INSTR", [STRING, STRING, INTEGER], ["abc", "c", 9], 0),
        ("INSTR", [STRING, STRING, INTEGER], ["abcabc", "c", -1], 6),
        ("INSTR", [STRING, STRING, INTEGER, INTEGER], ["abcabc", "c", -1, 3], 0),
        ("LEN", [STRING], ["a😀"], 3),
        ("LPAD", [STRING, INTEGER, STRING], ["foo", -1, "x"], None),
        ("LPAD", [STRING, INTEGER, STRING], ["foo", 7, ""], None),
        ("RPAD", [BYTES, INTEGER, BYTES], [b"yes", 8, b"no"], b"yesnonon"),
        ("SUBSTRING", [STRING, INTEGER], ["abc", -5], "abc"),
        ("SUBSTRING", [STRING, INTEGER, INTEGER], ["abc", 2, -1], ""),
        ("SUBSTRING", [BYTES, INTEGER, INTEGER], [b"some_string", 6, 3], b"str"),
        ("SPLIT", [STRING, STRING], ["", ","], [""]),
        ("SPLIT", [STRING, STRING], ["a,b,", ","], ["a", "b", ""]),
        ("SPLIT", [BYTES, BYTES], [b"ab", b""], [b"a", b"b"]),
        ("SPLIT_TO_MAP", [STRING, STRING, STRING], ["a:1;b;a:2", ";", ":"], {"a": "2"}),
        ("SPLIT_TO_MAP", [STRING, STRING, STRING], ["a:1", ":", ":"], None),
        ("MASK", [STRING, STRING, STRING, STRING, STRING], ["aB1-", None, None, None, None], "aB1-"),
        ("MASK", [STRING], [None], None),
        ("MASK_KEEP_RIGHT", [STRING, INTEGER], ["ab", 9], "ab"),
        ("REGEXP_EXTRACT", [STRING, STRING, INTEGER], ["(a)", "a", 2], None),
        ("REGEXP_EXTRACT_ALL", [STRING, STRING, INTEGER], ["(a)", "a", 2], None),
        ("REGEXP_SPLIT_TO_ARRAY", [STRING, STRING], ["abc", ""], ["a", "b", "c"]),
        ("TO_BYTES", [STRING, STRING], ["é", "ascii"], b"?"),
        ("FROM_BYTES", [BYTES, STRING], [b"\xce\x95", "ascii"], "\ufffd\ufffd"),
        ("INT_FROM_BYTES", [BYTES, STRING], [b"\xe5\x07\x00\x00", "LITTLE_ENDIAN"], 2021),
        ("BIGINT_FROM_BYTES", [BYTES], [b"\xff" * 8], -1),
        ("DOUBLE_FROM_BYTES", [BYTES], [b"\x3f\xf0" + bytes(6)], 1.0),
        ("UUID", [BYTES], [bytes(range(16))], "00010203-0405-0607-0809-0a0b0c0d0e0f"),
        ("EXTRACTJSONFIELD", [STRING, STRING], ['{"a": null}', "$.a"], "null"),
        ("EXTRACTJSONFIELD", [STRING, STRING], ['{"a": [1]}', "$.a.b"], None),
        ("EXTRACTJSONFIELD", [STRING, STRING], ['{"a": {"b": 1}}}', "$['a']"], '{"b":1}'),
        ("IS_JSON_STRING", [STRING], [None], False),
        ("IS_JSON_STRING", [STRING], [""], False),
        ("JSON_ARRAY_CONTAINS", [STRING, INTEGER], ["[true]", 1], False),
        ("JSON_ARRAY_CONTAINS", [STRING, DOUBLE], ["[1.5]", 1.5], True),
        ("JSON_ARRAY_CONTAINS", [STRING, None], ["[null]", None], True),
        ("JSON_ARRAY_CONTAINS", [STRING, STRING], ["no", "a"], False),
        ("JSON_ARRAY_LENGTH", [STRING], ["{}"], None),
        ("JSON_CONCAT", [STRING, STRING], ["null", "null"], "[null,null]"),
        ("JSON_KEYS", [STRING], ["[]"], None),
        ("JSON_RECORDS", [STRING], ['{"a": {"b": 1.50}}'], {"a": '{"b":1.50}'}),
        ("TO_JSON_STRING", [INTEGER], [None], "null"),
        ("TO_JSON_STRING", [TIMESTAMP], [60220000000], '"1971-11-28T23:46:40.000"'),
        ("TO_JSON_STRING", [TIME], [60220000], '"16:43:40"'),
        ("TO_JSON_STRING", [DATE], [1], '"1970-01-02"'),
        ("TO_JSON_STRING", [BYTES], [b"abc"], '"YWJj"'),
        (
            "TO_JSON_STRING",
            [Struct((("B", INTEGER), ("A", PAIRS)))],
            [{"B": 1, "A": {"y": None, "x": 2}}],
            '{"A":{"x":2,"y":null},"B":1}',
        ),
        ("ARRAY_CONCAT", [INTS, INTS], [None, None], None),
        ("ARRAY_CONCAT", [INTS, INTS], [None, [1]], [1]),
        ("ARRAY_CONTAINS", [INTS, INTEGER], [None, 1], False),
        ("ARRAY_CONTAINS", [INTS, INTEGER], [[None], None], True),
        ("ARRAY_DISTINCT", [INTS], [[None, 1, None]], [None, 1]),
        ("ARRAY_DISTINCT", [Array(PAIRS)], [[{"a": 1}, {"a": 1}]], [{"a": 1}]),
        ("ARRAY_EXCEPT", [INTS, INTS], [[1], None], None),
        ("ARRAY_UNION", [Array(INTS), Array(INTS)], [[[1]], [[1], [2]]], [[1], [2]]),
        ("ARRAY_JOIN", [STRINGS, STRING], [["a", None], None], "anull"),
        ("ARRAY_JOIN", [Array(DOUBLE)], [[1.0, 1e7]], "1.0,1.0E7"),
        ("ARRAY_JOIN", [STRINGS], [None], None),
        ("ARRAY_LENGTH", [INTS], [None], None),
        ("ARRAY_MAX", [INTS], [[None]], None),
        ("ARRAY_MIN", [STRINGS], [["b", None, "a"]], "a"),
        ("ARRAY_REMOVE", [INTS, INTEGER], [[1, None], None], [1]),
        ("ARRAY_SORT", [INTS, STRING], [[1, None, 2], "descending"], [2, 1, None]),
        ("ARRAY_SORT", [INTS, STRING], [[1], "sideways"], None),
        ("SLICE", [INTS, INTEGER, INTEGER], [[1, 2, 3], None, 2], [1, 2]),
        ("SLICE", [INTS, INTEGER, INTEGER], [[1, 2, 3], 0, 2], None),
        ("GENERATE_SERIES", [INTEGER, INTEGER], [4, 0], [4, 3, 2, 1, 0]),
        ("AS_MAP", [STRINGS, INTS], [["a", "b"], [1]], {"a": 1, "b": None}),
        ("ENTRIES", [PAIRS, BOOLEAN], [{"b": 1, "a": 2}, True], [{"K": "a", "V": 2}, {"K": "b", "V": 1}]),
        ("MAP_UNION", [PAIRS, PAIRS], [None, None], None),
        ("MAP_UNION", [PAIRS, PAIRS], [{"a": 1}, {"a": None}], {"a": None}),
        ("DATEADD", [INTERVAL_UNIT, INTEGER, DATE], ["HOURS", -1, 0], -1),
        ("TIMESUB", [INTERVAL_UNIT, INTEGER, TIME], ["MILLISECONDS", 10, 5], 86399995),
        ("CONVERT_TZ", [TIMESTAMP, STRING, STRING], [0, "UTC", "Europe/London"], 3_600_000),
        ("URL_EXTRACT_PATH", [STRING], ["http://www.test.com?query#fragment"], ""),
        ("URL_EXTRACT_PROTOCOL", [STRING], ["www.confluent.io"], None),
        ("URL_EXTRACT_PATH", [STRING], ["mailto:a@b.c"], None),
        ("URL_EXTRACT_HOST", [STRING], ["http://under_score/x"], None),
        ("URL_EXTRACT_HOST", [STRING], ["http://u:p@[::1]:80/"], "[::1]"),
        ("URL_EXTRACT_PARAMETER", [STRING, STRING], ["http://a.b/?x=1=2", "x"], "1=2"),
        ("URL_ENCODE_PARAM", [STRING], ["a~b*c é"], "a%7Eb*c+%C3%A9"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_edge(name: str, types: list[SqlType | None], values: list[Any], expected: object) -> None:
    assert call(name, types, values) == expected


@pytest.mark.parametrize(
    ("name", "types", "values"),
    [
        ("GEO_DISTANCE", [DOUBLE] * 4, [91.0, 0.0, 0.0, 0.0]),
        ("GEO_DISTANCE", [*[DOUBLE] * 4, STRING], [1.0, 0.0, 0.0, 0.0, "parsec"]),
        ("CONCAT_WS", [STRING], [","]),
        ("ENCODE", [STRING, STRING, STRING], ["a", "hex", "hex"]),
        ("TO_BYTES", [STRING, STRING], ["a", "latin9"]),
        ("TO_BYTES", [STRING, STRING], ["abc", "hex"]),
        ("INT_FROM_BYTES", [BYTES], [b"abc"]),
        ("MASK", [STRING, STRING, STRING, STRING, STRING], ["a", "XX", None, None, None]),
        ("MASK_LEFT", [STRING, INTEGER], ["a", -1]),
        ("UUID", [BYTES], [b"short"]),
        ("EXTRACTJSONFIELD", [STRING, STRING], ["{", "$.a"]),
        ("EXTRACTJSONFIELD", [STRING, STRING], ["{}", "a"]),
        ("GENERATE_SERIES", [INTEGER, INTEGER, INTEGER], [1, 5, -1]),
        ("GENERATE_SERIES", [BIGINT, BIGINT], [0, 10**12]),
        ("ARRAY_JOIN", [Array(INTS)], [[[1]]]),
        ("FORMAT_DATE", [DATE, STRING], [0, "HH"]),
        ("CONVERT_TZ", [TIMESTAMP, STRING, STRING], [0, "Mars", "UTC"]),
        ("URL_EXTRACT_HOST", [STRING], ["http://a b"]),
        ("URL_DECODE_PARAM", [STRING], ["%zz"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_failure(name: str, types: list[SqlType | None], values: list[Any]) -> None:
    with pytest.raises(FunctionError):
        call(name, types, values)
