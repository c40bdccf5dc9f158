"""Rows as CSV with a header, as RFC 4180 has it but with plain line ends; NULL is an empty field, an empty text is quoted."""

from collections.abc import Iterable, Iterator
from typing import Any

from headrace.engine.types.sqltype import SqlType
from headrace.repl.rendering.grid import Grid, Row
from headrace.repl.rendering.values import text

_NEEDS_QUOTES = frozenset(',"\r\n')


def csv(grid: Grid, rows: Iterable[Row]) -> Iterator[str]:
    """A header line, then a line per row."""
    yield ",".join(map(_quoted, grid.names)) + "\n"
    for row in rows:
        yield ",".join(_field(type, cell) for type, cell in zip(grid.types, row.cells)) + "\n"


def _field(type: SqlType | None, value: Any) -> str:
    return "" if value is None else _quoted(text(type, value))


def _quoted(field: str) -> str:
    if field and not _NEEDS_QUOTES.intersection(field):
        return field
    return '"' + field.replace('"', '""') + '"'
