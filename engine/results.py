"""What executing a statement gives: one object per statement, typed by kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from headrace.engine.types.schema import Schema


@dataclass(frozen=True, slots=True)
class Result:
    """Base of all results; `statement` is the statement's text."""

    statement: str = field(default="", kw_only=True)
    warnings: tuple[str, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class Status(Result):
    """A statement took effect ("Stream created", "Created query with ID CSAS_X_3", …)."""

    message: str
    query_id: str | None = None
    command_id: str | None = None
    sequence: int = -1


@dataclass(frozen=True, slots=True)
class Listing(Result):
    """A table of facts: SHOW STREAMS and its like. `kind` is the REST entity name ("streams", "queries", …)."""

    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Description(Result):
    """DESCRIBE of a source, query or function: `columns` are (field, type text) pairs, `facts` are named lines."""

    kind: str
    name: str
    columns: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation(Result):
    """EXPLAIN: the plan as text, one step per line; with CODE also the generated source."""

    text: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class QueryRow:
    """One row of a query: `values` in schema order, event time in ms; `deleted` rows carry key values and None."""

    values: tuple[Any, ...]
    timestamp: int
    deleted: bool = False


class RowSource(Protocol):
    """Rows of a running query; iterating blocks until the next row, `close` ends the query. Usable as a context manager."""

    def __iter__(self) -> Iterator[QueryRow]: ...

    def close(self) -> None:
        """End the query; idempotent, callable from any thread."""

    def left_out(self) -> Sequence[str]:
        """What is to be said of records that gave no row so far, because they cannot be decoded or came late."""
        return ()


@dataclass(frozen=True, slots=True)
class Rows(Result):
    """The rows of a SELECT. `push` queries go on until closed (or LIMIT, or bounded input ends)."""

    schema: Schema
    rows: RowSource
    push: bool
    query_id: str | None = None

    def __iter__(self) -> Iterator[QueryRow]:
        return iter(self.rows)

    def close(self) -> None:
        """End the query."""
        self.rows.close()

    def left_out(self) -> Sequence[str]:
        """What is to be said of records that gave no row so far, because they cannot be decoded or came late."""
        return self.rows.left_out()


@dataclass(frozen=True, slots=True)
class TopicRecords(Result):
    """PRINT: records as text lines."""

    topic: str
    lines: Iterator[str]


AnyResult = Status | Listing | Description | Explanation | Rows | TopicRecords
Results = Sequence[AnyResult]
