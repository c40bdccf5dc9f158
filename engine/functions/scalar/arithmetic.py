"""Functions that keep numbers of their kind: absolute values, signs and rounding.

ROUND rounds ties towards positive infinity (-1.5 → -1), as Java's `Math.round`; TRUNC cuts towards zero.
"""

import decimal
import math
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_UP
from decimal import Decimal as Number

from headrace.engine.functions.definition import Family
from headrace.engine.types.sqltype import Decimal, SqlType

family = Family("MATHEMATICAL")

_EXACT = decimal.Context(prec=2000, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)
"""Wide enough for every declared precision and for the digits of any double."""

_ONE = Number(1)
_POWERS = [10.0**n for n in range(10)]
_INT_MIN, _BIGINT_MIN, _BIGINT_MAX = -(2**31), -(2**63), 2**63 - 1


@family.scalar("ABS(value INT) -> INT", can_fail=False, examples=(("ABS(-3)", "3"), ("ABS(-2.50)", "2.50")))
def abs_integer(value: int) -> int:
    """Returns the absolute value of a number."""
    return abs(value) if value != _INT_MIN else value


@family.scalar("ABS(value BIGINT) -> BIGINT", can_fail=False)
def abs_bigint(value: int) -> int:
    """Returns the absolute value of a number."""
    return abs(value) if value != _BIGINT_MIN else value


@family.scalar("ABS(value DOUBLE) -> DOUBLE", can_fail=False)
def abs_double(value: float) -> float:
    """Returns the absolute value of a number."""
    return abs(value)


@family.scalar("ABS(value DECIMAL) -> DECIMAL", can_fail=False)
def abs_decimal(value: Number) -> Number:
    """Returns the absolute value of a number."""
    return value.copy_abs()


@family.scalar("SIGN(value N) -> INT", can_fail=False, examples=(("SIGN(-7)", "-1"), ("SIGN(0)", "0")))
def sign(value: float) -> int:
    """Returns -1, 0 or 1 for a negative number, zero or a positive number."""
    return (value > 0) - (value < 0)


@family.scalar("CEIL(value INT) -> INT", "CEIL(value BIGINT) -> BIGINT", can_fail=False)
def ceil_integer(value: int) -> int:
    """Returns the smallest whole number that is not less than a number; the type stays the same."""
    return value


@family.scalar("CEIL(value DOUBLE) -> DOUBLE", can_fail=False, examples=(("CEIL(1.2E0)", "2.0"),))
def ceil_double(value: float) -> float:
    """Returns the smallest whole number that is not less than a number; the type stays the same."""
    return math.copysign(float(math.ceil(value)), value) if math.isfinite(value) else value


@family.scalar("CEIL(value DECIMAL) -> DECIMAL", can_fail=False, examples=(("CEIL(1.2)", "2.0"),))
def ceil_decimal(value: Number) -> Number:
    """Returns the smallest whole number that is not less than a number; the type stays the same."""
    return _EXACT.plus(value.quantize(_ONE, ROUND_CEILING, _EXACT)).quantize(value, context=_EXACT)


@family.scalar("FLOOR(value INT) -> INT", "FLOOR(value BIGINT) -> BIGINT", can_fail=False)
def floor_integer(value: int) -> int:
    """Returns the largest whole number that is not greater than a number; the type stays the same."""
    return value


@family.scalar("FLOOR(value DOUBLE) -> DOUBLE", can_fail=False, examples=(("FLOOR(-1.1E0)", "-2.0"),))
def floor_double(value: float) -> float:
    """Returns the largest whole number that is not greater than a number; the type stays the same."""
    return math.copysign(float(math.floor(value)), value) if math.isfinite(value) else value


@family.scalar("FLOOR(value DECIMAL) -> DECIMAL", can_fail=False, examples=(("FLOOR(-1.1)", "-2.0"),))
def floor_decimal(value: Number) -> Number:
    """Returns the largest whole number that is not greater than a number; the type stays the same."""
    return value.quantize(_ONE, ROUND_FLOOR, _EXACT).quantize(value, context=_EXACT)


@family.scalar("ROUND(value INT) -> BIGINT", "ROUND(value BIGINT) -> BIGINT", can_fail=False)
def round_integer(value: int) -> int:
    """Rounds a number to a whole number, or to a number of decimal places; ties go up."""
    return value


