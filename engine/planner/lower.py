"""From logical steps to generated stages, cut at the exchange where records must change partition.

The law: with one source partition nothing needs an exchange and the whole query is one stage.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from headrace.engine.analysis.bound import columns_of
from headrace.engine.catalog.source import Source
from headrace.engine.codegen.builder import Consume, Row, StageBuilder
from headrace.engine.codegen.frozen import freeze, thaw
from headrace.engine.codegen.operators.aggregate import Aggregation, GroupState
from headrace.engine.codegen.operators.event_time import ParseTimestamp, event_times
from headrace.engine.codegen.operators.exchange import ExchangeLoop, ExchangeWriter
from headrace.engine.codegen.operators.group_output import GroupOutput
from headrace.engine.codegen.operators.rows import Named, write_explode, write_filter, write_projection
from headrace.engine.codegen.operators.session_window import SessionWindow
from headrace.engine.codegen.operators.sink import RowSink, TopicSink
from headrace.engine.codegen.operators.source import SourceLoop
from headrace.engine.codegen.operators.time_window import TimeWindow
from headrace.engine.codegen.serde import Formats, Reader, SerdeSpec, Writer
from headrace.engine.codegen.stage import StageProgram
from headrace.engine.plan.logical import AggregateStep, Explode, Filter, ReadSource, Select, SelectKey, Step
from headrace.engine.plan.physical import Input, Materialization, SubTopology
from headrace.engine.planner.planned import PlannedQuery
from headrace.engine.planner.rules import optimise
from headrace.engine.planner.rules.prune_columns import prune_columns
from headrace.engine.planner.table_groups import TableGroupLowering
from headrace.engine.types.python import is_hashable
from headrace.engine.types.schema import Column as SchemaColumn
from headrace.engine.types.schema import Namespace


@dataclass(frozen=True, slots=True)
class Target:
    """Where the result goes: a sink source with its partitions, or (None) a push query's rows."""

    sink: Source | None
    partitions: int = 1


@dataclass(frozen=True, slots=True)
class Lowered:
    """The generated part of a physical plan."""

    sub_topologies: tuple[SubTopology, ...]
    materialization: Materialization | None


