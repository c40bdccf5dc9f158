"""What the engine needs from the world, as Protocols that `headrace.runtime` implements. The engine itself does no I/O."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from headrace.engine.codegen.serde import Formats
from headrace.engine.plan.physical import PhysicalPlan
from headrace.engine.results import RowSource


class Clock(Protocol):
    """Wall-clock time."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as the engine sees it."""

    name: str
    partitions: int
    replicas: int = 1
    config: Mapping[str, str] = field(default_factory=dict)


class Topics(Protocol):
    """Topics of the log."""

    def describe(self, name: str) -> Topic | None: ...

    def create(self, topic: Topic) -> None: ...

    def delete(self, name: str) -> None: ...

    def all(self) -> Sequence[Topic]: ...

    def append(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        timestamp: int,
        headers: Sequence[tuple[str, bytes | None]] = (),
    ) -> None:
        """Append one record durably, to the partition of its key (murmur2)."""

    def records(self, topic: str, *, from_beginning: bool, limit: int | None, follow: bool) -> Iterator[Any]:
        """Records of all partitions (with `topic_partition` attribute beside the usual ones), for PRINT."""


@dataclass(frozen=True, slots=True)
class QueryStatus:
    """What is known of a running query."""

    id: str
    sql: str
    sink: str | None
    sink_topic: str | None
    state: str
    """RUNNING, PAUSED, ERROR or TERMINATED."""
    push: bool = False
    errors: tuple[tuple[int, str], ...] = ()
    """(wall-clock ms, message), newest last."""
    counters: Mapping[str, int] = field(default_factory=dict)
    """records_in, records_out, undecodable, failed, skipped, late, restarts, lag."""


class Queries(Protocol):
    """Running queries."""

    def start(self, plan: PhysicalPlan, *, offset_reset: str, paused: bool = False) -> None:
        """Run a persistent query; resumes from its committed offsets, else from `offset_reset` (earliest or latest)."""

    def subscribe(self, plan: PhysicalPlan, *, offset_reset: str) -> RowSource:
        """Run a push query (or a bounded one)."""

    def stop(self, query_id: str, *, forget: bool) -> None:
        """Stop a query; with `forget` its offsets, state and internal topics go too."""

    def pause(self, query_id: str) -> None: ...

    def resume(self, query_id: str) -> None: ...

    def all(self) -> Sequence[QueryStatus]: ...

    def lookup(
        self,
        query_id: str,
        keys: Sequence[Any] | None,
        window_start: tuple[int, int] | None,
    ) -> Iterator[tuple[Any, ...]]:
        """Table rows (as the stage's `row` function gives them) of one committed version: for state keys, or all (None),
        with window starts in a closed range [low, high] where given."""


@dataclass(frozen=True, slots=True)
class Command:
    """A statement that changed the catalog, as the command log keeps it (versioned JSON)."""

    sql: str
    properties: Mapping[str, str]
    query_id: str | None = None
    steps: Any = None
    """Logical steps of the query, as plain data."""


class Commands(Protocol):
    """The log of distributed statements."""

    def next_sequence(self) -> int:
        """The sequence number that the next command will get."""

    def append(self, command: Command) -> int:
        """Keep the command durably; returns its sequence number."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything together."""

    clock: Clock
    formats: Formats
    topics: Topics
    queries: Queries
    commands: Commands
    read_file: Callable[[str], str] | None = None
    """Reads a script for RUN SCRIPT; None refuses it."""
