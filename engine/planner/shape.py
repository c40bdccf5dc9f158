"""What a query amounts to, derived once from its plan and target: what its stages are made of.

The law: nothing here writes code; the stages ask, and two stages of a query get the same answers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from headrace.engine.analysis.bound import columns_of
from headrace.engine.catalog.source import Source
from headrace.engine.codegen.frozen import freeze, thaw
from headrace.engine.codegen.operators.aggregate import Aggregation, GroupState
from headrace.engine.codegen.operators.event_time import ParseTimestamp, event_times
from headrace.engine.codegen.operators.group_output import GroupOutput
from headrace.engine.codegen.operators.rows import Named
from headrace.engine.codegen.operators.session_window import SessionWindow
from headrace.engine.codegen.operators.sink import RowSink, TopicSink
from headrace.engine.codegen.serde import Formats, Reader, SerdeSpec, Writer
from headrace.engine.plan.logical import AggregateStep, Explode, Filter, ReadSource, Select, SelectKey, Step
from headrace.engine.plan.physical import Materialization
from headrace.engine.planner.planned import PlannedQuery
from headrace.engine.planner.rules import optimise
from headrace.engine.planner.rules.prune_columns import prune_columns
from headrace.engine.types.python import is_hashable
from headrace.engine.types.schema import Column, Namespace


@dataclass(frozen=True, slots=True)
class Target:
    """Where the result goes: a sink source with its partitions, or (None) a push query's rows."""

    sink: Source | None
    partitions: int = 1


