"""Parts of JSON documents to text, as Java prints them; numbers are kept as they were written."""

import decimal
import json
from collections.abc import Mapping, Sequence


class Whole(str):
    """The text of a JSON number without fraction and exponent."""

    __slots__ = ()


class Fraction(str):
    """The text of a JSON number with a fraction or an exponent."""

    __slots__ = ()


def number_text(number: Whole | Fraction) -> str:
    """A JSON number as Java's BigDecimal prints it."""
    if isinstance(number, Whole):
        return str(number) if number != "-0" else "0"
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
