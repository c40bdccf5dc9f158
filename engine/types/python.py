"""The Python type that holds values of a SQL type, as msgspec understands it."""

import decimal
from typing import Any, Optional

from headrace.engine.types.sqltype import Array, Decimal, Map, Primitive, SqlType, Struct

_PRIMITIVES: dict[str, type] = {
    "BOOLEAN": bool,
    "INTEGER": int,
    "BIGINT": int,
    "DOUBLE": float,
    "STRING": str,
    "BYTES": bytes,
    "DATE": int,
    "TIME": int,
    "TIMESTAMP": int,
}


def python_type(type: SqlType) -> Any:
    """The Python type of non-NULL values; items of containers are optional."""
    match type:
        case Primitive(name):
            return _PRIMITIVES[name]
        case Decimal():
            return decimal.Decimal
        case Array(item):
            return list[Optional[python_type(item)]]  # type: ignore[misc]  # noqa: UP045 - built at run time
        case Map(key, value):
            return dict[python_type(key), Optional[python_type(value)]]  # type: ignore[misc]  # noqa: UP045
        case Struct():
            return dict[str, Any]
    raise AssertionError(type)


def optional_type(type: SqlType) -> Any:
    """The Python type of values that may be NULL."""
    return Optional[python_type(type)]  # noqa: UP045 - built at run time


def is_hashable(type: SqlType) -> bool:
    """Whether values can be keys of a dict as they are."""
    return isinstance(type, Primitive | Decimal)
