"""A result as a Markdown table."""

from collections.abc import Iterable, Iterator

from headrace.repl.rendering.grid import Grid, Row
from headrace.repl.rendering.values import text


def markdown(grid: Grid, rows: Iterable[Row]) -> Iterator[str]:
    """A header, a rule that aligns numbers, a line per row."""
    yield _line(map(_escaped, grid.names))
    yield _line("---:" if grid.is_number(i) else "---" for i in range(len(grid.names)))
    for row in rows:
        yield _line("NULL" if c is None else _escaped(text(t, c)) for t, c in zip(grid.types, row.cells))


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def _escaped(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("|", "\\|").replace("\r", "").replace("\n", "<br>")
