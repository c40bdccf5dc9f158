"""TO_JSON_STRING: any value as JSON text."""

from collections.abc import Callable
from decimal import Decimal as Number
from functools import cache
from typing import Any

from headrace.engine.functions.definition import Call, Family
from headrace.engine.functions.json_value import quote
from headrace.engine.types.decimals import decimal_text
from headrace.engine.types.doubles import double_text
from headrace.engine.types.sqltype import (
    BOOLEAN,
    DOUBLE,
    STRING,
    Array,
    Decimal,
    Map,
    SqlType,
    Struct,
    is_numeric,
)
from headrace.engine.types.text import boolean_text, printer

family = Family("JSON")

Writer = Callable[[Any], str]


@family.scalar(
    "TO_JSON_STRING(val T) -> STRING",
    null_strict=False,
    can_fail=False,
    made=True,
    examples=(("TO_JSON_STRING(ARRAY[1, 2])", "[1,2]"), ("TO_JSON_STRING('abc')", '"abc"')),
)
def to_json_string(call: Call) -> object:
    """Returns a value as JSON text."""
    return _writer(call.types[0])


@cache
def _writer(type: SqlType) -> Writer:
    inner = _non_null_writer(type)
    return lambda value: "null" if value is None else inner(value)


def _non_null_writer(type: SqlType) -> Writer:
    match type:
        case Array(item):
            write_item = _writer(item)
            return lambda items: "[" + ",".join([write_item(v) for v in items]) + "]"
        case Map(key, value):
            return _map_writer(printer(key), _writer(value))
        case Struct(fields):
            return _struct_writer([(quote(name), name, _writer(field)) for name, field in sorted(fields)])
        case Decimal():
            return _write_decimal
    if type == STRING:
        return quote
    if type == BOOLEAN:
        return boolean_text
    if type == DOUBLE:
        return _write_double
    return str if is_numeric(type) else _quoted(printer(type))


def _map_writer(key: Writer, value: Writer) -> Writer:
    def write(entries: dict[Any, Any]) -> str:
        texts = sorted((key(k), value(v)) for k, v in entries.items())
        return "{" + ",".join([f"{quote(k)}:{v}" for k, v in texts]) + "}"

    return write


def _struct_writer(fields: list[tuple[str, str, Writer]]) -> Writer:
    return lambda struct: "{" + ",".join([f"{quoted}:{write(struct[name])}" for quoted, name, write in fields]) + "}"


def _quoted(text: Writer) -> Writer:
    return lambda value: quote(text(value))


def _write_decimal(value: Number) -> str:
    return decimal_text(value)


def _write_double(value: float) -> str:
    text = double_text(value)
    return text if value - value == 0 else quote(text)  # NaN and infinity have no JSON number
