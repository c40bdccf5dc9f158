"""Type names as written become types; custom types are replaced by their definition."""

from collections.abc import Mapping
from difflib import get_close_matches

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
from headrace.parser.errors import SqlError
from headrace.parser.types import ArrayType, DecimalType, MapType, NamedType, StructType, TypeName

PRIMITIVES: Mapping[str, SqlType] = {
    "BOOLEAN": BOOLEAN,
    "INTEGER": INTEGER,
    "INT": INTEGER,
    "BIGINT": BIGINT,
    "DOUBLE": DOUBLE,
    "STRING": STRING,
    "VARCHAR": STRING,
    "BYTES": BYTES,
    "DATE": DATE,
    "TIME": TIME,
    "TIMESTAMP": TIMESTAMP,
}


def resolve_type(name: TypeName, custom: Mapping[str, SqlType]) -> SqlType:
    """The type that a name means; raises SqlError."""
    match name:
        case NamedType():
            return _named(name, custom)
        case DecimalType(precision, scale):
            return _decimal(precision, scale, name)
        case ArrayType(item):
            return Array(resolve_type(item, custom))
        case MapType(key, value):
            return Map(resolve_type(key, custom), resolve_type(value, custom))
        case StructType(fields):
            return _struct(fields, name, custom)
    raise AssertionError(name)


def _named(name: NamedType, custom: Mapping[str, SqlType]) -> SqlType:
    found = PRIMITIVES.get(name.name.upper()) or custom.get(name.name)
    if found is not None:
        return found
    if name.name.upper() == "DECIMAL":
        raise SqlError(
            "DECIMAL needs a precision and a scale.",
            span=name.span,
            hint="write DECIMAL(10, 2), say",
            kind="unknown type",
        )
    near = get_close_matches(name.name.upper(), [*PRIMITIVES, *custom], n=1, cutoff=0.6)
    hint = f'did you mean "{near[0]}"?' if near else "CREATE TYPE defines types, SHOW TYPES lists them"
    raise SqlError(f"Cannot resolve unknown type: {name.name}", span=name.span, hint=hint, kind="unknown type")


def _decimal(precision: int, scale: int, name: TypeName) -> Decimal:
    if precision < 1:
        raise SqlError(
            f"DECIMAL precision must be >= 1: DECIMAL({precision},{scale})", span=name.span, kind="unknown type"
        )
    if not 0 <= scale <= precision:
        raise SqlError(
            f"DECIMAL scale must be from 0 to the precision: DECIMAL({precision},{scale})",
            span=name.span,
            kind="unknown type",
        )
    return Decimal(precision, scale)


def _struct(fields: tuple[tuple[str, TypeName], ...], name: TypeName, custom: Mapping[str, SqlType]) -> Struct:
    seen: set[str] = set()
    for field, _ in fields:
        if field in seen:
            raise SqlError(
                f"Duplicate field names found in STRUCT: '{field}'", span=name.span, hint="rename one of them"
            )
        seen.add(field)
    return Struct(tuple((field, resolve_type(type, custom)) for field, type in fields))
