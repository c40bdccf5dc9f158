"""JSON documents to SQL values by ksqlDB's rules, where the typed decoder refuses.

Numbers narrow as in Java (fraction cut off, low-order bits kept), numeric text is parsed, anything becomes text in a STRING;
BOOLEAN takes only true and false. A bad element inside ARRAY, MAP or STRUCT becomes NULL, unless told otherwise; any other
mismatch is a ValueError. The law: only ValueError and RecursionError leave here, and memory stays in proportion to the
document, which is bounded.
"""

import json
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import msgspec

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
)
from headrace.runtime.serde.json.shape import RecordShape, TypeShape
from headrace.runtime.serde.scalars import (
    INT_MAX,
    INT_MIN,
    base64_bytes,
    decimal_fit,
    decimal_number,
    double,
    integer,
    long,
    time_of_day,
    truncated,
)
from headrace.runtime.serde.text import Fraction, Whole, java_text, json_text, number_text

MAX_BYTES = 8 << 20
"""Longest document that is parsed whole into Python objects (which take up to 30 times as much memory)."""

_SHOWN = 40

T = TypeVar("T")


def load(data: bytes, *, errors: str = "strict") -> Any:
    """A document as dicts, lists, text, bools, None and number texts; raises ValueError or RecursionError."""
    if len(data) > MAX_BYTES:
        raise ValueError(f"longer than {MAX_BYTES} bytes")
    return _decoder.decode(data.decode(json.detect_encoding(data), errors))


def load_member(raw: msgspec.Raw) -> Any:
    """A member of an object that msgspec has split; raises ValueError or RecursionError."""
    data = bytes(raw)
    if len(data) > MAX_BYTES:
        raise ValueError(f"longer than {MAX_BYTES} bytes")
    return _decoder.decode(data.decode())


def coerce(value: Any, shape: TypeShape, *, nested_null: bool) -> Any:
    """The SQL value of a part of a document; raises ValueError."""
    if value is None:
        return None
    match shape.type:
        case Array():
            assert shape.item is not None
            if not isinstance(value, list):
                _mismatch(value, shape.type)
            return [_element(each, shape.item, index, nested_null) for index, each in enumerate(value)]
        case Map():
            assert shape.item is not None
            if not isinstance(value, dict):
                _mismatch(value, shape.type)
            return {scrub(name): _element(each, shape.item, name, nested_null) for name, each in value.items()}
        case Decimal(precision, scale):
            return _decimal(value, precision, scale)
    if shape.record is not None:
        return _struct(value, shape.record, shape.type, nested_null)
    return _PRIMITIVES[shape.type](value)


def scrub(text: str) -> str:
    """The text with halves of surrogate pairs replaced, which no UTF-8 can hold."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode()


def _struct(value: Any, record: RecordShape, type: SqlType, nested_null: bool) -> dict[str, Any]:
    if not isinstance(value, dict):
        _mismatch(value, type)
    found = record.resolve(value)
    return {
        name: None if spelled is None else _element(value[spelled], shape, name, nested_null)
        for (name, shape), spelled in zip(record.fields, found, strict=True)
    }


def _element(value: Any, shape: TypeShape, place: object, nested_null: bool) -> Any:
    try:
        return coerce(value, shape, nested_null=nested_null)
    except ValueError as error:
        if nested_null:
            return None
        raise ValueError(f"{place!r}: {error}") from None


def _whole(value: Any, type: SqlType, bits: int, parse: Callable[[str], int]) -> int:
    if isinstance(value, Whole | Fraction):
        return truncated(value, bits)
    if not isinstance(value, str):
        _mismatch(value, type)
    return _parsed(value, type, parse)


def _time(value: Any) -> int:
    number = _whole(value, TIME, 64, long)
    return _parsed(str(number), TIME, time_of_day)


def _date(value: Any) -> int:
    number = _whole(value, DATE, 64, long)
    return _parsed(str(number), DATE, lambda text: integer(text, INT_MIN, INT_MAX))


def _double(value: Any) -> float:
    if isinstance(value, Whole):
        return float(value) + 0.0  # -0 is a whole number, so it has no sign
    if isinstance(value, Fraction):
        return float(value)
    if not isinstance(value, str):
        _mismatch(value, DOUBLE)
    return _parsed(value, DOUBLE, double)


def _decimal(value: Any, precision: int, scale: int) -> Any:
    if not isinstance(value, str):
        _mismatch(value, Decimal(precision, scale))
    return _parsed(value, Decimal(precision, scale), lambda text: decimal_fit(precision, scale)(decimal_number(text)))


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        _mismatch(value, BOOLEAN)
    return value


def _bytes(value: Any) -> bytes:
    if not isinstance(value, str) or isinstance(value, Whole | Fraction):
        _mismatch(value, BYTES)
    return _parsed(value, BYTES, base64_bytes)


def _string(value: Any) -> str:
    match value:
        case Whole() | Fraction():
            return number_text(value)
        case str():
            return scrub(value)
        case dict():
            return scrub(json_text(value))
    return scrub(java_text(value))


def _parsed(text: str, type: SqlType, parse: Callable[[str], T]) -> T:
    try:
        return parse(text)
    except ValueError as error:
        raise ValueError(f"{_shown(text)} cannot be {type}: {error}") from None


def _mismatch(value: Any, type: SqlType) -> NoReturn:
    raise ValueError(f"{_shown(value)} cannot be {type}")


def _shown(value: Any) -> str:
    match value:
        case dict():
            return "an object"
        case list():
            return "an array"
        case bool():
            return "true" if value else "false"
        case Whole() | Fraction():
            return value[:_SHOWN]
    return json.dumps(value[:_SHOWN])


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


_decoder = json.JSONDecoder(parse_int=Whole, parse_float=Fraction, parse_constant=_refuse_constant)

_PRIMITIVES: dict[SqlType, Callable[[Any], Any]] = {
    BOOLEAN: _boolean,
    INTEGER: lambda value: _whole(value, INTEGER, 32, integer),
    BIGINT: lambda value: _whole(value, BIGINT, 64, long),
    DOUBLE: _double,
    STRING: _string,
    BYTES: _bytes,
    DATE: _date,
    TIME: _time,
    TIMESTAMP: lambda value: _whole(value, TIMESTAMP, 64, long),
}
