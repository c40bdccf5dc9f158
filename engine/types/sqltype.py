"""SQL types and how their values are held in Python.

| SQL type | Python value |
|---|---|
| BOOLEAN | bool |
| INTEGER, BIGINT | int (32 and 64 bit; arithmetic wraps) |
| DOUBLE | float |
| DECIMAL(p, s) | decimal.Decimal with exactly s fraction digits |
| STRING | str |
| BYTES | bytes |
| DATE | int, days since the epoch |
| TIME | int, milliseconds of the day |
| TIMESTAMP | int, milliseconds since the epoch |
| ARRAY<T> | list |
| MAP<K, V> | dict |
| STRUCT<…> | dict from the declared field name to its value, in declared order, every field present |

SQL NULL is None at every level.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SqlType:
    """Base of all types; `str(type)` is its SQL text."""


@dataclass(frozen=True, slots=True)
class Primitive(SqlType):
    """A type without parameters."""

    name: str

    def __str__(self) -> str:
        return self.name


BOOLEAN = Primitive("BOOLEAN")
INTEGER = Primitive("INTEGER")
BIGINT = Primitive("BIGINT")
DOUBLE = Primitive("DOUBLE")
STRING = Primitive("STRING")
BYTES = Primitive("BYTES")
DATE = Primitive("DATE")
TIME = Primitive("TIME")
TIMESTAMP = Primitive("TIMESTAMP")


@dataclass(frozen=True, slots=True)
class Decimal(SqlType):
    """DECIMAL(precision, scale)."""

    precision: int
    scale: int

    def __str__(self) -> str:
        return f"DECIMAL({self.precision}, {self.scale})"


@dataclass(frozen=True, slots=True)
class Array(SqlType):
    """ARRAY<item>."""

    item: SqlType

    def __str__(self) -> str:
        return f"ARRAY<{self.item}>"


@dataclass(frozen=True, slots=True)
class Map(SqlType):
    """MAP<key, value>."""

    key: SqlType
    value: SqlType

    def __str__(self) -> str:
        return f"MAP<{self.key}, {self.value}>"


@dataclass(frozen=True, slots=True)
class Struct(SqlType):
    """STRUCT<name type, …>; names are unique and ordered."""

    fields: tuple[tuple[str, SqlType], ...]

    def __str__(self) -> str:
        return "STRUCT<" + ", ".join(f"`{name}` {type}" for name, type in self.fields) + ">"

    def field(self, name: str) -> SqlType | None:
        """The type of the field, or None where there is none of that name."""
        return next((type for field, type in self.fields if field == name), None)


NUMERIC = (INTEGER, BIGINT, DOUBLE)
"""The numeric primitives, narrowest first (DECIMAL stands between BIGINT and DOUBLE)."""


def is_numeric(type: SqlType) -> bool:
    """Whether arithmetic applies to the type."""
    return type in NUMERIC or isinstance(type, Decimal)
