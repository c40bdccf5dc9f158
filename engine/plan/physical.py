"""The physical plan of a query: sub-topologies of generated stages, cut where records must change partition.

sub-topology 0 reads topics; each further one reads the exchange of the one before. The last one writes the sink.
An exchange row is a tuple (high, partition, offset, sequence, timestamp, key bytes, headers, column values…): `high` is the highest
timestamp so far in its input partition; sorting rows of a slice as tuples gives the order of a merge by heads.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from headrace.engine.codegen.stage import StageProgram
from headrace.engine.types.schema import Schema


@dataclass(frozen=True, slots=True)
class Input:
    """A topic that a query reads. `event_time` extracts event times of undecoded records where the record's own timestamp is not
    the event time (a TIMESTAMP column); None: the record's timestamp is."""

    topic: str
    event_time: Callable[[Sequence[Any]], list[int]] | None = None


@dataclass(frozen=True, slots=True)
class SubTopology:
    """A stage, run once per partition. `inputs` is empty where it follows an exchange; `exchanges` says it ends in one."""

    index: int
    program: StageProgram
    inputs: tuple[Input, ...] = ()
    exchanges: bool = False


@dataclass(frozen=True, slots=True)
class Sink:
    """The topic that a persistent query writes."""

    name: str
    topic: str


@dataclass(frozen=True, slots=True)
class Materialization:
    """How pull queries read the state of a query: a store of a sub-topology, and the key columns of the table."""

    sub_topology: int
    store: int
    key_columns: tuple[str, ...]
    windowed: bool
    encode_key: Callable[[Any], bytes]
    """From a state key to the key bytes that decide the partition."""


@dataclass(frozen=True, slots=True)
class PhysicalPlan:
    """All that the runtime needs to run a query. `sink` is None for push queries, whose single output holds rows of values."""

    query_id: str
    sql: str
    sub_topologies: tuple[SubTopology, ...]
    schema: Schema
    """Columns of the result, in the order of output rows for push queries: (timestamp, values | None for a delete, key values)."""
    sink: Sink | None = None
    materialization: Materialization | None = None
    timed: bool = False
    """Whether event time matters to it (windows, joins): only then must slices be cut at the event-time horizon."""
    coalesces: bool = False
    """Whether its sink emits the last change per key per emission interval (tables) unless buffering is off."""
    limit: int | None = None
    bounded: bool = False
    """Ends at the end offsets that its inputs have when it starts (pull queries on streams)."""
    properties: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
