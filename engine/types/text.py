"""Values as text, the way CAST to STRING prints them."""

import base64
import decimal
from collections.abc import Callable
from functools import cache
from typing import Any

from headrace.engine.types.decimals import decimal_text
from headrace.engine.types.doubles import double_text
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
from headrace.engine.types.temporal import date_text, time_text, timestamp_text

Printer = Callable[[Any], str]


def boolean_text(value: bool) -> str:
    """`true` or `false`."""
    return "true" if value else "false"


def bytes_text(value: bytes) -> str:
    """Base 64."""
    return base64.b64encode(value).decode("ascii")


_PRIMITIVES: dict[SqlType, Printer] = {
    BOOLEAN: boolean_text,
    INTEGER: str,
    BIGINT: str,
    DOUBLE: double_text,
    STRING: str,
    BYTES: bytes_text,
    DATE: date_text,
    TIME: time_text,
    TIMESTAMP: timestamp_text,
}


@cache
def printer(type: SqlType) -> Printer:
    """The function that prints values of the type (NULL only inside of others: `null`)."""
    match type:
        case Decimal():
            return _print_decimal
        case Array(item):
            return _array_printer(_or_null(item))
        case Map(key, value):
            return _map_printer(_or_null(key), _or_null(value))
        case Struct(fields):
            return _struct_printer([(name, printer(field)) for name, field in fields])
    return _PRIMITIVES[type]


def _print_decimal(value: decimal.Decimal) -> str:
    return decimal_text(value)


def _or_null(type: SqlType) -> Printer:
    inner = printer(type)
    return lambda value: "null" if value is None else inner(value)


def _array_printer(item: Printer) -> Printer:
    return lambda values: "[" + ", ".join([item(v) for v in values]) + "]"


def _map_printer(key: Printer, value: Printer) -> Printer:
    return lambda entries: "{" + ", ".join([f"{key(k)}={value(v)}" for k, v in entries.items()]) + "}"


def _struct_printer(fields: list[tuple[str, Printer]]) -> Printer:
    # NULL fields are left out, as Connect's structs print themselves.
    def text(struct: dict[str, Any]) -> str:
        shown = [f"{name}={show(struct[name])}" for name, show in fields if struct.get(name) is not None]
        return "Struct{" + ",".join(shown) + "}"

    return text
