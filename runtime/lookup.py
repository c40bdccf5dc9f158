"""Pull look-ups: rows of a materialised table as its stage shows them.

The law: a look-up runs between steps, when everything computed is committed, so that all its rows belong to one version.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from headrace.parser.errors import SqlError
from headrace.runtime.query import Query
from headrace.runtime.state.store import StateStore

TableRow = tuple[int, tuple[Any, ...]]
"""(event time, column values in schema order)."""

Entry = tuple[Any, int | None, Any]
"""(key, window start, state)."""


def look_up(query: Query, keys: Sequence[Any] | None, windows: tuple[int, int] | None) -> list[TableRow]:
    """The rows of state keys, or of all (None), with window starts in a closed range where given."""
    place = query.plan.materialization
    if place is None:
        raise SqlError(
            f'The result of "{query.id}" is not kept as a table.',
            hint="a pull query needs a table that a query aggregates",
        )
    rows: list[TableRow] = []
    for partition in range(query.partitions):
        # a key is looked for everywhere: whoever wrote the source may have placed it otherwise than we would
        task = query.task(place.sub_topology, partition)
        store = task.stores[place.store]
        entries = store.entries(windows) if keys is None else _entries_of(store, keys, windows)
        rows += (row for entry in entries if (row := task.row(*entry)) is not None)
    return rows


def _entries_of(store: StateStore, keys: Sequence[Any], windows: tuple[int, int] | None) -> Iterator[Entry]:
    for key in keys:
        if store.spec.windowed:
            for window in store.window_starts(windows):
                state = store.get_window(window, key)
                if state is not None:
                    yield key, window, state
        else:
            state = store.get(key)
            if state is not None:
                yield key, None, state
