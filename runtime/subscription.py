"""The rows of a push query on their way to a reader.

The law: rows are derived from committed records only, so a row that was delivered never becomes untrue; a slow reader
makes its own query wait, never the engine.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from headrace.engine.plan.physical import PhysicalPlan
from headrace.engine.results import QueryRow
from headrace.engine.types.schema import Namespace, Schema
from headrace.runtime.metrics import Counters
from headrace.runtime.problems import Problem

BUFFERED_ROWS = 10_000
"""Rows that wait for a reader before its query waits too (one step may exceed it)."""


def query_row(schema: Schema, row: Sequence[Any]) -> QueryRow:
    """A row as the stage wrote it, (timestamp, values or None, key values), for a reader."""
    timestamp, values, key = row[0], row[1], row[2] or ()
    if values is not None:
        return QueryRow(tuple(values), timestamp)
    if len(key) == len(schema.columns):
        return QueryRow(tuple(key), timestamp, deleted=True)
    keys = iter(key)
    cells = tuple(next(keys, None) if c.namespace is Namespace.KEY else None for c in schema.columns)
    return QueryRow(cells, timestamp, deleted=True)


class Subscription:
    """A RowSource: iterating blocks until the next row, `close` ends the query from any thread."""

    def __init__(
        self,
        plan: PhysicalPlan,
        *,
        on_close: Callable[[], object],
        on_drained: Callable[[], object],
        drive: Callable[[], bool] | None,
    ) -> None:
        self.plan = plan
        self._on_close = on_close
        self._on_drained = on_drained
        self._drive = drive
        self._rows: deque[QueryRow] = deque()
        self._left = plan.limit
        self._ended = False
        self._error: Exception | None = None
        self._counts = Counters()
        self._first: Problem | None = None
        self._changed = threading.Condition()

    def __enter__(self) -> "Subscription":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[QueryRow]:
        while True:
            row = self.next()
            if row is None:
                return
            yield row

    @property
    def is_full(self) -> bool:
        """Whether the query should wait."""
        return len(self._rows) >= BUFFERED_ROWS

    @property
    def is_ended(self) -> bool:
        """Whether no rows will be added."""
        return self._ended

    def next(self, timeout: float | None = None) -> QueryRow | None:
        """The next row; None at the end, or where none came in `timeout` seconds.

        Without an engine thread (manual mode) this makes the engine step, and ends when it has nothing to do.
        """
        if self._drive is not None:
            while not self._rows and not self._ended and self._drive():
                pass
            if not self._rows and self._error is None:
                return None
        with self._changed:
            while not self._rows and not self._ended:
                if not self._changed.wait(timeout):
                    return None
            if not self._rows:
                if self._error is not None:
                    raise self._error
                return None
            row = self._rows.popleft()
            drained = len(self._rows) == BUFFERED_ROWS // 2
        if drained:
            self._on_drained()
        return row

    def take(self) -> list[QueryRow]:
        """The rows that wait, without blocking."""
        with self._changed:
            rows = list(self._rows)
            self._rows.clear()
        if len(rows) >= BUFFERED_ROWS // 2:
            self._on_drained()
        return rows

    def add(self, rows: Sequence[Any]) -> bool:
        """Add rows as the stage wrote them; False when the limit is reached."""
        if self._left is not None:
            rows = rows[: self._left]
            self._left -= len(rows)
        with self._changed:
            self._rows.extend(query_row(self.plan.schema, row) for row in rows)
            if self._left == 0:
                self._ended = True
            self._changed.notify_all()
        return not self._ended

    def note(self, problems: Sequence[Problem], counts: Counters) -> None:
        """Keep what went wrong: a push query has no commit that could put it into the processing log."""
        self._counts.add(counts)
        if self._first is None:
            self._first = next((p for p in problems if "deserializationError" in p.message), None)

    def left_out(self) -> Sequence[str]:
        """What is to be said of records that gave no row so far."""
        said = []
        if count := self._counts.undecodable:
            said.append(f"{_records(count)} cannot be decoded and {_is(count)} left out{_where(self._first)}")
        if count := self._counts.late:
            said.append(f"{_records(count)} came after {'its' if count == 1 else 'their'} window had closed")
        return said

    def end(self, error: Exception | None = None) -> None:
        """No rows will follow."""
        with self._changed:
            self._ended = True
            self._error = self._error or error
            self._changed.notify_all()

    def close(self) -> None:
        """End the query; idempotent."""
        with self._changed:
            closed, self._ended = self._ended, True
            self._changed.notify_all()
        if not closed:
            self._on_close()


def _records(count: int) -> str:
    return f"{count:,} record{'' if count == 1 else 's'}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _where(problem: Problem | None) -> str:
    if problem is None:
        return ""
    details = problem.message["deserializationError"]
    place = f"{problem.topic}, partition {problem.partition}, offset {problem.offset}"
    return f"; the first: {place}, {details['target']}: {details['errorMessage']}"
