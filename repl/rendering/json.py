"""A result as one JSON array of objects."""

from collections.abc import Iterable, Iterator

from headrace.repl.rendering.grid import Grid, Row
from headrace.repl.rendering.ndjson import objects


def json(grid: Grid, rows: Iterable[Row]) -> Iterator[str]:
    """An array with a row per line, closed when the rows end."""
    separator = "[\n  "
    for line in objects(grid, rows):
        yield separator + line
        separator = ",\n  "
    yield "[]\n" if separator.startswith("[") else "\n]\n"
