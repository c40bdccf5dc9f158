"""What becomes of a group: HAVING, projection and sink of a change, of the changes that wait for emission, and of a pull.

The law: a group that HAVING hides is deleted in the sink if it showed before; whether it showed is part of its state, so
that flips are kept like any other change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from headrace.engine.analysis.bound import Bound, Column
from headrace.engine.codegen.builder import Row, StageBuilder
from headrace.engine.codegen.operators.aggregate import Aggregation
from headrace.engine.codegen.operators.rows import Named, write_projection
from headrace.engine.codegen.operators.session_window import SessionWindow
from headrace.engine.codegen.operators.sink import RowSink, TopicSink
from headrace.engine.codegen.operators.time_window import TimeWindow
from headrace.engine.types.schema import Schema


@dataclass(frozen=True, slots=True)
class GroupOutput:
    """The steps after an aggregation. `keys` are the names of the items that are the key of the result."""

    aggregation: Aggregation
    having: tuple[Bound, str] | None
    items: Sequence[Named]
    keys: Sequence[str]
    schema: Schema
    sink: TopicSink | RowSink

    def write_change(self, builder: StageBuilder) -> None:
        """Write `change(key, ws, s, hd, r)`: what becomes of one change, and for sessions `gone`: what becomes of one that went."""
        row = Row({}, "s.ts", "r", "hd", suffix=self.aggregation.key_suffix, skip="return")
        with builder.code.block("def change(key, ws, s, hd, r):"):
            self._write_group(builder, row)
        if isinstance(self.aggregation.window, SessionWindow):
            with builder.code.block("def gone(key, s, hd, r):"):
                self._write_gone(builder, row)

    def write_emit(self, builder: StageBuilder) -> None:
        """Write `emit()`: the last change of every key that waits."""
        code = builder.code
        row = Row({}, "s.ts", "None", "()")
        with code.block("def emit():"):
            if not isinstance(self.aggregation.window, TimeWindow):
                code.line("rows = store.rows")
                code.line("load = store.load")
                with code.block("for key in store.pending:"):
                    code.line("s = rows.get(key)")
                    code.line("if s is None and load is not None: s = load(key)")
                    code.line("if s is None: continue")
                    self._write_group(builder, row)
                code.line("store.pending.clear()")
                return
            code.line("windows = store.windows")
            code.line("load = store.load_window")
            with code.block("for ws, keys in store.pending_windows.items():"):
                code.line("w = windows.get(ws) or {}")
                code.line(f"wb = {self.aggregation.key_suffix}")
                with code.block("for key in keys:"):
                    code.line("s = w.get(key)")
                    code.line("if s is None and load is not None: s = load(ws, key)")
                    code.line("if s is None: continue")
                    self._write_group(builder, replace(row, suffix="wb"))
            code.line("store.pending_windows.clear()")

    def write_row(self, builder: StageBuilder) -> None:
        """Write `row(key, ws, s)`: the table row of a state, for pulls."""
        code = builder.code
        with code.block("def row(key, ws, s):"):
            code.line("r = None")
            columns = self.aggregation.result_columns(builder, "key", "s")
            row = Row(columns, "s.ts", "r", "()")
            if self.having is not None:
                code.line(f"if not ({builder.expressions(row).predicate(*self.having)}): return None")
            bounds = [columns[n] for n in ("WINDOWSTART", "WINDOWEND") if n in columns]

            def give(projected: Row) -> None:
                keys = [projected.columns[c.name] for c in self.schema.key]
                values = [projected.columns[c.name] for c in self.schema.value]
                code.line(f"return s.ts, ({''.join(v + ', ' for v in [*keys, *bounds, *values])})")

            write_projection(builder, row, self.items, give)

    def _write_group(self, builder: StageBuilder, row: Row) -> None:
        row = self._columns(builder, row)
        if self.having is None:
            self._project(builder, row, self.items, self.sink.write)
            return
        code = builder.code
        passes = builder.expressions(row).predicate(*self.having)
        with code.block(f"if {passes}:"):
            with code.block("if not s.passed:"):
                code.line("s.passed = True")
                self._write_mark(builder)
            self._project(builder, row, self.items, self.sink.write)
        with code.block("elif s.passed:"):
            code.line("s.passed = False")
            self._write_mark(builder)
            self._project(builder, row, self._key_items, self.sink.write_delete)

    def _write_gone(self, builder: StageBuilder, row: Row) -> None:
        if self.having is not None:
            builder.code.line("if not s.passed: return")
        self._project(builder, self._columns(builder, row), self._key_items, self.sink.write_delete)

    def _write_mark(self, builder: StageBuilder) -> None:
        timed = isinstance(self.aggregation.window, TimeWindow)
        changed = "store.changed_windows.setdefault(ws, {})" if timed else "store.changed"
        builder.code.line(f"{changed}[key] = None")

    @property
    def _key_items(self) -> Sequence[Named]:
        return [i for i in self.items if i.name in self.keys]

    def _columns(self, builder: StageBuilder, row: Row) -> Row:
        columns = self.aggregation.result_columns(builder, "key", "s")
        return row.with_columns(columns, present=frozenset(self.aggregation.keys))

    def _project(
        self, builder: StageBuilder, row: Row, items: Sequence[Named], write: Callable[[StageBuilder, Row], None]
    ) -> None:
        present = frozenset(i.name for i in items if isinstance(i.bound, Column) and i.bound.key in row.present)
        write_projection(builder, row, items, lambda r: write(builder, replace(r, present=present)))
