"""What formats refuse when a source or sink is declared, in ksqlDB's words."""

from collections.abc import Iterator
from typing import NoReturn

from headrace.engine.codegen.serde import SerdeSpec
from headrace.engine.types.schema import Column
from headrace.engine.types.sqltype import Array, Decimal, Map, SqlType, Struct
from headrace.parser.errors import SqlError


def check_map_keys(spec: SerdeSpec) -> None:
    """Refuse maps in keys: entries have no order, so equal maps may have different bytes."""
    for column in spec.columns if spec.is_key else ():
        if any(isinstance(type, Map) for type in nested(column.type)):
            raise SqlError(
                "Map keys, including types that contain maps, are not supported as they may lead to unexpected behavior due to "
                f"inconsistent serialization. Key column name: `{column.name}`. Column type: {column.type}. "
                "See https://github.com/confluentinc/ksql/issues/6621 for more.",
                kind="format",
            )


def check_unwrapped(spec: SerdeSpec) -> None:
    """Refuse WRAP_SINGLE_VALUE=true for a format that has no record around a single value."""
    if not spec.is_key and spec.wrapped and len(spec.columns) == 1:
        raise SqlError(
            f"Format '{spec.format}' does not support 'WRAP_SINGLE_VALUE' set to 'true'.",
            hint="leave WRAP_SINGLE_VALUE out",
            kind="format",
        )


def refuse(reason: str, *, hint: str | None = None) -> NoReturn:
    """Raise the SqlError of a format that cannot hold the columns (the planner adds format and schema)."""
    raise SqlError(reason, hint=hint, kind="format")


def columns_text(spec: SerdeSpec) -> str:
    """The columns as ksqlDB lists them: [`K` STRING KEY]."""
    suffix = " KEY" if spec.is_key else ""
    return "[" + ", ".join(f"`{c.name}` {c.type}{suffix}" for c in spec.columns) + "]"


def type_word(column: Column) -> str:
    """The name of the column's type without its parameters."""
    match column.type:
        case Array():
            return "ARRAY"
        case Map():
            return "MAP"
        case Struct():
            return "STRUCT"
        case Decimal():
            return "DECIMAL"
    return str(column.type)


def nested(type: SqlType) -> Iterator[SqlType]:
    """The type and all types within it."""
    yield type
    match type:
        case Array(item):
            yield from nested(item)
        case Map(key, value):
            yield from nested(key)
            yield from nested(value)
        case Struct(fields):
            for _, field in fields:
                yield from nested(field)
