"""What a generated stage is, and what it is given: the contract between `engine.codegen` and `runtime.task`.

A stage is the fused work of one sub-topology. `StageProgram.make(context)` gives one `Stage` per task (sub-topology ×
partition); its state lives in stores of the context. A stage does no I/O: it appends to buffers of the context, which
the runtime takes at the end of a step.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class StageRecord(Protocol):
    """An input record: an object of the log, or of `runtime.task` where a query reads what another wrote in the same step."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class Problems(Protocol):
    """Where a stage reports what it could not process; the runtime keeps it (processing log, counters)."""

    def undecodable(self, record: StageRecord, is_key: bool, error: BaseException) -> None:
        """The record's key or value could not be decoded: it is skipped."""

    def failed(self, site: int, record: StageRecord | None, error: BaseException) -> None:
        """The expression `StageProgram.sites[site]` failed: its value is NULL (or the row dropped, for predicates)."""

    def skipped(self, record: StageRecord | None, reason: str) -> None:
        """The record takes no part for a reason that is no error of its bytes (NULL grouping key, bad timestamp)."""

    def late(self, record: StageRecord | None, window_start: int, window_end: int, stream_time: int) -> None:
        """The record is late for the window."""


class Output(Protocol):
    """Rows for one sink topic: tuples (timestamp, key bytes, value bytes, headers), per partition."""

    partitions: int

    def to(self, partition: int) -> list[tuple[int, bytes | None, bytes | None, Sequence[tuple[str, bytes | None]]]]:
        """The list to append to for a partition; the same list object for the life of the task."""

    def partition(self, key: bytes | None) -> int:
        """The partition for key bytes (murmur2 as Kafka's default partitioner; a cached look-up; null keys take turns)."""


@dataclass(frozen=True, slots=True)
class StoreSpec:
    """A state store of a stage.

    `name` is stable over restarts ("Aggregate-1"). `key_type` and `state_type` are msgspec-encodable Python types: rows are
    kept as `dict[key, state]`, for windowed stores as `dict[window start, dict[key, state]]`. `retention_ms` is how long
    after its start a window is kept, against stream time (None: not windowed). `key_width` says whether the key is one value
    (1) or a tuple of that many values. `session` stores keep, per key, a list of sessions.
    """

    name: str
    key_type: Any
    state_type: Any
    windowed: bool = False
    window_size_ms: int | None = None
    retention_ms: int | None = None
    session: bool = False


class Store(Protocol):
    """State of one task, held in plain dicts that generated code reads and writes directly.

    Unwindowed: `rows[key]`. Windowed: `windows[start][key]`. Generated code puts every key that it changes into `changed` /
    `changed_windows[start]` (as a key of the dict; the value is None, room for the old state that snapshot reads will want); a deleted
    key is removed from `rows` and stays in `changed`. `load` / `load_window` look a missing key up in the checkpoint, put it
    into the dict and return it (or return None); where everything is in memory they are None.
    """

    rows: dict[Any, Any]
    windows: dict[int, dict[Any, Any]]
    changed: dict[Any, Any]
    changed_windows: dict[int, dict[Any, Any]]
    pending: dict[Any, Any]
    pending_windows: dict[int, dict[Any, Any]]
    load: Callable[[Any], Any] | None
    load_window: Callable[[int, Any], Any] | None
    stream_time: int
    """Highest event time seen by the task (ms), -1 before the first record; kept with the state."""


class StageContext(Protocol):
    """What a task gives its stage."""

    partition: int
    problems: Problems
    outputs: Sequence[Output]
    stores: Sequence[Store]
    highs: list[int]
    """By input: the highest event time of its partition before the records of this run (-1: none). The runtime sets it before
    each run from committed state, so that exchange rows get the same `high` wherever slices are cut and after a restart."""
    coalesce: bool
    """Whether changes are kept for `Stage.emit` (True) or written as they come (False)."""

    def exchange(self, key: bytes) -> Callable[[tuple[Any, ...]], None]:
        """The append of the exchange partition for the encoded grouping key (sub-topologies that end in an exchange)."""


class Stage(Protocol):
    """The generated functions of one task."""

    def run(self, records: Sequence[Any], /) -> None:
        """Process records of the stage's input in order (exchange rows, for a stage that follows an exchange)."""

    def emit(self) -> None:
        """Write the last change of every key in the stores' `pending` to the outputs and clear it (nothing when not coalescing).

        A stage with EMIT FINAL closes its open windows instead: its input has ended.
        """

    def row(self, key: Any, window_start: int | None, state: Any, /) -> tuple[int, tuple[Any, ...]] | None:
        """The table row of a state, for pull queries: (event time, column values in schema order); None where HAVING hides it."""


@dataclass(frozen=True, slots=True)
class StageProgram:
    """A compiled stage. `inputs` names its input topics in order (empty after an exchange); `sites` are the texts of its expressions."""

    source: str
    make: Callable[[StageContext], Sequence[Any]]
    stores: tuple[StoreSpec, ...] = ()
    sites: tuple[str, ...] = ()
    legend: Mapping[str, str] = field(default_factory=dict)