@family.scalar(
    "ROUND(value DOUBLE) -> BIGINT", can_fail=False, examples=(("ROUND(-1.5E0)", "-1"), ("ROUND(2.5E0)", "3"))
)
def round_double(value: float) -> int:
    """Rounds a number to a whole number, or to a number of decimal places; ties go up."""
    if not math.isfinite(value):
        return 0 if math.isnan(value) else (_BIGINT_MAX if value > 0 else _BIGINT_MIN)
    whole = math.floor(value)
    rounded = whole + (value - whole >= 0.5)
    return min(max(rounded, _BIGINT_MIN), _BIGINT_MAX)


@family.scalar("ROUND(value DOUBLE, places INT) -> DOUBLE", examples=(("ROUND(12345.678E0, -1)", "12350.0"),))
def round_double_to(value: float, places: int) -> float:
    """Rounds a number to a whole number, or to a number of decimal places; ties go up."""
    if 0 <= places <= 9 and -1e9 < (scaled := value * _POWERS[places]) < 1e9:
        # Far from a tie Python's rounding is the same; what the product is off by is much less than that distance.
        if not -1e-6 < scaled % 1.0 - 0.5 < 1e-6:
            return round(value, places)
    elif not math.isfinite(value):
        return value
    return float(_rounded(Number(repr(value)), places))


def _whole(types: Sequence[SqlType]) -> SqlType:
    source = types[0]
    assert isinstance(source, Decimal)

    return Decimal(max(source.precision - source.scale, 1), 0)


@family.scalar("ROUND(value DECIMAL) -> DECIMAL", result=_whole, can_fail=False, examples=(("ROUND(-1.5)", "-1"),))
def round_decimal(value: Number) -> Number:
    """Rounds a number to a whole number, or to a number of decimal places; ties go up."""
    return _rounded(value, 0)


@family.scalar("ROUND(value DECIMAL, places INT) -> DECIMAL", examples=(("ROUND(-12.345, 1)", "-12.300"),))
def round_decimal_to(value: Number, places: int) -> Number:
    """Rounds a number to a whole number, or to a number of decimal places; ties go up."""
    return _rounded(value, places).quantize(value, context=_EXACT)


@family.scalar("TRUNC(value INT) -> BIGINT", "TRUNC(value BIGINT) -> BIGINT", can_fail=False)
def trunc_integer(value: int) -> int:
    """Cuts a number towards zero to a whole number, or to a number of decimal places."""
    return value


@family.scalar("TRUNC(value DOUBLE) -> BIGINT", can_fail=False, examples=(("TRUNC(-1.7E0)", "-1"),))
def trunc_double(value: float) -> int:
    """Cuts a number towards zero to a whole number, or to a number of decimal places."""
    if not math.isfinite(value):
        return round_double(value)
    return min(max(math.trunc(value), _BIGINT_MIN), _BIGINT_MAX)


@family.scalar("TRUNC(value DOUBLE, places INT) -> DOUBLE", examples=(("TRUNC(12345.678E0, 1)", "12345.6"),))
def trunc_double_to(value: float, places: int) -> float:
    """Cuts a number towards zero to a whole number, or to a number of decimal places."""
    return float(_scaled(Number(repr(value)), places, ROUND_DOWN)) if math.isfinite(value) else value


@family.scalar("TRUNC(value DECIMAL) -> DECIMAL", result=_whole, can_fail=False, examples=(("TRUNC(-1.7)", "-1"),))
def trunc_decimal(value: Number) -> Number:
    """Cuts a number towards zero to a whole number, or to a number of decimal places."""
    return _EXACT.plus(value.quantize(_ONE, ROUND_DOWN, _EXACT))


@family.scalar("TRUNC(value DECIMAL, places INT) -> DECIMAL", examples=(("TRUNC(12.345, -1)", "10.000"),))
def trunc_decimal_to(value: Number, places: int) -> Number:
    """Cuts a number towards zero to a whole number, or to a number of decimal places."""
    return _scaled(value, places, ROUND_DOWN).quantize(value, context=_EXACT)


def _rounded(value: Number, places: int) -> Number:
    return _scaled(value, places, ROUND_HALF_DOWN if value.is_signed() else ROUND_HALF_UP)


def _scaled(value: Number, places: int, rounding: str) -> Number:
    exponent = value.as_tuple().exponent
    # Places beyond those there are, or far left of the number, change nothing or all: no need for a giant quantum.
    if isinstance(exponent, int) and places >= -exponent:
        return value
    if -places > value.adjusted() + 1:
        return Number(0)
    return _EXACT.plus(value.quantize(Number((0, (1,), -places)), rounding, _EXACT))  # plus: there is no -0
