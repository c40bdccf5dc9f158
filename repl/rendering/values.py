"""SQL values as text, for people and as JSON.

The law: nothing is lost. DECIMAL keeps all its digits, DATE, TIME and TIMESTAMP are ISO text in UTC, BYTES are base64, and
a number that JSON has no word for (NaN, Infinity) is a text.
"""

import base64
import json
import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as Digits
from typing import Any

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

_EPOCH_DAY = date(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Encoder = Callable[[Any], str]


def text(type: SqlType | None, value: Any) -> str:
    """A value other than NULL as people read it: texts bare, nested values as JSON."""
    if type is None or type == STRING:
        return str(value)
    encoded = json_encoder(type)(value)
    return encoded[1:-1] if encoded.startswith('"') else encoded


def json_encoder(type: SqlType | None) -> Encoder:
    """The function that writes values of the type, NULL included, as JSON."""
    encode = _encoder(type)
    return lambda value: "null" if value is None else encode(value)


def _encoder(type: SqlType | None) -> Encoder:
    match type:
        case Array(item):
            one = json_encoder(item)
            return lambda values: "[" + ",".join(map(one, values)) + "]"
        case Map(_, item):
            one = json_encoder(item)
            return lambda pairs: _object((quote(key), one(value)) for key, value in pairs.items())
        case Struct(fields):
            named = [(name, quote(name), json_encoder(field)) for name, field in fields]
            return lambda struct: _object((key, one(struct.get(name))) for name, key, one in named)
        case Decimal():
            return lambda value: format(Digits(value), "f")
        case None:
            return _fact
        case _:
            return _PRIMITIVES[type]


def quote(value: Any) -> str:
    """A text as a JSON string; other keys of maps by their usual text."""
    return json.dumps(value if isinstance(value, str) else str(value), ensure_ascii=False)


def _object(pairs: Any) -> str:
    return "{" + ",".join(f"{key}:{value}" for key, value in pairs) + "}"


def _fact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _double(value: float) -> str:
    return repr(float(value)) if math.isfinite(value) else f'"{_JAVA_NAMES[str(float(value))]}"'


_JAVA_NAMES = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def _bytes(value: bytes) -> str:
    return '"' + base64.b64encode(value).decode() + '"'


def _date(days: int) -> str:
    try:
        return f'"{_EPOCH_DAY + timedelta(days=days)}"'
    except OverflowError:
        return str(days)


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1_000)
    clock = f"{seconds // 3_600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f'"{clock}.{rest:03}"' if rest else f'"{clock}"'


def _timestamp(milliseconds: int) -> str:
    try:
        moment = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return str(milliseconds)
    return f'"{moment.replace(tzinfo=None).isoformat(timespec="milliseconds")}"'


_PRIMITIVES: dict[SqlType, Encoder] = {
    BOOLEAN: lambda value: "true" if value else "false",
    INTEGER: str,
    BIGINT: str,
    DOUBLE: _double,
    STRING: quote,
    BYTES: _bytes,
    DATE: _date,
    TIME: _time,
    TIMESTAMP: _timestamp,
}
