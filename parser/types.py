"""Type names as written in SQL; `headrace.engine.types` gives them meaning."""

from dataclasses import field

from headrace.parser.errors import Span
from headrace.parser.syntax import Syntax, syntax


@syntax
class TypeName(Syntax):
    """Base of all type names; spans take no part in equality."""

    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@syntax
class NamedType(TypeName):
    """`INT`, `VARCHAR(10)`, `VARCHAR(STRING)`, or the name of a custom type; unquoted names are upper case."""

    name: str
    parameters: tuple[int | str, ...] = ()


@syntax
class DecimalType(TypeName):
    """`DECIMAL(precision, scale)`."""

    precision: int
    scale: int


@syntax
class ArrayType(TypeName):
    """`ARRAY<item>` (also written `item ARRAY`)."""

    item: TypeName


@syntax
class MapType(TypeName):
    """`MAP<key, value>`."""

    key: TypeName
    value: TypeName


@syntax
class StructType(TypeName):
    """`STRUCT<name type, …>`."""

    fields: tuple[tuple[str, TypeName], ...]
