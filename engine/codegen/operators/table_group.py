"""GROUP BY over a table: a changed row is taken out of its old group and put into its new one.

The law: a row that stays in its group changes it once; one that moves changes the old group first, then the new one; a
deleted or filtered row is only taken out. Rows with a NULL grouping expression are in no group.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headrace.engine.codegen.builder import Row, StageBuilder
from headrace.engine.codegen.operators.aggregate import Aggregation
from headrace.engine.codegen.source import Code
from headrace.engine.codegen.stage import StoreSpec
from headrace.engine.types.python import is_hashable, optional_type, python_type

Apply = Callable[[Code, str, str, str], None]
"""`(code, group, old, new)`: writes what changes a group, given expressions for its key and for the old and new arguments (or None)."""


@dataclass(frozen=True, slots=True)
class TableGroup:
    """The grouping of a table's rows: what is remembered of each row is its group and its arguments."""

    aggregation: Aggregation

    def spec(self) -> StoreSpec:
        """The store of the rows as they were, by their key's bytes."""
        kinds = [python_type(t) if is_hashable(t) else bytes for t in self.aggregation.key_types]
        group = kinds[0] if len(kinds) == 1 else tuple[tuple(kinds)]  # type: ignore[misc]
        arguments = [optional_type(a.type) for call in self.aggregation.calls for a in call.arguments]
        return StoreSpec("Source", bytes, tuple[group, tuple[tuple(arguments)]])  # type: ignore[misc, valid-type]

    def prepare(self, builder: StageBuilder, index: int) -> None:
        """Write what the functions share, inside `make`."""
        builder.code.line(f"source = context.stores[{index}]")

    def prologue(self, builder: StageBuilder) -> None:
        """Write what runs once per batch."""
        code = builder.code
        code.line("previous = source.rows")
        code.line("moved = source.changed")
        code.line("recall = source.load")

    def write_row(
        self, builder: StageBuilder, row: Row, keys: Sequence[str], arguments: Sequence[str], apply: Apply
    ) -> None:
        """Write what a row does, given the variables of its grouping expressions and arguments."""
        code, aggregation = builder.code, self.aggregation
        parts = [
            v if is_hashable(t) else f"{code.bind('freeze', aggregation.freeze)}({v})"
            for v, t in zip(keys, aggregation.key_types, strict=True)
        ]
        group = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
        absent = " or ".join(f"{v} is None" for v in keys)
        with code.block(f"if {absent}:"):
            code.line(f"problems.skipped({row.record}, 'a grouping expression is NULL')")
            code.line("new = None")
        with code.block("else:"):
            code.line(f"new = ({group}, ({''.join(a + ', ' for a in arguments)}))")
        self._write_move(code, row, apply)

    def write_deleted(self, builder: StageBuilder, row: Row, apply: Apply) -> None:
        """Write what a row does that is gone or does not pass WHERE."""
        builder.code.line("new = None")
        self._write_move(builder.code, row, apply)

    def _write_move(self, code: Code, row: Row, apply: Apply) -> None:
        code.line("old = previous.get(k)")
        code.line("if old is None and recall is not None: old = recall(k)")
        code.line("if old is None and new is None: continue")
        with code.block("if new is None:"):
            code.line("del previous[k]")
        with code.block("else:"):
            code.line("previous[k] = new")
        code.line("moved[k] = None")
        with code.block("if old is not None and new is not None and old[0] == new[0]:"):
            apply(code, "new[0]", "old[1]", "new[1]")
        with code.block("else:"):
            with code.block("if old is not None:"):
                apply(code, "old[0]", "old[1]", "None")
            with code.block("if new is not None:"):
                apply(code, "new[0]", "None", "new[1]")

    def write_apply(self, builder: StageBuilder, *, emits: bool) -> None:
        """Write `apply(key, old, new, ts, hd, r)`: the change of one group."""
        code, aggregation = builder.code, self.aggregation
        with code.block("def apply(key, old, new, ts, hd, r):"):
            code.line("s = store.rows.get(key)")
            with code.block("if s is None:"):
                code.line("if store.load is not None: s = store.load(key)")
                code.line(f"if s is None: s = store.rows[key] = {aggregation.state.construct(code, 'ts')}")
            code.line("store.changed[key] = None")
            code.line("if ts > s.ts: s.ts = ts")
            for given, write in (("old", "write_undo"), ("new", "write_add")):
                with code.block(f"if {given} is not None:"):
                    self._write_each(code, given, write)
            if emits:
                code.line("change(key, None, s, hd, r)")

    def _write_each(self, code: Code, given: str, write: str) -> None:
        names: list[list[str]] = [[code.fresh("v") for _ in call.arguments] for call in self.aggregation.calls]
        flat = [n for each in names for n in each]
        if flat:
            code.line(f"({''.join(n + ', ' for n in flat)}) = {given}")
        for call, fields, arguments in zip(self.aggregation.calls, self.aggregation.state.names, names, strict=True):
            writer = getattr(call.aggregate, write)
            writer(code, [f"s.{n}" for n in fields], arguments)
