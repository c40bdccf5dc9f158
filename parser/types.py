"""Type names as written in SQL; `headrace.engine.types` gives them meaning."""

from dataclasses import dataclass, field

from headrace.parser.errors import Span


@dataclass(frozen=True, slots=True)
class TypeName:
    """Base of all type names; spans take no part in equality."""

    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class NamedType(TypeName):
    """`INT`, `VARCHAR(10)`, `VARCHAR(STRING)`, or the name of a custom type; unquoted names are upper case."""

    name: str
    parameters: tuple[int | str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecimalType(TypeName):
    """`DECIMAL(precision, scale)`."""

    precision: int
    scale: int


@dataclass(frozen=True, slots=True)
class ArrayType(TypeName):
    """`ARRAY<item>` (also written `item ARRAY`)."""

    item: TypeName


@dataclass(frozen=True, slots=True)
class MapType(TypeName):
    """`MAP<key, value>`."""

    key: TypeName
    value: TypeName


@dataclass(frozen=True, slots=True)
class StructType(TypeName):
    """`STRUCT<name type, …>`."""

    fields: tuple[tuple[str, TypeName], ...]
