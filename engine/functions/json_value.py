"""JSON text as Jackson reads and writes it, for the JSON functions.

Numbers keep their digits: whole ones become int, others `Decimal`. Text after the first value is ignored, as ksqlDB's
reader does; an empty text is no value.
"""

import json
from decimal import Decimal
from typing import Any

from headrace.engine.functions.errors import FunctionError

_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=lambda name: _refuse(name))
_BLANKS = " \t\r\n"


def parse(text: str) -> Any:
    """The first JSON value of a text; raises FunctionError."""
    try:
        value, _ = _DECODER.raw_decode(text.lstrip(_BLANKS))
    except (ValueError, RecursionError) as error:
        raise FunctionError(f'"{text[:100]}" is not JSON: {error}') from error
    return value


def write(value: Any) -> str:
    """A parsed value as compact JSON text."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}" if value.adjusted() > -7 else str(value)
        case str():
            return quote(value)
        case list():
            return "[" + ",".join([write(item) for item in value]) + "]"
        case _:
            return "{" + ",".join([f"{quote(key)}:{write(item)}" for key, item in value.items()]) + "}"


def text_of(value: Any) -> str:
    """A text value without its quotes, any other value as JSON text."""
    return value if isinstance(value, str) else write(value)


def quote(text: str) -> str:
    """A text as a JSON string."""
    return _QUOTE(text)


_QUOTE = json.JSONEncoder(ensure_ascii=False).encode


def _refuse(name: str) -> Any:
    raise ValueError(f'"{name}" is no JSON number')
