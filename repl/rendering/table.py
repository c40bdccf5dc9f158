"""Results as tables for people: fitted to their content and to the width of the terminal.

The law: what data say never reaches the terminal raw: control characters are shown escaped, so that a value can neither
break the table nor drive the terminal.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from headrace.engine.types.sqltype import BIGINT, BOOLEAN, DATE, DOUBLE, INTEGER, TIME, TIMESTAMP, Decimal, SqlType
from headrace.repl.rendering.grid import Grid, Row
from headrace.repl.rendering.values import text

NULL = "NULL"
DELETED = "<deleted>"
SMALLEST_COLUMN = 8
"""No column is clipped to fewer characters than this, however narrow the terminal."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_LIVE_WIDTHS: dict[SqlType | None, int] = {
    BOOLEAN: 5,
    INTEGER: 11,
    BIGINT: 14,
    DOUBLE: 18,
    DATE: 10,
    TIME: 12,
    TIMESTAMP: 23,
}
_LIVE_TEXT_WIDTH = 20


@dataclass(frozen=True, slots=True)
class Style:
    """How a table is drawn: rules and separators; `width` is the terminal's, None where lines may be of any length."""

    top: str
    middle: str
    bottom: str
    bars: tuple[str, str, str]
    width: int | None = None
    dim_null: bool = False


def box(width: int | None, *, colour: bool = False) -> Style:
    """Lines around every cell, for a terminal."""
    return Style("┌─┬┐", "├─┼┤", "└─┴┘", ("│ ", " │ ", " │"), width, colour)


PLAIN = Style("", " -+ ", "", (" ", " | ", ""))
"""As psql writes where its output is piped: no box, no colour."""


def table(grid: Grid, rows: Iterable[Row], style: Style = PLAIN) -> Iterator[str]:
    """A bounded result: all rows are seen before the first line is written."""
    lines = [[_cell(grid, i, row) for i in range(len(grid.names))] for row in rows]
    heads = [_visible(name) for name in grid.names]
    widths = [max(map(columns, column)) for column in zip(heads, *lines)]
    yield from _draw(grid, heads, lines, _fit(widths, style), style)
    yield f"{len(lines)} row{'' if len(lines) == 1 else 's'}\n"


def live_table(grid: Grid, rows: Iterable[Row], style: Style = PLAIN) -> Iterator[str]:
    """Rows of a running query: widths are chosen by type, what does not fit is clipped in a terminal and whole elsewhere."""
    heads = [_visible(name) for name in grid.names]
    widths = _fit([max(columns(h), _live_width(t)) for h, t in zip(heads, grid.types)], style)
    lines = ([_cell(grid, i, row) for i in range(len(grid.names))] for row in rows)
    yield from _draw(grid, heads, lines, widths, style)


def columns(line: str) -> int:
    """The terminal columns that a text takes."""
    if line.isascii():
        return len(line)
    from rich.cells import cell_len

    return cell_len(line)


def _draw(
    grid: Grid, heads: Sequence[str], lines: Iterable[Sequence[str]], widths: Sequence[int], style: Style
) -> Iterator[str]:
    if style.top:
        yield _rule(style.top, widths)
    right = [grid.is_number(i) for i in range(len(widths))]
    yield _line(heads, widths, right, style)
    yield _rule(style.middle, widths)
    for cells in lines:
        yield _line(cells, widths, right, style)
    if style.bottom:
        yield _rule(style.bottom, widths)


def _rule(pieces: str, widths: Sequence[int]) -> str:
    left, fill, cross, right = tuple(pieces)
    return (left + cross.join(fill * (w + 2) for w in widths) + right).strip(" ") + "\n"


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], style: Style) -> str:
    start, between, end = style.bars
    shown = cells if style.width is None else list(map(_clip, cells, widths))
    padded = list(map(_pad, shown, widths, right))
    if style.dim_null:
        padded = [f"\x1b[2m{p}\x1b[0m" if c in (NULL, DELETED) else p for c, p in zip(cells, padded, strict=True)]
    return (start + between.join(padded) + end).rstrip() + "\n"


def _pad(cell: str, width: int, right: bool) -> str:
    gap = " " * (width - columns(cell))
    return gap + cell if right else cell + gap


def _clip(cell: str, width: int) -> str:
    if columns(cell) <= width:
        return cell
    while columns(cell) > width - 1:
        cell = cell[:-1]
    return cell + "…"


def _fit(widths: list[int], style: Style) -> list[int]:
    if style.width is None or not widths:
        return widths
    room = max(style.width - 3 * len(widths) - 1, SMALLEST_COLUMN * len(widths))
    first, rest = widths[0], widths[1:]
    # Names and keys stand in the first column: whole, where that leaves room for the others.
    if rest and first <= min(room // 2, room - SMALLEST_COLUMN * len(rest)):
        return [first, *_shrink(rest, room - first)]
    return _shrink(list(widths), room)


def _shrink(widths: list[int], room: int) -> list[int]:
    while sum(widths) > room:
        widest = widths.index(max(widths))
        others = max((w for i, w in enumerate(widths) if i != widest), default=0)
        widths[widest] -= max(1, min(sum(widths) - room, widths[widest] - others))
    return widths


def _cell(grid: Grid, index: int, row: Row) -> str:
    value = row.cells[index]
    if value is None:
        return DELETED if row.deleted else NULL
    return _visible(text(grid.types[index], value))


def _visible(line: str) -> str:
    return _CONTROL.sub(_escape, line)


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()


def _live_width(type: SqlType | None) -> int:
    if isinstance(type, Decimal):
        return type.precision + 2
    return _LIVE_WIDTHS.get(type, _LIVE_TEXT_WIDTH)
