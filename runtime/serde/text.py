"""Values to text, as Java prints them."""

import decimal
import json
import math
from collections.abc import Mapping, Sequence


class Whole(str):
    """The text of a JSON number without fraction and exponent."""

    __slots__ = ()


class Fraction(str):
    """The text of a JSON number with a fraction or an exponent."""

    __slots__ = ()


def double_text(number: float) -> str:
    """A double as Java's Double.toString: plain from 1e-3 to 1e7, else with an exponent (`1.0E7`, `1.0E-4`)."""
    size = abs(number)
    if 1e-3 <= size < 1e7 or size == 0.0:
        return repr(number)
    if size == math.inf:
        return "Infinity" if number > 0 else "-Infinity"
    if number != number:
        return "NaN"
    _, digits, exponent = decimal.Decimal(repr(size)).as_tuple()
    assert isinstance(exponent, int)
    shown = "".join(map(str, digits)).rstrip("0") or "0"
    sign = "-" if number < 0 else ""
    return f"{sign}{shown[0]}.{shown[1:] or '0'}E{exponent + len(digits) - 1}"


def number_text(number: Whole | Fraction) -> str:
    """A JSON number as Java's BigDecimal prints it."""
    if isinstance(number, Whole):
        return number if number != "-0" else "0"
    return str(decimal.Decimal(number))


def json_text(value: object) -> str:
    """A parsed JSON value as compact JSON."""
    match value:
        case Whole() | Fraction():
            return number_text(value)
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case Mapping():
            return "{" + ",".join(f"{json_text(k)}:{json_text(v)}" for k, v in value.items()) + "}"
        case Sequence():
            return "[" + ",".join(map(json_text, value)) + "]"
    raise AssertionError(value)


def java_text(value: object) -> str:
    """A parsed JSON value as Java's toString prints lists and maps: `[a, b]`, `{k=v}`."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Whole() | Fraction():
            return number_text(value)
        case str():
            return value
        case Mapping():
            return "{" + ", ".join(f"{k}={java_text(v)}" for k, v in value.items()) + "}"
        case Sequence():
            return "[" + ", ".join(map(java_text, value)) + "]"
    raise AssertionError(value)
