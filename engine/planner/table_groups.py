"""Lowering GROUP BY over a table: one stage, or two where groups are in other partitions than rows."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from headrace.engine.codegen.builder import Row, StageBuilder
from headrace.engine.codegen.operators.aggregate import Aggregation
from headrace.engine.codegen.operators.exchange import ExchangeLoop
from headrace.engine.codegen.operators.table_group import TableGroup
from headrace.engine.codegen.source import Code
from headrace.engine.codegen.stage import StageProgram
from headrace.engine.types.python import is_hashable

if TYPE_CHECKING:
    from headrace.engine.planner.lower import Lowering

ApplyRow = Callable[[Row, Code, str, str, str], None]
NoteTime = Callable[[StageBuilder, str], None]

OLD, NEW = "#old", "#new"
"""What crosses the exchange with a group's key: the arguments to take out and to put in."""


class TableGroupLowering:
    """Writes the stages of a query that groups a table; the common parts are those of its `Lowering`."""

    def __init__(self, lowering: "Lowering", aggregation: Aggregation) -> None:
        self._lowering = lowering
        self._aggregation = aggregation
        self._group = TableGroup(aggregation)

    def fused(self) -> StageProgram:
        """Rows and groups in one stage."""
        builder = self._lowering.builder(0)
        with builder.make():
            self._lowering.shape.sink().prepare(builder.code)
            self._prepare_groups(builder)
            self._group.prepare(builder, builder.store(self._group.spec()))
            with builder.code.block("def run(records):"):
                self._group.prologue(builder)
                builder.code.line("st = store.stream_time")

                def note(builder: StageBuilder, timestamp: str) -> None:
                    builder.code.line(f"if {timestamp} > st: st = {timestamp}")

                def apply(row: Row, code: Code, group: str, old: str, new: str) -> None:
                    code.line(f"apply({group}, {old}, {new}, {row.timestamp}, {row.headers}, {row.record})")

                self._rows(builder, apply, note)
                builder.code.line("store.stream_time = source.stream_time = st")
            self._finish(builder)
        return builder.program()

    def sending(self) -> StageProgram:
        """The rows: what they change is sent to the partition of the group."""
        builder = self._lowering.builder(0)
        writer = self._lowering.exchange_writer((OLD, NEW))
        thaw = builder.code.bind("thaw", self._aggregation.thaw)
        kinds = self._aggregation.key_types

        def apply(row: Row, code: Code, group: str, old: str, new: str) -> None:
            parts = [group] if len(kinds) == 1 else [f"{group}[{i}]" for i in range(len(kinds))]
            keys = [code.fresh("x") for _ in kinds]
            for key, part, kind in zip(keys, parts, kinds, strict=True):
                code.line(f"{key} = {part if is_hashable(kind) else f'{thaw}({part})'}")
            writer.write(builder, row.with_columns({OLD: old, NEW: new}), keys)

        with builder.make():
            writer.prepare(builder)
            self._group.prepare(builder, builder.store(self._group.spec()))
            with builder.code.block("def run(records):"):
                writer.prologue(builder)
                self._group.prologue(builder)
                self._rows(builder, apply, writer.write_high)
                builder.code.line("source.stream_time = high")
            builder.no_emit()
            builder.no_row()
        return builder.program()

    def receiving(self) -> StageProgram:
        """The groups."""
        builder = self._lowering.builder(1)
        code = builder.code
        kinds = self._aggregation.key_types
        freeze = code.bind("freeze", self._aggregation.freeze)

        def consume(row: Row, keys: Sequence[str]) -> None:
            parts = [k if is_hashable(t) else f"{freeze}({k})" for k, t in zip(keys, kinds, strict=True)]
            group = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
            code.line(f"if {row.timestamp} > st: st = {row.timestamp}")
            code.line(
                f"apply({group}, {row.columns[OLD]}, {row.columns[NEW]}, {row.timestamp}, {row.headers}, {row.record})"
            )

        with builder.make():
            self._lowering.shape.sink().prepare(code)
            self._prepare_groups(builder)
            with code.block("def run(records):"):
                code.line("st = store.stream_time")
                ExchangeLoop(len(kinds), (OLD, NEW)).write(builder, consume, None)
                code.line("store.stream_time = st")
            self._finish(builder)
        return builder.program()

    def _prepare_groups(self, builder: StageBuilder) -> None:
        self._aggregation.prepare(builder, builder.store(self._aggregation.spec()))
        output = self._lowering.shape.group_output(self._aggregation)
        if not self._lowering.shape.coalesces:
            output.write_change(builder)
        self._group.write_apply(builder, emits=not self._lowering.shape.coalesces)

    def _finish(self, builder: StageBuilder) -> None:
        output = self._lowering.shape.group_output(self._aggregation)
        if self._lowering.shape.coalesces:
            output.write_emit(builder)
        else:
            builder.no_emit()
        output.write_row(builder)

    def _rows(self, builder: StageBuilder, apply: ApplyRow, on_time: NoteTime) -> None:
        def change(row: Row) -> None:
            expressions = builder.expressions(row)
            keys = [expressions.column(k.bound, k.text) for k in self._lowering.shape.grouping()]
            arguments = [expressions.column(a, c.text) for c in self._aggregation.calls for a in c.arguments]
            self._group.write_row(builder, row, keys, arguments, lambda *given: apply(row, *given))

        def delete(row: Row) -> None:
            self._group.write_deleted(builder, row, lambda *given: apply(row, *given))

        self._lowering.source_loop(
            builder,
            lambda row: self._lowering.before_exchange(builder, row, change, otherwise=delete),
            delete,
            on_time=on_time,
        )
