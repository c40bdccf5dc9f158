"""Rows from a program as records of a source.

The law: a value that is not of its column's type is refused with the column's name; nothing is converted that could mean
something else, and nothing is written that readers could not decode.
"""

import datetime
import decimal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from headrace.engine.catalog.source import Source
from headrace.engine.session import Session
from headrace.engine.statements.insert_values import encode, refuse_read_only
from headrace.engine.types.decimals import decimal_of_double
from headrace.engine.types.schema import Namespace
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
from headrace.engine.types.temporal import parse_date, parse_time, parse_timestamp
from headrace.parser.errors import SqlError
from headrace.runtime.log.base import Row
from headrace.runtime.serde.scalars import INT_MAX, INT_MIN, LONG_MAX, LONG_MIN, decimal_fit

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MILLISECOND = datetime.timedelta(milliseconds=1)
_RANGES: Mapping[SqlType, tuple[int, int]] = {INTEGER: (INT_MIN, INT_MAX), BIGINT: (LONG_MIN, LONG_MAX)}


def encoded_rows(session: Session, source: Source, rows: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """The rows as records; names match exactly, else in upper case. Raises SqlError."""
    refuse_read_only(session, source)
    types = {c.name: c.type for c in source.schema.columns if c.namespace is not Namespace.HEADERS}
    for row in rows:
        if not isinstance(row, Mapping):
            raise SqlError(f"A row is a mapping of column names to values, not {row!r}.", kind="type mismatch")
        values: dict[str, Any] = {}
        timestamp = None
        for name, value in row.items():
            known = name if name in types else str(name).upper()
            if known == "ROWTIME":
                timestamp = _time(value)
            elif known in types:
                values[known] = _checked(value, types[known], known)
            else:
                raise SqlError(
                    f'Column "{name}" not found in "{source.name}".',
                    hint=f"existing columns: {', '.join(sorted(types))}",
                    kind="unknown column",
                )
        key, data = encode(session, source, values)
        yield (session.services.clock.now_ms() if timestamp is None else timestamp), key, data, ()


def _time(value: Any) -> int | None:
    time = _checked(value, TIMESTAMP, "ROWTIME")
    if time is not None and time < 0:
        raise SqlError(f"Invalid ROWTIME: {time}.", hint="it is milliseconds since 1970, not negative")
    return None if time is None else int(time)


def _checked(value: Any, type: SqlType, name: str) -> Any:
    try:
        return _value(value, type)
    except (ValueError, OverflowError) as error:
        said = f"; {error}" if str(error) else ""
        raise SqlError(f'Column "{name}" is {type} and cannot hold {value!r}{said}', kind="type mismatch") from error


def _value(value: Any, type: SqlType) -> Any:
    """A value as queries hold it; ValueError where it is not of the type."""
    if value is None:
        return None
    match type:
        case Array(item):
            return [_value(each, item) for each in _instance(value, list, tuple)]
        case Map(key, item):
            return {_value(k, key): _value(v, item) for k, v in _instance(value, Mapping).items()}
        case Struct(fields):
            return _struct(_instance(value, Mapping), fields)
        case Decimal(precision, scale):
            return decimal_fit(precision, scale)(_decimal(value))
    return _SCALARS[type](value)


def _instance(value: Any, *classes: type) -> Any:
    if not isinstance(value, classes) or (isinstance(value, bool) and bool not in classes):
        raise ValueError
    return value


def _struct(value: Mapping[Any, Any], fields: Sequence[tuple[str, SqlType]]) -> dict[str, Any]:
    types = dict(fields)
    given = {name if name in types else str(name).upper(): each for name, each in value.items()}
    if unknown := next((name for name in given if name not in types), None):
        raise ValueError(f'there is no field "{unknown}"')
    return {name: _value(given.get(name), type) for name, type in fields}


def _whole(type: SqlType) -> Callable[[Any], int]:
    low, high = _RANGES[type]

    def check(value: Any) -> int:
        number: int = _instance(value, int)
        if not low <= number <= high:
            raise ValueError(f"not in the range {low} to {high}")
        return number

    return check


def _decimal(value: Any) -> decimal.Decimal:
    if isinstance(value, float):
        return decimal_of_double(value)
    return decimal.Decimal(_instance(value, int, decimal.Decimal))


def _timestamp(value: Any) -> int:
    if isinstance(value, datetime.datetime):
        return ((value if value.tzinfo else value.replace(tzinfo=datetime.UTC)) - _EPOCH) // _MILLISECOND
    return parse_timestamp(value) if isinstance(value, str) else _whole(BIGINT)(value)


def _date(value: Any) -> int:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.toordinal() - _EPOCH.toordinal()
    return parse_date(value) if isinstance(value, str) else _whole(INTEGER)(value)


def _time_of_day(value: Any) -> int:
    if isinstance(value, datetime.time):
        return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000 + value.microsecond // 1_000
    return parse_time(value) if isinstance(value, str) else _whole(INTEGER)(value)


_SCALARS: Mapping[SqlType, Callable[[Any], Any]] = {
    BOOLEAN: lambda value: _instance(value, bool),
    INTEGER: _whole(INTEGER),
    BIGINT: _whole(BIGINT),
    DOUBLE: lambda value: float(_instance(value, int, float, decimal.Decimal)),
    STRING: lambda value: _instance(value, str),
    BYTES: lambda value: bytes(_instance(value, bytes, bytearray, memoryview)),
    DATE: _date,
    TIME: _time_of_day,
    TIMESTAMP: _timestamp,
}
