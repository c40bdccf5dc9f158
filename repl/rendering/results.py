"""What a statement gave as pieces of text, by its kind."""

from collections.abc import Iterable, Iterator
from functools import singledispatch

from headrace.engine.results import Description, Explanation, Listing, QueryRow, Result, Rows, Status, TopicRecords
from headrace.repl.rendering.formats import rendering
from headrace.repl.rendering.grid import Grid, Row
from headrace.repl.rendering.table import PLAIN, Style


@singledispatch
def render(result: Result, format: str, style: Style = PLAIN, *, live: bool = True) -> Iterator[str]:
    """The text of a result in an output format, piece by piece as it becomes known; not `live` where its end is near."""
    raise TypeError(f"no rendering of {type(result).__name__}")


@render.register
def _status(result: Status, format: str, style: Style = PLAIN, *, live: bool = True) -> Iterator[str]:
    yield result.message + "\n"


@render.register
def _listing(result: Listing, format: str, style: Style = PLAIN, *, live: bool = True) -> Iterator[str]:
    yield from rendering(format, style=style)(Grid.plain(result.columns), map(Row, result.rows))


@render.register
def _description(result: Description, format: str, style: Style = PLAIN, *, live: bool = True) -> Iterator[str]:
    if result.columns or not result.facts:
        grid = Grid.plain(("Field", "Type"))
        yield from rendering(format, style=style)(grid, map(Row, result.columns))
    if format == "table":
        width = max((len(name) for name, _ in result.facts), default=0)
        yield from (f"{name:<{width}} : {fact}\n" for name, fact in result.facts)
    elif result.facts:
        if result.columns and format != "ndjson":
            yield "\n"
        yield from rendering(format, style=style)(Grid.plain(("Fact", "Value")), map(Row, result.facts))


@render.register
def _explanation(result: Explanation, format: str, style: Style = PLAIN, *, live: bool = True) -> Iterator[str]:
    yield result.text.rstrip("\n") + "\n"
    if result.code:
        yield "\n" + result.code.rstrip("\n") + "\n"


@render.register
def _rows(result: Rows, format: str, style: Style = PLAIN, *, live: bool = True) -> Iterator[str]:
    yield from rendering(format, style=style, live=live and result.push)(Grid.of(result.schema), rows(result))


@render.register
def _records(result: TopicRecords, format: str, style: Style = PLAIN, *, live: bool = True) -> Iterator[str]:
    for line in result.lines:
        yield line.rstrip("\n") + "\n"


def rows(result: Iterable[QueryRow]) -> Iterator[Row]:
    """Rows of a query as rows of a grid."""
    return (Row(row.values, row.deleted) for row in result)
