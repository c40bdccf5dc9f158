"""The columns of a stream or table."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from headrace.engine.types.sqltype import BIGINT, INTEGER, SqlType


class Namespace(Enum):
    """Which part of a record a column lives in."""

    KEY = "KEY"
    VALUE = "VALUE"
    HEADERS = "HEADERS"


@dataclass(frozen=True, slots=True)
class Column:
    """A named, typed column; `header_key` names the header of a `HEADER('key')` column."""

    name: str
    type: SqlType
    namespace: Namespace = Namespace.VALUE
    header_key: str | None = None


@dataclass(frozen=True, slots=True)
class Schema:
    """Columns in declared order."""

    columns: tuple[Column, ...]

    @property
    def key(self) -> tuple[Column, ...]:
        """The key columns in order."""
        return tuple(c for c in self.columns if c.namespace is Namespace.KEY)

    @property
    def value(self) -> tuple[Column, ...]:
        """The value columns in order (headers are not among them)."""
        return tuple(c for c in self.columns if c.namespace is Namespace.VALUE)

    @property
    def headers(self) -> tuple[Column, ...]:
        """The header columns in order."""
        return tuple(c for c in self.columns if c.namespace is Namespace.HEADERS)

    def find(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((c for c in self.columns if c.name == name), None)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __str__(self) -> str:
        return ", ".join(
            f"`{c.name}` {c.type}" + (" KEY" if c.namespace is Namespace.KEY else "") for c in self.columns
        )


PSEUDO_COLUMNS = {"ROWTIME": BIGINT, "ROWPARTITION": INTEGER, "ROWOFFSET": BIGINT}
"""Readable on every source, never returned by `*`."""

WINDOW_BOUNDS = {"WINDOWSTART": BIGINT, "WINDOWEND": BIGINT}
"""Readable on windowed sources, returned by `*`."""