class Lowering:
    """Lowers one query."""

    def __init__(
        self, query_id: str, planned: PlannedQuery, target: Target, formats: Formats, *, source_partitions: int, coalesces: bool,
        parse_timestamp: ParseTimestamp, decode_always: bool,
    ) -> None:  # fmt: skip
        self._id = query_id
        self._planned = planned
        self._target = target
        self._formats = formats
        self.coalesces = coalesces
        self._parse_timestamp = parse_timestamp
        self._decode_always = decode_always
        self._steps = _chain(optimise(planned.steps))
        self._exchanges = planned.repartitions and source_partitions > 1
        select = self._steps[-1]
        assert isinstance(select, Select)
        self._select = select
        self._aggregate = next((s for s in self._steps if isinstance(s, AggregateStep)), None)
        self._having = next((s for s in self._steps if isinstance(s, Filter) and s.clause == "HAVING"), None)
        self._aggregation = self._plan_aggregation()

    def lower(self) -> Lowered:
        """Generate the stages."""
        source = self._planned.read.source
        inputs = (Input(source.topic, self._event_time(source)),)
        if source.is_table and self._aggregation is not None:
            return self._lower_table_groups(TableGroupLowering(self, self._aggregation), inputs)
        if not self._exchanges:
            program = self._stage(0, self._fused)
            return Lowered((SubTopology(0, program, inputs),), self._materialization(0))
        first = self._exchange_stage()
        second = self._stage(1, self._received)
        return Lowered(
            (SubTopology(0, first, inputs, exchanges=True), SubTopology(1, second)), self._materialization(1)
        )

    def _lower_table_groups(self, groups: TableGroupLowering, inputs: tuple[Input, ...]) -> Lowered:
        if not self._exchanges:
            return Lowered((SubTopology(0, groups.fused(), inputs),), self._materialization(0))
        first = SubTopology(0, groups.sending(), inputs, exchanges=True)
        return Lowered((first, SubTopology(1, groups.receiving())), self._materialization(1))

    def builder(self, index: int) -> StageBuilder:
        """A builder for a sub-topology's stage."""
        return StageBuilder(f"{self._id}-{index}")

    def exchange_writer(self, columns: Sequence[str]) -> ExchangeWriter:
        """What sends rows with these columns to the partition of their new key."""
        keeps_headers = isinstance(self.sink(), TopicSink) and not self.coalesces
        return ExchangeWriter(self._writer(self._key_spec(self.grouping())), columns, keeps_headers)

    # Stages

    def _stage(
        self,
        index: int,
        loop: Callable[[StageBuilder], None],
    ) -> StageProgram:
        builder = self.builder(index)
        code = builder.code
        sink = self.sink()
        with builder.make():
            sink.prepare(code)
            aggregation = self._aggregation
            if aggregation is None:
                with code.block("def run(records):"):
                    loop(builder)
                builder.no_emit()
                builder.no_row()
            else:
                self._write_aggregation(builder, aggregation, loop)
        return builder.program()

    def _write_aggregation(
        self, builder: StageBuilder, aggregation: Aggregation, loop: Callable[[StageBuilder], None]
    ) -> None:
        output = self.group_output(aggregation)
        aggregation.prepare(builder, builder.store(aggregation.spec()))
        if not self.coalesces:
            output.write_change(builder)
            aggregation.prepare_final(builder)
        with builder.code.block("def run(records):"):
            aggregation.prologue(builder)
            loop(builder)
            aggregation.epilogue(builder)
        if self.coalesces:
            output.write_emit(builder)
        elif not aggregation.is_final:
            builder.no_emit()
        output.write_row(builder)

    def _exchange_stage(self) -> StageProgram:
        builder = self.builder(0)
        code = builder.code
        keys = self.grouping()
        writer = self.exchange_writer(self._exchanged())

        def send(row: Row) -> None:
            expressions = builder.expressions(row)
            variables = [expressions.column(k.bound, k.text) for k in keys]
            if self._aggregate is not None:
                with code.block(f"if {' or '.join(f'{v} is None' for v in variables)}:"):
                    code.line("problems.skipped(r, 'a grouping expression is NULL')")
                    code.line("continue")
            writer.write(builder, row, variables)

        def send_null(row: Row) -> None:
            writer.write(builder, row, list(self._null_keys(builder, row).values()), is_null=True)

        with builder.make():
            writer.prepare(builder)
            with code.block("def run(records):"):
                writer.prologue(builder)
                on_null = send_null if self._forwards_null else None
                consume = partial(self.before_exchange, builder, consume=send)
                self.source_loop(builder, consume, on_null, on_time=writer.write_high)
            builder.no_emit()
            builder.no_row()
        return builder.program()

    def source_loop(
        self,
        builder: StageBuilder,
        consume: Consume,
        on_null: Consume | None,
        on_time: Callable[[StageBuilder, str], None] | None = None,
    ) -> None:
        source = self._planned.read.source
        sink = self.sink()
        loop = SourceLoop(
            source,
            self._reader(source.key_serde()),
            self._reader(source.value_serde()),
            self._needed(),
            self._parse_timestamp,
            self._decode_always,
            keeps_key=source.is_table or (isinstance(sink, TopicSink) and not self._rekeys),
            keeps_headers=isinstance(sink, TopicSink) and not self.coalesces,
            on_time=on_time,
        )
        loop.write(builder, consume, on_null)

    # Parts of the loop

    def _fused(self, builder: StageBuilder) -> None:
        """The whole query over records."""

        def finish(row: Row) -> None:
            if self._aggregate is None:
                self._project(builder, row)
            else:
                self._update(builder, row, None)

        on_null = partial(self._on_null, builder) if self._forwards_null else None
        self.source_loop(builder, lambda row: self.before_exchange(builder, row, finish), on_null)

    def _received(self, builder: StageBuilder) -> None:
        """What follows the exchange, over its rows."""
        keys = self.grouping()
        loop = ExchangeLoop(len(keys), self._exchanged())
        if self._aggregate is not None:
            loop.write(builder, partial(self._update, builder), None)
            return

        def on_null(row: Row, variables: Sequence[str]) -> None:
            named = {k.name: v for k, v in zip(keys, variables, strict=True)}
            self.sink().write_delete(builder, row.with_columns(named))

        loop.write(builder, lambda row, _: self._project(builder, row), on_null if self._forwards_null else None)

    def before_exchange(
        self, builder: StageBuilder, row: Row, consume: Consume, *, otherwise: Consume | None = None
    ) -> None:
        """WHERE and table functions. Rows of a table that do not pass go to `otherwise`, which deletes their key by default."""
        if otherwise is None and self._planned.read.source.is_table:
            otherwise = partial(self._delete, builder)
        steps = [
            s
            for s in self._steps
            if isinstance(s, Filter | Explode) and not (isinstance(s, Filter) and s.clause == "HAVING")
        ]

        def write(remaining: Sequence[Step], row: Row) -> None:
            if not remaining:
                consume(row)
                return
            step, rest = remaining[0], remaining[1:]
            if isinstance(step, Filter):
                write_filter(builder, row, step.predicate, step.text, lambda r: write(rest, r), otherwise=otherwise)
            elif isinstance(step, Explode):
                write_explode(builder, row, step.functions, lambda r: write(rest, r))

        write(steps, row)

    def _project(self, builder: StageBuilder, row: Row) -> None:
        """The projection and sink of queries without aggregates."""
        sink = self.sink()
        raw_key = isinstance(sink, TopicSink) and sink.raw_key
        items = [i for i in self._select.items if not (raw_key and self._is_passed_on(i))]
        if self._rekeys:
            row = replace(row, raw_key=None)
        write_projection(builder, row, items, lambda r: sink.write(builder, r))

    def _update(self, builder: StageBuilder, row: Row, keys: Sequence[str] | None) -> None:
        """The update of the group, and its change where every change is emitted. `keys` are given where they were computed before."""
        assert self._aggregate is not None
        assert self._aggregation is not None
        expressions = builder.expressions(row)
        if keys is None:
            keys = [expressions.column(k.bound, k.text) for k in self._aggregate.input.keys]
        arguments = [[expressions.column(a, c.text) for a in c.arguments] for c in self._aggregate.calls]
        aggregation = self._aggregation
        start = "ws" if isinstance(aggregation.window, TimeWindow) else "None"

        def on_change(key: str) -> None:
            if not self.coalesces and not aggregation.is_final:
                builder.code.line(f"change({key}, {start}, s, {row.headers}, {row.record})")

        aggregation.write_update(builder, row, keys, arguments, on_change)

    def _delete(self, builder: StageBuilder, row: Row) -> None:
        """A table's row that does not pass becomes a delete of its key."""
        sink = self.sink()
        keys = [i for i in self._select.items if i.name in self._select.keys]
        if isinstance(sink, TopicSink) and sink.raw_key:
            sink.write_delete(builder, row)
        else:
            write_projection(builder, row, keys, lambda r: sink.write_delete(builder, r))

    def _on_null(self, builder: StageBuilder, row: Row) -> None:
        """A record without a value: a delete in a table; NULL under its key in a stream."""
        if self._rekeys:
            row = replace(row, raw_key=None)
            self.sink().write_delete(builder, row.with_columns(self._null_keys(builder, row)))
        else:
            self._delete(builder, row)

    @property
    def _forwards_null(self) -> bool:
        """Whether records without a value go on: in tables always, in streams unless rows are filtered, exploded or grouped."""
        if self._planned.read.source.is_table:
            return True
        return self._aggregate is None and not any(isinstance(s, Filter | Explode) for s in self._steps)

    def _null_keys(self, builder: StageBuilder, row: Row) -> dict[str, str]:
        """The new key of a record without a value: NULL where it takes a value column."""
        values = {c.name for c in self._planned.read.source.schema.value}
        expressions = builder.expressions(row)
        return {
            k.name: "None" if columns_of(k.bound) & values else expressions.column(k.bound, k.text)
            for k in self.grouping()
        }

    # What the parts are made of

    def _plan_aggregation(self) -> Aggregation | None:
        step = self._aggregate
        if step is None:
            return None
        keys, types = step.input.keys, [k.bound.type for k in step.input.keys]
        is_session = isinstance(step.window, SessionWindow)
        state = GroupState(step.calls, remembers_passing=self._having is not None, is_session=is_session)
        encode = self._key_encoder(keys)
        return Aggregation(
            "Aggregate", [k.name for k in keys], types, step.calls, state, step.window, freeze, thaw, encode
        )

    def _key_encoder(self, keys: Sequence[Named]) -> Callable[[Any], bytes]:
        """From a state key to the key bytes of the sink."""
        writer = self._writer(self._key_spec(keys))
        frozen = [not is_hashable(k.bound.type) for k in keys]

        def encode(key: Any) -> bytes:
            parts = [key] if len(keys) == 1 else list(key)
            return writer.encode([thaw(p) if f else p for p, f in zip(parts, frozen, strict=True)]) or b""

        return encode

    def group_output(self, aggregation: Aggregation) -> GroupOutput:
        having = (self._having.predicate, self._having.text) if self._having is not None else None
        return GroupOutput(
            aggregation, having, self._select.items, self._select.keys, self._planned.schema, self.sink()
        )

    def sink(self) -> TopicSink | RowSink:
        sink, schema = self._target.sink, self._planned.schema
        if sink is None:
            return RowSink([i.name for i in self._select.items], self._select.keys)
        return TopicSink(
            self._writer(sink.key_serde()), self._writer(sink.value_serde()), [c.name for c in schema.key], [c.name for c in schema.value],
            self._target.partitions, raw_key=self._keeps_key(sink), timestamp_column=sink.timestamp.column if sink.timestamp else None,
            read_timestamp=self._read_timestamp(sink),
        )  # fmt: skip

    def _read_timestamp(self, sink: Source) -> Callable[[str], int] | None:
        stamp = sink.timestamp
        if stamp is None or stamp.format is None:
            return None
        parse, pattern = self._parse_timestamp, stamp.format
        return lambda text: parse(text, pattern)

    def _keeps_key(self, sink: Source) -> bool:
        """Whether key bytes can pass as they are: same columns in order, a format that has one text for a value."""
        source = self._planned.read.source
        if self._rekeys:
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

    def _is_passed_on(self, item: Named) -> bool:
        """Whether a key column is needed as bytes only: it is not what the sink's records take their time from."""
        timestamp = self._target.sink.timestamp if self._target.sink is not None else None
        return item.name in self._select.keys and (timestamp is None or timestamp.column != item.name)

    def grouping(self) -> Sequence[Named]:
        if self._aggregate is not None:
            return self._aggregate.input.keys
        return next(s.keys for s in self._steps if isinstance(s, SelectKey))

    def _key_spec(self, keys: Sequence[Named]) -> SerdeSpec:
        if self._target.sink is not None:
            return self._target.sink.key_serde()
        columns = tuple(SchemaColumn(k.name, k.bound.type, Namespace.KEY) for k in keys)
        return SerdeSpec("JSON", columns, len(columns) != 1, is_key=True)

    @property
    def _rekeys(self) -> bool:
        return any(isinstance(s, SelectKey | AggregateStep) for s in self._steps)

    def _exchanged(self) -> list[str]:
        """The columns that cross the exchange beside the key: what the rest of the query reads."""
        read: set[str] = set()
        if self._aggregate is not None:
            for call in self._aggregate.calls:
                for argument in call.arguments:
                    read |= columns_of(argument)
        else:
            for item in self._select.items:
                read |= columns_of(item.bound)
        return sorted(read - {"ROWTIME"})

    def _needed(self) -> frozenset[str]:
        """The source columns to decode: what the plan reads, but for a key that passes on undecoded."""
        plan = self._select
        if self._target.sink is not None and self._keeps_key(self._target.sink):
            plan = replace(plan, items=tuple(i for i in plan.items if not self._is_passed_on(i)))
        read = _chain(prune_columns(plan))[0]
        assert isinstance(read, ReadSource)
        return read.columns or frozenset()

    def _materialization(self, sub_topology: int) -> Materialization | None:
        if self._aggregate is None or isinstance(self._aggregate.window, SessionWindow):
            return None
        keys = self._aggregate.input.keys
        windowed = self._aggregate.window is not None
        return Materialization(sub_topology, 0, tuple(k.name for k in keys), windowed, self._key_encoder(keys))

    def _event_time(self, source: Source) -> Callable[[Sequence[Any]], list[int]] | None:
        if source.timestamp is None:
            return None
        return event_times(
            source,
            source.timestamp,
            self._reader(source.key_serde()),
            self._reader(source.value_serde()),
            self._parse_timestamp,
        )

    def _reader(self, spec: SerdeSpec) -> Reader:
        found = self._formats.get(spec.format)
        assert found is not None, spec.format
        return found.reader(spec)

    def _writer(self, spec: SerdeSpec) -> Writer:
        found = self._formats.get(spec.format)
        assert found is not None, spec.format
        return found.writer(spec)


def _chain(step: Step) -> list[Step]:
    """The steps from the source to the projection."""
    children = step.children()
    return [*_chain(children[0]), step] if children else [step]
