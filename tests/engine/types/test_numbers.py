"""Java's integers, doubles and decimals."""

import math
from decimal import Decimal as D

import pytest

from headrace.engine.types.decimals import DecimalOverflow, decimal_of_text, decimal_result, operation
from headrace.engine.types.doubles import divide_double, double_text, parse_double, remainder_double
from headrace.engine.types.integers import divide_bigint, divide_integer, remainder, wrap_bigint, wrap_integer
from headrace.engine.types.sqltype import Decimal


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1.0, "1.0"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (9999999.0, "9999999.0"),
        (1e7, "1.0E7"),
        (12345678.9, "1.23456789E7"),
        (-1.5e300, "-1.5E300"),
        (4.9e-324, "4.9E-324"),
        (2.2250738585072014e-308, "2.2250738585072014E-308"),
        (1.7976931348623157e308, "1.7976931348623157E308"),
        (1e23, "1.0E23"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
    ],
)
def test_double_text(value: float, text: str) -> None:
    assert double_text(value) == text
    assert repr(parse_double(text)) == repr(value)


@pytest.mark.parametrize(
    ("left", "right", "quotient", "rest"),
    [(7, 2, 3, 1), (-7, 2, -3, -1), (7, -2, -3, 1), (-7, -2, 3, -1), (0, 5, 0, 0), (-1, 5, 0, -1)],
)
def test_integer_division_truncates(left: int, right: int, quotient: int, rest: int) -> None:
    assert divide_integer(left, right) == quotient
    assert divide_bigint(left, right) == quotient
    assert remainder(left, right) == rest


def test_integers_wrap() -> None:
    assert wrap_integer(2**31) == -(2**31)
    assert wrap_integer(-(2**31) - 1) == 2**31 - 1
    assert wrap_bigint(2**63) == -(2**63)
    assert divide_integer(-(2**31), -1) == -(2**31)
    assert divide_bigint(-(2**63), -1) == -(2**63)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (1.0, 0.0, math.inf),
        (-1.0, 0.0, -math.inf),
        (1.0, -0.0, -math.inf),
        (0.0, 0.0, math.nan),
        (math.nan, 0.0, math.nan),
    ],
)
def test_double_division_never_raises(left: float, right: float, expected: float) -> None:
    assert repr(divide_double(left, right)) == repr(expected)


def test_double_remainder_never_raises() -> None:
    assert remainder_double(-5.5, 2.0) == -1.5
    assert math.isnan(remainder_double(1.0, 0.0))
    assert math.isnan(remainder_double(math.inf, 2.0))


@pytest.mark.parametrize(
    ("operator", "expected"),
    [("+", Decimal(6, 3)), ("-", Decimal(6, 3)), ("*", Decimal(10, 5)), ("/", Decimal(13, 8)), ("%", Decimal(5, 3))],
)
def test_decimal_result_types(operator: str, expected: Decimal) -> None:
    assert decimal_result(operator, Decimal(4, 2), Decimal(5, 3)) == expected


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("1.5", Decimal(2, 1)),
        (".5", Decimal(2, 1)),
        ("1.", Decimal(1, 0)),
        ("0.05", Decimal(3, 2)),
        ("001.50", Decimal(3, 2)),
        ("-12.3", Decimal(3, 1)),
        ("2e1", Decimal(2, 0)),
    ],
)
def test_decimal_literals(text: str, type: Decimal) -> None:
    value, found = decimal_of_text(text)
    assert found == type
    assert -int(value.as_tuple().exponent) == type.scale


@pytest.mark.parametrize(
    ("operator", "left", "right", "expected"),
    [
        ("+", "10.01", "5.10", "15.11"),
        ("*", "10.10", "-2.00", "-20.2000"),
        ("/", "10.10", "2.00", "5.0500000"),
        ("%", "10.10", "-2.00", "0.10"),
    ],
)
def test_decimal_arithmetic(operator: str, left: str, right: str, expected: str) -> None:
    type = decimal_result(operator, Decimal(4, 2), Decimal(4, 2))
    assert str(operation(operator, type)(D(left), D(right))) == expected


@pytest.mark.parametrize(("operator", "right"), [("/", "3.00"), ("/", "0.00"), ("%", "0.00")])
def test_decimal_arithmetic_never_rounds(operator: str, right: str) -> None:
    type = decimal_result(operator, Decimal(4, 2), Decimal(4, 2))
    with pytest.raises(ArithmeticError):
        operation(operator, type)(D("10.00"), D(right))


def test_digits_without_end_are_refused() -> None:
    with pytest.raises(DecimalOverflow):
        decimal_of_text("1e999999999")
