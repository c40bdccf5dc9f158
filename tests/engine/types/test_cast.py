"""CAST: every pair of types, in both directions."""

from decimal import Decimal as D

import pytest

from headrace.engine.types.cast import CastError, conversion
from headrace.engine.types.decimals import DecimalOverflow
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
from headrace.engine.types.temporal import TemporalError

DECIMAL = Decimal(5, 2)
ARRAY = Array(INTEGER)
MAP = Map(STRING, INTEGER)
STRUCT = Struct((("F0", INTEGER), ("f1", INTEGER)))
ALL = [BOOLEAN, INTEGER, BIGINT, DECIMAL, DOUBLE, STRING, BYTES, DATE, TIME, TIMESTAMP, ARRAY, MAP, STRUCT]

SUPPORTED = {
    BOOLEAN: [STRING],
    INTEGER: [BIGINT, DECIMAL, DOUBLE, STRING],
    BIGINT: [INTEGER, DECIMAL, DOUBLE, STRING],
    DECIMAL: [INTEGER, BIGINT, DOUBLE, STRING],
    DOUBLE: [INTEGER, BIGINT, DECIMAL, STRING],
    STRING: [BOOLEAN, INTEGER, BIGINT, DECIMAL, DOUBLE, TIMESTAMP, TIME, DATE, BYTES],
    BYTES: [],
    DATE: [STRING, TIMESTAMP],
    TIME: [STRING],
    TIMESTAMP: [STRING, TIME, DATE],
    ARRAY: [STRING],
    MAP: [STRING],
    STRUCT: [STRING],
}


@pytest.mark.parametrize("target", ALL, ids=str)
@pytest.mark.parametrize("source", ALL, ids=str)
def test_exactly_the_documented_pairs_are_supported(source: SqlType, target: SqlType) -> None:
    assert (conversion(source, target) is not None) == (source == target or target in SUPPORTED[source])


def cast(value: object, source: SqlType, target: SqlType) -> object:
    found = conversion(source, target)
    assert found is not None
    return value if found.call is None else found.call(value)


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (True, BOOLEAN, STRING, "true"),
        (7, INTEGER, BIGINT, 7),
        (7, INTEGER, DECIMAL, D("7.00")),
        (7, INTEGER, DOUBLE, 7.0),
        (-7, INTEGER, STRING, "-7"),
        (2**31, BIGINT, INTEGER, -(2**31)),
        (2**32 + 5, BIGINT, INTEGER, 5),
        (2**53 + 1, BIGINT, DOUBLE, 9007199254740992.0),
        (D("12.99"), DECIMAL, INTEGER, 12),
        (D("-12.99"), DECIMAL, BIGINT, -12),
        (D("10.10"), DECIMAL, DOUBLE, 10.1),
        (D("0.00"), DECIMAL, STRING, "0.00"),
        (D("10.12"), DECIMAL, Decimal(6, 3), D("10.120")),
        (D("0.99"), DECIMAL, Decimal(2, 1), D("1.0")),
        (-1.9, DOUBLE, INTEGER, -1),
        (1e20, DOUBLE, INTEGER, 2**31 - 1),
        (-1e20, DOUBLE, BIGINT, -(2**63)),
        (float("nan"), DOUBLE, BIGINT, 0),
        (2.005, DOUBLE, DECIMAL, D("2.01")),
        (1e7, DOUBLE, STRING, "1.0E7"),
        (" true ", STRING, BOOLEAN, True),
        ("Y", STRING, BOOLEAN, True),
        ("no", STRING, BOOLEAN, False),
        ("", STRING, BOOLEAN, False),
        (" +42 ", STRING, INTEGER, 42),
        ("9223372036854775807", STRING, BIGINT, 2**63 - 1),
        ("1e2", STRING, DECIMAL, D("100.00")),
        ("0.005", STRING, DECIMAL, D("0.01")),
        (" 1.5d", STRING, DOUBLE, 1.5),
        ("-Infinity", STRING, DOUBLE, float("-inf")),
        ("AQI", STRING, BYTES, b"\x01\x02"),
        ("2020-05", STRING, DATE, 18383),
        ("10:30", STRING, TIME, 37_800_000),
        ("1970-01-01T00:00:01+0100", STRING, TIMESTAMP, -3_599_000),
        (10, DATE, STRING, "1970-01-11"),
        (-1, DATE, TIMESTAMP, -86_400_000),
        (5123, TIME, STRING, "00:00:05"),
        (10, TIMESTAMP, STRING, "1970-01-01T00:00:00.010"),
        (-1, TIMESTAMP, DATE, -1),
        (-1, TIMESTAMP, TIME, 86_399_999),
        ([1, None], ARRAY, STRING, "[1, null]"),
        ([1, None], ARRAY, Array(STRING), ["1", None]),
        ({"a": 1, "b": None}, MAP, STRING, "{a=1, b=null}"),
        ({"1": 2}, MAP, Map(INTEGER, STRING), {1: "2"}),
        ({"F0": 1, "f1": 3}, STRUCT, STRING, "Struct{F0=1,f1=3}"),
        ({"F0": None, "f1": 3}, STRUCT, STRING, "Struct{f1=3}"),
        ({"F0": 1, "f1": 3}, STRUCT, Struct((("F0", STRING), ("F3", STRING))), {"F0": "1", "F3": None}),
    ],
)
def test_cast(value: object, source: SqlType, target: SqlType, expected: object) -> None:
    found = cast(value, source, target)
    assert found == expected
    assert type(found) is type(expected)
    assert str(found) == str(expected)


@pytest.mark.parametrize(
    ("value", "source", "target", "error"),
    [
        (1000, INTEGER, DECIMAL, DecimalOverflow),
        (D("999.99"), DECIMAL, Decimal(3, 1), DecimalOverflow),
        (float("nan"), DOUBLE, DECIMAL, DecimalOverflow),
        ("1.0", STRING, INTEGER, CastError),
        ("2147483648", STRING, INTEGER, CastError),
        ("", STRING, BIGINT, CastError),
        ("1_000", STRING, BIGINT, CastError),
        ("9" * 5000, STRING, BIGINT, CastError),
        ("x", STRING, DECIMAL, CastError),
        ("1e999999999", STRING, DECIMAL, DecimalOverflow),
        ("inf", STRING, DOUBLE, ValueError),
        ("1_0", STRING, DOUBLE, ValueError),
        ("foo", STRING, DATE, TemporalError),
        ("2021-02-29", STRING, DATE, TemporalError),
        ("24:00", STRING, TIME, TemporalError),
        ("2020-01-01 00:00", STRING, TIMESTAMP, TemporalError),
        ("!", STRING, BYTES, CastError),
        (["x"], Array(STRING), ARRAY, CastError),
    ],
)
def test_failing_casts_raise(value: object, source: SqlType, target: SqlType, error: type[Exception]) -> None:
    found = conversion(source, target)
    assert found is not None
    assert found.can_fail
    with pytest.raises(error):
        cast(value, source, target)
