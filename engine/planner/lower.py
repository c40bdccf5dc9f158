"""From logical steps to generated stages, cut at the exchange where records must change partition.

The law: with one source partition nothing needs an exchange and the whole query is one stage.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from headrace.engine.analysis.bound import columns_of
from headrace.engine.codegen.builder import Consume, Row, StageBuilder
from headrace.engine.codegen.operators.aggregate import Aggregation
from headrace.engine.codegen.operators.exchange import ExchangeLoop, ExchangeWriter
from headrace.engine.codegen.operators.rows import write_explode, write_filter, write_projection
from headrace.engine.codegen.operators.sink import TopicSink
from headrace.engine.codegen.operators.source import SourceLoop
from headrace.engine.codegen.operators.time_window import TimeWindow
from headrace.engine.codegen.stage import StageProgram
from headrace.engine.plan.logical import Explode, Filter, Step
from headrace.engine.plan.physical import Input, Materialization, SubTopology
from headrace.engine.planner.shape import QueryShape
from headrace.engine.planner.table_groups import TableGroupLowering


@dataclass(frozen=True, slots=True)
class Lowered:
    """The generated part of a physical plan."""

    sub_topologies: tuple[SubTopology, ...]
    materialization: Materialization | None


class Lowering:
    """Lowers one query."""

    def __init__(self, query_id: str, shape: QueryShape) -> None:
        self._id = query_id
        self.shape = shape

    def lower(self) -> Lowered:
        """Generate the stages."""
        source = self.shape.source
        inputs = (Input(source.topic, self.shape.event_time(source)),)
        if source.is_table and self.shape.aggregation is not None:
            return self._lower_table_groups(TableGroupLowering(self, self.shape.aggregation), inputs)
        if not self.shape.exchanges:
            program = self._stage(0, self._fused)
            return Lowered((SubTopology(0, program, inputs),), self.shape.materialization(0))
        first = self._exchange_stage()
        second = self._stage(1, self._received)
        return Lowered(
            (SubTopology(0, first, inputs, exchanges=True), SubTopology(1, second)), self.shape.materialization(1)
        )

    def _lower_table_groups(self, groups: TableGroupLowering, inputs: tuple[Input, ...]) -> Lowered:
        if not self.shape.exchanges:
            return Lowered((SubTopology(0, groups.fused(), inputs),), self.shape.materialization(0))
        first = SubTopology(0, groups.sending(), inputs, exchanges=True)
        return Lowered((first, SubTopology(1, groups.receiving())), self.shape.materialization(1))

    def builder(self, index: int) -> StageBuilder:
        """A builder for a sub-topology's stage."""
        return StageBuilder(f"{self._id}-{index}")

    def exchange_writer(self, columns: Sequence[str]) -> ExchangeWriter:
        """What sends rows with these columns to the partition of their new key."""
        keeps_headers = self.shape.keeps_headers
        return ExchangeWriter(self.shape.writer(self.shape.key_spec(self.shape.grouping())), columns, keeps_headers)

    # Stages

    def _stage(
        self,
        index: int,
        loop: Callable[[StageBuilder], None],
    ) -> StageProgram:
        builder = self.builder(index)
        code = builder.code
        sink = self.shape.sink()
        with builder.make():
            sink.prepare(code)
            aggregation = self.shape.aggregation
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
        output = self.shape.group_output(aggregation)
        aggregation.prepare(builder, builder.store(aggregation.spec()))
        if not self.shape.coalesces:
            output.write_change(builder)
            aggregation.prepare_final(builder)
        with builder.code.block("def run(records):"):
            aggregation.prologue(builder)
            loop(builder)
            aggregation.epilogue(builder)
        if self.shape.coalesces:
            output.write_emit(builder)
        elif not aggregation.is_final:
            builder.no_emit()
        output.write_row(builder)

    def _exchange_stage(self) -> StageProgram:
        builder = self.builder(0)
        code = builder.code
        keys = self.shape.grouping()
        writer = self.exchange_writer(self.shape.exchanged())

        def send(row: Row) -> None:
            expressions = builder.expressions(row)
            variables = [expressions.column(k.bound, k.text) for k in keys]
            if self.shape.aggregate is not None:
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
                on_null = send_null if self.shape.forwards_null else None
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
        source = self.shape.source
        sink = self.shape.sink()
        loop = SourceLoop(
            source,
            self.shape.reader(source.key_serde()),
            self.shape.reader(source.value_serde()),
            self.shape.needed(),
            self.shape.parse_timestamp,
            self.shape.decode_always,
            keeps_key=source.is_table or (isinstance(sink, TopicSink) and not self.shape.rekeys),
            keeps_headers=self.shape.keeps_headers,
            on_time=on_time,
        )
        loop.write(builder, consume, on_null)

    # Parts of the loop

    def _fused(self, builder: StageBuilder) -> None:
        """The whole query over records."""

        def finish(row: Row) -> None:
            if self.shape.aggregate is None:
                self._project(builder, row)
            else:
                self._update(builder, row, None)

        on_null = partial(self._on_null, builder) if self.shape.forwards_null else None
        self.source_loop(builder, lambda row: self.before_exchange(builder, row, finish), on_null)

    def _received(self, builder: StageBuilder) -> None:
        """What follows the exchange, over its rows."""
        keys = self.shape.grouping()
        loop = ExchangeLoop(len(keys), self.shape.exchanged())
        if self.shape.aggregate is not None:
            loop.write(builder, partial(self._update, builder), None)
            return

        def on_null(row: Row, variables: Sequence[str]) -> None:
            named = {k.name: v for k, v in zip(keys, variables, strict=True)}
            self.shape.sink().write_delete(builder, row.with_columns(named))

        loop.write(builder, lambda row, _: self._project(builder, row), on_null if self.shape.forwards_null else None)

    def before_exchange(
        self, builder: StageBuilder, row: Row, consume: Consume, *, otherwise: Consume | None = None
    ) -> None:
        """WHERE and table functions. Rows of a table that do not pass go to `otherwise`, which deletes their key by default."""
        if otherwise is None and self.shape.source.is_table:
            otherwise = partial(self._delete, builder)
        steps = [
            s
            for s in self.shape.steps
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
        sink = self.shape.sink()
        raw_key = isinstance(sink, TopicSink) and sink.raw_key
        items = [i for i in self.shape.select.items if not (raw_key and self.shape.is_passed_on(i))]
        if self.shape.rekeys:
            row = replace(row, raw_key=None)
        write_projection(builder, row, items, lambda r: sink.write(builder, r))

    def _update(self, builder: StageBuilder, row: Row, keys: Sequence[str] | None) -> None:
        """The update of the group, and its change where every change is emitted. `keys` are given where they were computed before."""
        assert self.shape.aggregate is not None
        assert self.shape.aggregation is not None
        expressions = builder.expressions(row)
        if keys is None:
            keys = [expressions.column(k.bound, k.text) for k in self.shape.aggregate.input.keys]
        arguments = [[expressions.column(a, c.text) for a in c.arguments] for c in self.shape.aggregate.calls]
        aggregation = self.shape.aggregation
        start = "ws" if isinstance(aggregation.window, TimeWindow) else "None"

        def on_change(key: str) -> None:
            if not self.shape.coalesces and not aggregation.is_final:
                builder.code.line(f"change({key}, {start}, s, {row.headers}, {row.record})")

        aggregation.write_update(builder, row, keys, arguments, on_change)

    def _delete(self, builder: StageBuilder, row: Row) -> None:
        """A table's row that does not pass becomes a delete of its key."""
        sink = self.shape.sink()
        keys = [i for i in self.shape.select.items if i.name in self.shape.select.keys]
        if isinstance(sink, TopicSink) and sink.raw_key:
            sink.write_delete(builder, row)
        else:
            write_projection(builder, row, keys, lambda r: sink.write_delete(builder, r))

    def _on_null(self, builder: StageBuilder, row: Row) -> None:
        """A record without a value: a delete in a table; NULL under its key in a stream."""
        if self.shape.rekeys:
            row = replace(row, raw_key=None)
            self.shape.sink().write_delete(builder, row.with_columns(self._null_keys(builder, row)))
        else:
            self._delete(builder, row)

    def _null_keys(self, builder: StageBuilder, row: Row) -> dict[str, str]:
        """The new key of a record without a value: NULL where it takes a value column."""
        values = {c.name for c in self.shape.source.schema.value}
        expressions = builder.expressions(row)
        return {
            k.name: "None" if columns_of(k.bound) & values else expressions.column(k.bound, k.text)
            for k in self.shape.grouping()
        }
