"""Rows as JSON objects, one per line."""

from collections.abc import Iterable, Iterator

from headrace.repl.rendering.grid import Grid, Row
from headrace.repl.rendering.values import json_encoder, quote


def objects(grid: Grid, rows: Iterable[Row]) -> Iterator[str]:
    """Each row as a JSON object without a line end."""
    columns = [(quote(name) + ":", json_encoder(type)) for name, type in zip(grid.names, grid.types, strict=True)]
    for row in rows:
        yield "{" + ",".join([key + encode(cell) for (key, encode), cell in zip(columns, row.cells)]) + "}"


def ndjson(grid: Grid, rows: Iterable[Row]) -> Iterator[str]:
    """One object per line."""
    for line in objects(grid, rows):
        yield line + "\n"
