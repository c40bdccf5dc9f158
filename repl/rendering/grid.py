"""What is rendered: named, typed columns and rows of values.

The law: a rendering is a function from a `Grid` and its rows to pieces of text, each piece given as soon as it is known, so
that rows of a running query appear one by one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from headrace.engine.types.schema import Schema
from headrace.engine.types.sqltype import SqlType, is_numeric


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row in column order; a `deleted` row has its key cells and None elsewhere."""

    cells: tuple[Any, ...]
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Column names and their types; a type is None where cells are facts of the engine (SHOW …) rather than SQL values."""

    names: tuple[str, ...]
    types: tuple[SqlType | None, ...]

    @classmethod
    def of(cls, schema: Schema) -> "Grid":
        """The grid of a query's result."""
        return cls(tuple(c.name for c in schema), tuple(c.type for c in schema))

    @classmethod
    def plain(cls, names: Iterable[str]) -> "Grid":
        """A grid of facts."""
        names = tuple(names)
        return cls(names, (None,) * len(names))

    def is_number(self, index: int) -> bool:
        """Whether the column's cells stand at the right."""
        type = self.types[index]
        return type is not None and is_numeric(type)


Rendering = Callable[[Grid, Iterable[Row]], Iterator[str]]
"""A way to write rows."""
