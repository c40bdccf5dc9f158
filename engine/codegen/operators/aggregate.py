"""Aggregation: find the state of the key (and window), update it inline, emit the change or keep it for later.

The law: an aggregate's timestamp is the highest of the records that reached it (a session's is its end).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from headrace.engine.analysis.bound import Bound
from headrace.engine.codegen.builder import Row, StageBuilder
from headrace.engine.codegen.operators.session_window import SESSION_FIELDS, SessionWindow
from headrace.engine.codegen.operators.time_window import TimeWindow
from headrace.engine.codegen.source import Code
from headrace.engine.codegen.stage import StoreSpec
from headrace.engine.functions.aggregate.base import Aggregate
from headrace.engine.types.python import is_hashable, python_type
from headrace.engine.types.sqltype import SqlType

Window = TimeWindow | SessionWindow


@dataclass(frozen=True, slots=True)
class AggregateCall:
    """One aggregate function over argument expressions; its result becomes column `name`."""

    name: str
    aggregate: Aggregate
    arguments: Sequence[Bound]
    text: str


class GroupState:
    """The state record of an aggregation: a msgspec Struct with the timestamp and the fields of every aggregate."""

    def __init__(self, calls: Sequence[AggregateCall], *, remembers_passing: bool, is_session: bool) -> None:
        fields: list[tuple[str, Any]] = [("ts", int)]
        self._initial: list[object] = []
        self.names: list[list[str]] = []
        for call in calls:
            names = []
            for _, kind, initial in call.aggregate.fields:
                names.append(f"a{len(fields) - 1}")
                fields.append((names[-1], kind))
                self._initial.append(initial)
            self.names.append(names)
        if is_session:
            fields += SESSION_FIELDS
            self._initial += [0, 0]
        if remembers_passing:
            fields.append(("passed", bool))
            self._initial.append(False)
        collects = any(callable(initial) for initial in self._initial)
        # identity is what tells sessions apart, so states compare by it
        self.type = msgspec.defstruct("State", fields, array_like=True, gc=collects, eq=False)

    def construct(self, code: Code, timestamp: str) -> str:
        """An expression for a new state."""
        kind = code.bind("State", self.type)
        values = [f"{code.bind('initial', i)}()" if callable(i) else _constant(code, i) for i in self._initial]
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
    window: Window | None
    freeze: Callable[[object], object]
    thaw: Callable[[bytes | None], object]
    encode_key: Callable[[Any], bytes]

    @property
    def is_final(self) -> bool:
        """Whether windows are emitted once, when they close."""
        return isinstance(self.window, TimeWindow) and self.window.final

    def spec(self) -> StoreSpec:
        """The store that the state lives in."""
        kinds = [python_type(t) if is_hashable(t) else bytes for t in self.key_types]
        key_type = kinds[0] if len(kinds) == 1 else tuple[tuple(kinds)]  # type: ignore[misc]
        if self.window is None:
            return StoreSpec(self.name, key_type, self.state.type)
        if isinstance(self.window, SessionWindow):
            return StoreSpec(self.name, key_type, self.state.type, session=True)
        return StoreSpec(self.name, key_type, self.state.type, True, self.window.size_ms, self.window.retention_ms)

    def prepare(self, builder: StageBuilder, index: int) -> None:
        """Write what the functions share, inside `make`."""
        code = builder.code
        code.line(f"store = context.stores[{index}]")
        if isinstance(self.window, SessionWindow):
            code.line("swept = store.stream_time")

    def prepare_final(self, builder: StageBuilder) -> None:
        """Write the function that emits closed windows; `change` is there already."""
        if isinstance(self.window, TimeWindow) and self.window.final:
            self.window.write_prepare_final(builder.code, builder.code.bind("encode_key", self.encode_key))

    def prologue(self, builder: StageBuilder) -> None:
        """Write what runs once per batch: the dicts, which the runtime may replace between batches."""
        code = builder.code
        if isinstance(self.window, SessionWindow):
            code.line("nonlocal swept")
        code.line("st = store.stream_time")
        if isinstance(self.window, TimeWindow):
            code.line("windows = store.windows")
            code.line("changed_windows = store.changed_windows")
            code.line("load = store.load_window")
            code.line("cw = None")
            if self.window.final:
                self.window.write_prologue_final(code)
        else:
            code.line("rows = store.rows")
            code.line("changed = store.changed")
            code.line("load = store.load")

    def epilogue(self, builder: StageBuilder) -> None:
        """Write what ends a batch."""
        if isinstance(self.window, SessionWindow):
            self.window.write_sweep(builder.code)
        builder.code.line("store.stream_time = st")

    def write_update(
        self,
        builder: StageBuilder,
        row: Row,
        keys: Sequence[str],
        arguments: Sequence[Sequence[str]],
        on_change: Callable[[str], None],
    ) -> None:
        """Write the update of the row's groups (one per window); `on_change(key)` writes what follows each, with the state in `s`.

        `keys` and `arguments` are the variables of the grouping expressions and of every call's arguments.
        """
        code = builder.code
        key = self._write_key(code, row, keys)
        ts = row.timestamp
        with code.block(f"if {ts} > st:"):
            if self.is_final:
                code.line("before = st")
            code.line(f"st = {ts}")
            if self.is_final:
                code.line(f"if st >= due: due = close(before, st, st, {row.headers}, {row.record})")
        match self.window:
            case None:
                self._write_group(code, row, key, arguments, "rows", "changed", "")
                on_change(key)
            case TimeWindow():
                with self.window.each(code, row):
                    self._write_group(code, row, key, arguments, "w", "ch", "ws, ")
                    on_change(key)
            case SessionWindow():
                self.window.write_find(code, row, key, self.state.construct(code, ts), self._write_merge)
                self._write_add(code, arguments)
                on_change(key)

    def _write_group(
        self, code: Code, row: Row, key: str, arguments: Sequence[Sequence[str]], rows: str, changed: str, place: str
    ) -> None:
        ts = row.timestamp
        code.line(f"s = {rows}.get({key})")
        with code.block("if s is None:"):
            code.line(f"if load is not None: s = load({place}{key})")
            code.line(f"if s is None: s = {rows}[{key}] = {self.state.construct(code, ts)}")
        code.line(f"{changed}[{key}] = None")
        with code.block(f"if {ts} > s.ts:"):
            code.line(f"s.ts = {ts}")
        self._write_add(code, arguments)

    def _write_add(self, code: Code, arguments: Sequence[Sequence[str]]) -> None:
        for call, names, given in zip(self.calls, self.state.names, arguments, strict=True):
            call.aggregate.write_add(code, [f"s.{n}" for n in names], given)

    def _write_merge(self, code: Code, target: str, other: str) -> None:
        for call, names in zip(self.calls, self.state.names, strict=True):
            call.aggregate.write_merge(code, [f"{target}.{n}" for n in names], [f"{other}.{n}" for n in names])

    def result_columns(self, builder: StageBuilder, key: str, state: str) -> dict[str, str]:
        """Write the columns of an aggregated row: group keys, window bounds (`ws` is the start of a time window), results."""
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
        match self.window:
            case TimeWindow(size):
                columns["WINDOWSTART"] = "ws"
                columns["WINDOWEND"] = f"(ws + {size})"
            case SessionWindow():
                columns["WINDOWSTART"] = f"{state}.ws"
                columns["WINDOWEND"] = f"{state}.we"
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

    @property
    def key_suffix(self) -> str | None:
        """The expression of the bytes that a window adds to the key; `ws` and `s` are at hand."""
        match self.window:
            case TimeWindow():
                return "ws.to_bytes(8, 'big', signed=True)"
            case SessionWindow():
                return "s.we.to_bytes(8, 'big', signed=True) + s.ws.to_bytes(8, 'big', signed=True)"
            case _:
                return None
