"""DECIMAL arithmetic: the types of results, and exact operations that raise where a result would be rounded.

The law: the scale of a value is always that of its type; nothing is rounded but by CAST (HALF_UP).
"""

import decimal
from collections.abc import Callable
from decimal import Context
from functools import cache

from headrace.engine.types.sqltype import BIGINT, INTEGER, Decimal, SqlType

DecimalFunction = Callable[[decimal.Decimal, decimal.Decimal], decimal.Decimal]

_TRAPS = [decimal.Inexact, decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow]


MAX_LITERAL_EXPONENT = 10_000
"""Where `1e10000` as text stops being a DECIMAL, as its digits are written out."""


class DecimalOverflow(ArithmeticError):
    """A number does not fit a DECIMAL type."""


def as_decimal(type: SqlType) -> Decimal | None:
    """The DECIMAL that holds every value of an exact numeric type."""
    if type == INTEGER:
        return Decimal(10, 0)
    if type == BIGINT:
        return Decimal(19, 0)
    return type if isinstance(type, Decimal) else None


def decimal_result(operator: str, left: Decimal, right: Decimal) -> Decimal:
    """The type of `left operator right`."""
    p1, s1, p2, s2 = left.precision, left.scale, right.precision, right.scale
    match operator:
        case "+" | "-":
            scale = max(s1, s2)
            return Decimal(scale + max(p1 - s1, p2 - s2) + 1, scale)
        case "*":
            return Decimal(p1 + p2 + 1, s1 + s2)
        case "/":
            scale = max(6, s1 + p2 + 1)
            return Decimal(p1 - s1 + s2 + scale, scale)
        case "%":
            scale = max(s1, s2)
            return Decimal(min(p1 - s1, p2 - s2) + scale, scale)
    raise AssertionError(operator)


def widen_decimals(left: Decimal, right: Decimal) -> Decimal:
    """The DECIMAL that holds all whole digits and all fraction digits of both."""
    scale = max(left.scale, right.scale)
    return Decimal(max(left.precision - left.scale, right.precision - right.scale) + scale, scale)


def decimal_of_text(text: str) -> tuple[decimal.Decimal, Decimal]:
    """The value of a numeric literal and its type; below one, the zero before the point counts as a digit."""
    value = decimal.Decimal(text)
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if abs(exponent) > MAX_LITERAL_EXPONENT:
        raise DecimalOverflow(f"{text} has too many digits for a DECIMAL")
    if exponent > 0:
        value = decimal.Decimal((sign, digits + (0,) * exponent, 0))
        sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    return value, Decimal(max(len(digits), 1 - exponent), -exponent)


@cache
def exact(precision: int) -> Context:
    """A context that raises instead of rounding."""
    return Context(
        prec=max(precision, 1),
        rounding=decimal.ROUND_HALF_UP,
        Emin=decimal.MIN_EMIN,
        Emax=decimal.MAX_EMAX,
        traps=_TRAPS,
    )


@cache
def operation(operator: str, result: Decimal) -> DecimalFunction:
    """The function that computes `left operator right` exactly or raises an ArithmeticError."""
    context = exact(result.precision)
    match operator:
        case "+":
            return context.add
        case "-":
            return context.subtract
        case "*":
            return context.multiply
        case "%":
            return context.remainder
    quantum = _quantum(result.scale)

    def divide(left: decimal.Decimal, right: decimal.Decimal) -> decimal.Decimal:
        return context.quantize(context.divide(left, right), quantum)

    return divide


@cache
def fit(target: Decimal) -> Callable[[decimal.Decimal], decimal.Decimal]:
    """The function that rounds a number HALF_UP to the type; raises DecimalOverflow."""
    context = Context(
        prec=target.precision,
        rounding=decimal.ROUND_HALF_UP,
        Emin=decimal.MIN_EMIN,
        Emax=decimal.MAX_EMAX,
        traps=[decimal.InvalidOperation],
    )
    quantum = _quantum(target.scale)

    def fitted(value: decimal.Decimal) -> decimal.Decimal:
        try:
            return context.quantize(value, quantum)
        except decimal.InvalidOperation:
            raise DecimalOverflow(
                f"Numeric field overflow: a field with precision {target.precision} and scale {target.scale} must round to an "
                f"absolute value less than 10^{target.precision - target.scale}. Got {value}"
            ) from None

    return fitted


def decimal_text(value: decimal.Decimal) -> str:
    """Plain notation, all fraction digits."""
    return format(value, "f")


def decimal_of_double(value: float) -> decimal.Decimal:
    """The DOUBLE's shortest text as a number, as Java's BigDecimal.valueOf; raises ArithmeticError for NaN and infinity."""
    found = decimal.Decimal(repr(value))
    if not found.is_finite():
        raise DecimalOverflow(f"{value} is not a DECIMAL")
    return found


def _quantum(scale: int) -> decimal.Decimal:
    return decimal.Decimal((0, (1,), -scale))