class QueryShape:
    """The facts of one query."""

    def __init__(
        self,
        planned: PlannedQuery,
        target: Target,
        formats: Formats,
        *,
        source_partitions: int,
        coalesces: bool,
        parse_timestamp: ParseTimestamp,
        decode_always: bool,
    ) -> None:
        self.planned = planned
        self.target = target
        self._formats = formats
        self.coalesces = coalesces
        self.parse_timestamp = parse_timestamp
        self.decode_always = decode_always
        self.steps = _chain(optimise(planned.steps))
        self.exchanges = planned.repartitions and source_partitions > 1
        select = self.steps[-1]
        assert isinstance(select, Select)
        self.select = select
        self.aggregate = next((s for s in self.steps if isinstance(s, AggregateStep)), None)
        self.having = next((s for s in self.steps if isinstance(s, Filter) and s.clause == "HAVING"), None)
        self.aggregation = self._plan_aggregation()

    @property
    def source(self) -> Source:
        """What it reads."""
        return self.planned.read.source

    @property
    def keeps_headers(self) -> bool:
        """Whether headers go on to the sink."""
        return self.target.sink is not None and not self.coalesces

    @property
    def forwards_null(self) -> bool:
        """Whether records without a value go on: in tables always, in streams unless rows are filtered, exploded or grouped."""
        if self.source.is_table:
            return True
        return self.aggregate is None and not any(isinstance(s, Filter | Explode) for s in self.steps)

    def _plan_aggregation(self) -> Aggregation | None:
        step = self.aggregate
        if step is None:
            return None
        keys, types = step.input.keys, [k.bound.type for k in step.input.keys]
        is_session = isinstance(step.window, SessionWindow)
        state = GroupState(step.calls, remembers_passing=self.having is not None, is_session=is_session)
        encode = self.key_encoder(keys)
        return Aggregation(
            "Aggregate", [k.name for k in keys], types, step.calls, state, step.window, freeze, thaw, encode
        )

    def key_encoder(self, keys: Sequence[Named]) -> Callable[[Any], bytes]:
        """From a state key to the key bytes of the sink."""
        writer = self.writer(self.key_spec(keys))
        frozen = [not is_hashable(k.bound.type) for k in keys]

        def encode(key: Any) -> bytes:
            parts = [key] if len(keys) == 1 else list(key)
            return writer.encode([thaw(p) if f else p for p, f in zip(parts, frozen, strict=True)]) or b""

        return encode

    def group_output(self, aggregation: Aggregation) -> GroupOutput:
        """What becomes of a group."""
        having = (self.having.predicate, self.having.text) if self.having is not None else None
        return GroupOutput(aggregation, having, self.select.items, self.select.keys, self.planned.schema, self.sink())

    def sink(self) -> TopicSink | RowSink:
        """What rows are written to."""
        sink, schema = self.target.sink, self.planned.schema
        if sink is None:
            return RowSink([i.name for i in self.select.items], self.select.keys)
        return TopicSink(
            self.writer(sink.key_serde()), self.writer(sink.value_serde()), [c.name for c in schema.key], [c.name for c in schema.value],
            self.target.partitions, raw_key=self.keeps_key(sink), timestamp_column=sink.timestamp.column if sink.timestamp else None,
            read_timestamp=self._read_timestamp(sink),
        )  # fmt: skip

    def _read_timestamp(self, sink: Source) -> Callable[[str], int] | None:
        stamp = sink.timestamp
        if stamp is None or stamp.format is None:
            return None
        parse, pattern = self.parse_timestamp, stamp.format
        return lambda text: parse(text, pattern)

    def keeps_key(self, sink: Source) -> bool:
        """Whether key bytes can pass as they are: same columns in order, a format that has one text for a value."""
        source = self.source
        if self.rekeys:
            return False
        mine, theirs = sink.key_serde(), source.key_serde()
        if mine.format not in ("KAFKA", "NONE"):
            return False
        same = (mine.format, mine.wrapped, mine.properties) == (theirs.format, theirs.wrapped, theirs.properties)
        names_matter = mine.wrapped
        columns = [(c.name if names_matter else "", c.type) for c in mine.columns] == [
            (c.name if names_matter else "", c.type) for c in theirs.columns
        ]
        return same and columns

    def is_passed_on(self, item: Named) -> bool:
        """Whether a key column is needed as bytes only: it is not what the sink's records take their time from."""
        timestamp = self.target.sink.timestamp if self.target.sink is not None else None
        return item.name in self.select.keys and (timestamp is None or timestamp.column != item.name)

    def grouping(self) -> Sequence[Named]:
        """The new key: of GROUP BY or PARTITION BY."""
        if self.aggregate is not None:
            return self.aggregate.input.keys
        return next(s.keys for s in self.steps if isinstance(s, SelectKey))

    def key_spec(self, keys: Sequence[Named]) -> SerdeSpec:
        """How the new key is written, which decides the partition."""
        if self.target.sink is not None:
            return self.target.sink.key_serde()
        columns = tuple(Column(k.name, k.bound.type, Namespace.KEY) for k in keys)
        return SerdeSpec("JSON", columns, len(columns) != 1, is_key=True)

    @property
    def rekeys(self) -> bool:
        """Whether the key of the result is another than the source's."""
        return any(isinstance(s, SelectKey | AggregateStep) for s in self.steps)

    def exchanged(self) -> list[str]:
        """The columns that cross the exchange beside the key: what the rest of the query reads."""
        read: set[str] = set()
        if self.aggregate is not None:
            for call in self.aggregate.calls:
                for argument in call.arguments:
                    read |= columns_of(argument)
        else:
            for item in self.select.items:
                read |= columns_of(item.bound)
        return sorted(read - {"ROWTIME"})

    def needed(self) -> frozenset[str]:
        """The source columns to decode: what the plan reads, but for a key that passes on undecoded."""
        plan = self.select
        if self.target.sink is not None and self.keeps_key(self.target.sink):
            plan = replace(plan, items=tuple(i for i in plan.items if not self.is_passed_on(i)))
        read = _chain(prune_columns(plan))[0]
        assert isinstance(read, ReadSource)
        return read.columns or frozenset()

    def materialization(self, sub_topology: int) -> Materialization | None:
        """How pull queries find the table, if it is one that they can read."""
        if self.aggregate is None or isinstance(self.aggregate.window, SessionWindow):
            return None
        keys = self.aggregate.input.keys
        windowed = self.aggregate.window is not None
        return Materialization(sub_topology, 0, tuple(k.name for k in keys), windowed, self.key_encoder(keys))

    def event_time(self, source: Source) -> Callable[[Sequence[Any]], list[int]] | None:
        """What extracts event times from undecoded records; None where the record's own time is it."""
        if source.timestamp is None:
            return None
        return event_times(
            source,
            source.timestamp,
            self.reader(source.key_serde()),
            self.reader(source.value_serde()),
            self.parse_timestamp,
        )

    def reader(self, spec: SerdeSpec) -> Reader:
        """A reader of the format."""
        found = self._formats.get(spec.format)
        assert found is not None, spec.format
        return found.reader(spec)

    def writer(self, spec: SerdeSpec) -> Writer:
        """A writer of the format."""
        found = self._formats.get(spec.format)
        assert found is not None, spec.format
        return found.writer(spec)


def _chain(step: Step) -> list[Step]:
    """The steps from the source to the projection."""
    children = step.children()
    return [*_chain(children[0]), step] if children else [step]
