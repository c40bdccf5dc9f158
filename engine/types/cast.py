"""CAST: which types turn into which, and the functions that do it.

The law: a conversion takes a value that is not None and returns one of the target type, or raises (a `CastError` or an
ArithmeticError); it never guesses.
"""

import base64
import binascii
import decimal
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from headrace.engine.types.decimals import as_decimal, decimal_of_double, fit
from headrace.engine.types.doubles import parse_double
from headrace.engine.types.integers import (
    BIGINT_MAX,
    BIGINT_MIN,
    INTEGER_MAX,
    INTEGER_MIN,
    saturate_bigint,
    saturate_integer,
    wrap_bigint,
    wrap_integer,
)
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
from headrace.engine.types.temporal import DAY_MS, parse_date, parse_time, parse_timestamp
from headrace.engine.types.text import printer

Convert = Callable[[Any], Any]

_SPACE = "".join(map(chr, range(33)))
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")


class CastError(ValueError):
    """A value cannot be turned into the type."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """How values turn into another type; `call` is None where they stay as they are."""

    call: Convert | None
    can_fail: bool = False


SAME = Conversion(None)


@cache
def conversion(source: SqlType, target: SqlType) -> Conversion | None:
    """How CAST turns `source` into `target`; None where it does not."""
    if source == target:
        return SAME
    if target == STRING:
        return None if source == BYTES else Conversion(printer(source))
    match source, target:
        case Array(item), Array(new_item):
            return _array(conversion(item, new_item))
        case Map(key, value), Map(new_key, new_value):
            return _map(conversion(key, new_key), conversion(value, new_value))
        case Struct(), Struct():
            return _struct(source, target)
        case _, Decimal():
            return _to_decimal(source, target)
        case Decimal(), _:
            return _FROM_DECIMAL.get(target)
    return _PRIMITIVES.get((source, target))


def trim(text: str) -> str:
    """The text without the blanks and control characters around it, as Java's String.trim."""
    return text.strip(_SPACE)


def parse_integer(text: str) -> int:
    """The INTEGER that a text means; raises CastError."""
    if len(text) < 10 and text.isdecimal() and text.isascii():
        return int(text)
    return _parse_whole(text, "INTEGER", INTEGER_MIN, INTEGER_MAX)


def parse_bigint(text: str) -> int:
    """The BIGINT that a text means; raises CastError."""
    if len(text) < 19 and text.isdecimal() and text.isascii():
        return int(text)
    return _parse_whole(text, "BIGINT", BIGINT_MIN, BIGINT_MAX)


def parse_decimal(text: str) -> decimal.Decimal:
    """The number that a text means, with all its digits; raises CastError."""
    trimmed = trim(text)
    if not _DECIMAL.fullmatch(trimmed):
        raise CastError(f'"{text}" is not a DECIMAL')
    return decimal.Decimal(trimmed)


def parse_boolean(text: str) -> bool:
    """TRUE for any beginning of `true` or `yes` in any case, else FALSE."""
    word = trim(text).lower()
    return word != "" and ("true".startswith(word) or "yes".startswith(word))


def parse_bytes(text: str) -> bytes:
    """Base 64 with or without padding; raises CastError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise CastError(f'"{text}" is not base 64') from error


def _parse_whole(text: str, name: str, low: int, high: int) -> int:
    trimmed = trim(text)
    if not _INTEGER.fullmatch(trimmed) or len(trimmed) > 4000 or not low <= (value := int(trimmed)) <= high:
        raise CastError(f'"{text}" is not an {name}' if name[0] in "AEIOU" else f'"{text}" is not a {name}')
    return value


def _trimmed(parse: Callable[[str], Any]) -> Convert:
    return lambda text: parse(trim(text))


_PRIMITIVES: dict[tuple[SqlType, SqlType], Conversion] = {
    (INTEGER, BIGINT): SAME,
    (INTEGER, DOUBLE): Conversion(float),
    (BIGINT, INTEGER): Conversion(wrap_integer),
    (BIGINT, DOUBLE): Conversion(float),
    (DOUBLE, INTEGER): Conversion(saturate_integer),
    (DOUBLE, BIGINT): Conversion(saturate_bigint),
    (STRING, BOOLEAN): Conversion(parse_boolean),
    (STRING, INTEGER): Conversion(parse_integer, True),
    (STRING, BIGINT): Conversion(parse_bigint, True),
    (STRING, DOUBLE): Conversion(_trimmed(parse_double), True),
    (STRING, DATE): Conversion(_trimmed(parse_date), True),
    (STRING, TIME): Conversion(_trimmed(parse_time), True),
    (STRING, TIMESTAMP): Conversion(_trimmed(parse_timestamp), True),
    (STRING, BYTES): Conversion(_trimmed(parse_bytes), True),
    (TIMESTAMP, DATE): Conversion(lambda milliseconds: milliseconds // DAY_MS),
    (TIMESTAMP, TIME): Conversion(lambda milliseconds: milliseconds % DAY_MS),
    (DATE, TIMESTAMP): Conversion(lambda days: days * DAY_MS),
}

_FROM_DECIMAL: dict[SqlType, Conversion] = {
    INTEGER: Conversion(lambda value: wrap_integer(int(value))),
    BIGINT: Conversion(lambda value: wrap_bigint(int(value))),
    DOUBLE: Conversion(float),
}


def _to_decimal(source: SqlType, target: Decimal) -> Conversion | None:
    fitted = fit(target)
    exact = as_decimal(source)
    if exact is not None:
        holds = target.precision - target.scale >= exact.precision - exact.scale and target.scale >= exact.scale
        if isinstance(source, Decimal):
            return Conversion(fitted, not holds)
        return Conversion(lambda value: fitted(decimal.Decimal(value)), not holds)
    if source == DOUBLE:
        return Conversion(lambda value: fitted(decimal_of_double(value)), True)
    if source == STRING:
        return Conversion(lambda text: fitted(parse_decimal(text)), True)
    return None


def _array(item: Conversion | None) -> Conversion | None:
    if item is None or item.call is None:
        return item
    call = item.call
    return Conversion(lambda values: [None if v is None else call(v) for v in values], item.can_fail)


def _map(key: Conversion | None, value: Conversion | None) -> Conversion | None:
    if key is None or value is None or (key.call is None and value.call is None):
        return None if key is None or value is None else SAME
    convert_key, convert_value = _nullable(key.call), _nullable(value.call)
    return Conversion(
        lambda entries: {convert_key(k): convert_value(v) for k, v in entries.items()}, key.can_fail or value.can_fail
    )


def _struct(source: Struct, target: Struct) -> Conversion | None:
    parts: list[tuple[str, Convert | None]] = []
    can_fail = False
    for name, type in target.fields:
        old = source.field(name)
        part = conversion(old, type) if old is not None else Conversion(lambda value: None)
        if part is None:
            return None
        can_fail = can_fail or part.can_fail
        parts.append((name, part.call))
    converts = [(name, _nullable(call)) for name, call in parts]
    return Conversion(lambda struct: {name: convert(struct.get(name)) for name, convert in converts}, can_fail)


def _nullable(call: Convert | None) -> Convert:
    if call is None:
        return lambda value: value
    return lambda value: None if value is None else call(value)
