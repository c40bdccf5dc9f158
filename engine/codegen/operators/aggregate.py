"""Aggregation: find the state of the key (and window), update it inline, emit the change or keep it for later.

The law: stream time is raised by every record before lateness is judged; a record is late for a window whose end + grace
is at or before stream time; an aggregate's timestamp is the highest of the records that reached it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from headrace.engine.analysis.bound import Bound
from headrace.engine.codegen.builder import Row, StageBuilder
from headrace.engine.codegen.source import Code
from headrace.engine.codegen.stage import StoreSpec
from headrace.engine.functions.aggregate.base import Aggregate
from headrace.engine.types.python import is_hashable, python_type
from headrace.engine.types.sqltype import SqlType


@dataclass(frozen=True, slots=True)
class AggregateCall:
    """One aggregate function over argument expressions; its result becomes column `name`."""

    name: str
    aggregate: Aggregate
    arguments: Sequence[Bound]
    text: str


@dataclass(frozen=True, slots=True)
class TumblingWindow:
    """Windows of `size_ms`, aligned to the epoch; closed `grace_ms` after their end, kept `retention_ms` after their start."""

    size_ms: int
    grace_ms: int
    retention_ms: int


class GroupState:
    """The state record of an aggregation: a msgspec Struct with the timestamp and the fields of every aggregate."""

    def __init__(self, calls: Sequence[AggregateCall], *, remembers_passing: bool) -> None:
        fields: list[tuple[str, Any]] = [("ts", int)]
        self.initial: list[object] = []
        self.names: list[list[str]] = []
        for call in calls:
            names = []
            for _, kind, initial in call.aggregate.fields:
                names.append(f"a{len(fields) - 1}")
                fields.append((names[-1], kind))
                self.initial.append(initial)
            self.names.append(names)
        if remembers_passing:
            fields.append(("passed", bool))
        self.remembers_passing = remembers_passing
        collects = any(callable(initial) for initial in self.initial)
        self.type = msgspec.defstruct("State", fields, array_like=True, gc=collects)

    def construct(self, code: Code, timestamp: str) -> str:
        """An expression for a new state."""
        kind = code.bind("State", self.type)
        values = [f"{code.bind('initial', i)}()" if callable(i) else _constant(code, i) for i in self.initial]
        if self.remembers_passing:
            values.append("False")
        return f"{kind}({', '.join([timestamp, *values])})"


def _constant(code: Code, value: object) -> str:
    return repr(value) if value is None or type(value) in (int, bool) else code.bind("initial", value)


@dataclass(frozen=True, slots=True)
class Aggregation:
    """GROUP BY with aggregates. `emit_change(builder, row)` writes what happens to a changed row (HAVING, projection, sink)."""

    name: str
    keys: Sequence[str]
    key_types: Sequence[SqlType]
    calls: Sequence[AggregateCall]
    state: GroupState
    window: TumblingWindow | None
    freeze: Callable[[object], object]
    thaw: Callable[[bytes | None], object]

    def spec(self) -> StoreSpec:
        """The store that the state lives in."""
        kinds = [python_type(t) if is_hashable(t) else bytes for t in self.key_types]
        key_type = kinds[0] if len(kinds) == 1 else tuple[tuple(kinds)]  # type: ignore[misc]
        if self.window is None:
            return StoreSpec(self.name, key_type, self.state.type)
        return StoreSpec(self.name, key_type, self.state.type, True, self.window.size_ms, self.window.retention_ms)

    def prepare(self, builder: StageBuilder, index: int) -> None:
        """Write what the functions share, inside `make`."""
        code = builder.code
        code.line(f"store = context.stores[{index}]")
        code.line("coalesce = context.coalesce")

    def prologue(self, builder: StageBuilder) -> None:
        """Write what runs once per batch: the dicts, which the runtime replaces between batches."""
        code = builder.code
        code.line("st = store.stream_time")
        if self.window is None:
            code.line("rows = store.rows")
            code.line("changed = store.changed")
            code.line("load = store.load")
        else:
            code.line("windows = store.windows")
            code.line("changed_windows = store.changed_windows")
            code.line("load = store.load_window")
            code.line("cw = None")

    def epilogue(self, builder: StageBuilder) -> None:
        """Write what ends a batch."""
        builder.code.line("store.stream_time = st")

    def write_update(
        self, builder: StageBuilder, row: Row, keys: Sequence[str], arguments: Sequence[Sequence[str]]
    ) -> tuple[str, str]:
        """Write the update of the row's group; returns the variables of the state key and the state.

        `keys` and `arguments` are the variables of the grouping expressions and of every call's arguments.
        """
        code = builder.code
        key = self._write_key(code, row, keys)
        ts = row.timestamp
        with code.block(f"if {ts} > st:"):
            code.line(f"st = {ts}")
        rows, changed, extra = "rows", "changed", ""
        if self.window is not None:
            self._write_window(builder, row)
            rows, changed, extra = "w", "ch", "ws, "
        code.line(f"s = {rows}.get({key})")
        with code.block("if s is None:"):
            code.line(f"if load is not None: s = load({extra}{key})")
            code.line(f"if s is None: s = {rows}[{key}] = {self.state.construct(code, ts)}")
        code.line(f"{changed}[{key}] = None")
        with code.block(f"if {ts} > s.ts:"):
            code.line(f"s.ts = {ts}")
        for call, names, given in zip(self.calls, self.state.names, arguments, strict=True):
            call.aggregate.write_add(code, [f"s.{n}" for n in names], given)
        return key, "s"

    def result_columns(self, builder: StageBuilder, key: str, state: str, start: str | None) -> dict[str, str]:
        """Write the columns of an aggregated row: group keys, window bounds, results."""
        code = builder.code
        columns: dict[str, str] = {}
        for i, (name, kind) in enumerate(zip(self.keys, self.key_types, strict=True)):
            part = key if len(self.keys) == 1 else f"{key}[{i}]"
            variable = builder.variable(name, "g")
            thawed = part if is_hashable(kind) else f"{code.bind('thaw', self.thaw)}({part})"
            code.line(f"{variable} = {thawed}")
            columns[name] = variable
        for call, names in zip(self.calls, self.state.names, strict=True):
            variable = builder.variable(call.text, "a")
            code.line(f"{variable} = {call.aggregate.write_result(code, [f'{state}.{n}' for n in names])}")
            columns[call.name] = variable
        columns["ROWTIME"] = f"{state}.ts"
        if start is not None and self.window is not None:
            columns["WINDOWSTART"] = start
            columns["WINDOWEND"] = f"({start} + {self.window.size_ms})"
        return columns

    def _write_key(self, code: Code, row: Row, variables: Sequence[str]) -> str:
        absent = " or ".join(f"{v} is None" for v in variables)
        with code.block(f"if {absent}:"):
            code.line(f"problems.skipped({row.record}, 'a grouping expression is NULL')")
            code.line("continue")
        parts = [
            v if is_hashable(t) else f"{code.bind('freeze', self.freeze)}({v})"
            for v, t in zip(variables, self.key_types, strict=True)
        ]
        if len(parts) == 1 and parts[0] == variables[0]:
            return parts[0]
        code.line(f"g = {parts[0] if len(parts) == 1 else '(' + ', '.join(parts) + ')'}")
        return "g"

    def _write_window(self, builder: StageBuilder, row: Row) -> None:
        assert self.window is not None
        code, size, ts = builder.code, self.window.size_ms, row.timestamp
        code.line(f"ws = {ts} - {ts} % {size}")
        with code.block("if ws != cw:"):
            with code.block(f"if ws + {size + self.window.grace_ms} <= st:"):
                code.line(f"problems.late({row.record}, ws, ws + {size}, st)")
                code.line("continue")
            code.line("w = windows.get(ws)")
            with code.block("if w is None:"):
                code.line("w = windows[ws] = {}")
            code.line("ch = changed_windows.get(ws)")
            with code.block("if ch is None:"):
                code.line("ch = changed_windows[ws] = {}")
            code.line("cw = ws")
