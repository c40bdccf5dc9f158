"""The exchange between two sub-topologies: rows change to the partition of their new key within one step.

A row is a tuple (high, partition, offset, sequence, timestamp, headers, whether it has no value, key values…, column
values…). Sorted as tuples, the rows of a
slice stand in the order of a merge by heads: `high` is the highest timestamp so far in the row's input partition, taken over
all its records, as the horizon at which slices are cut takes it: only so is the order the same wherever they are cut.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headrace.engine.codegen.builder import Row, StageBuilder
from headrace.engine.codegen.serde import Writer

ROUTES = 100_000
"""How many keys a task remembers the partition of."""


@dataclass(frozen=True, slots=True)
class ExchangeWriter:
    """Sends rows: first the key's values, which decide the partition as their bytes would in the sink, then what the other side reads."""

    key_writer: Writer
    columns: Sequence[str]
    keeps_headers: bool

    def prepare(self, builder: StageBuilder) -> None:
        """Write what the functions share, inside `make`."""
        code = builder.code
        code.line("exchange = context.exchange")
        code.line("routes = {}")

    def prologue(self, builder: StageBuilder) -> None:
        """Write what runs once per batch."""
        builder.code.line("high = context.highs[0]")
        builder.code.line("sequence = 0")

    def write_high(self, builder: StageBuilder, timestamp: str) -> None:
        """Note a record's event time, whether the record is sent or not: the horizon counts it, too."""
        builder.code.line(f"if {timestamp} > high: high = {timestamp}")

    def write(self, builder: StageBuilder, row: Row, keys: Sequence[str], *, is_null: bool = False) -> None:
        """Send a row, or (`is_null`) a record without a value: its key only."""
        code = builder.code
        key = keys[0] if len(keys) == 1 else f"({', '.join(keys)})"
        route = code.fresh("route")
        with code.block("try:"):
            code.line(f"{route} = routes[{key}]")
        with code.block("except (KeyError, TypeError) as e:"):
            absent = " and ".join(f"{k} is None" for k in keys)
            with code.block(f"if {absent}:"):
                code.line(f"{route} = exchange(b'')")
            with code.block("else:"):
                code.line(f"{route} = exchange({self.key_writer.write(code, keys)})")
            with code.block("if type(e) is KeyError:"):
                code.line(f"if len(routes) >= {ROUTES}: routes.clear()")
                code.line(f"routes[{key}] = {route}")
        values = ["None" if is_null else row.columns[c] for c in self.columns]
        headers = row.headers if self.keeps_headers else "()"
        code.line("sequence += 1")
        place = f"high, partition, {row.record}.offset, sequence, {row.timestamp}, {headers}, {is_null}"
        code.line(f"{route}(({', '.join([place, *keys, *values])}))")


@dataclass(frozen=True, slots=True)
class ExchangeLoop:
    """Receives rows in their order."""

    keys: int
    columns: Sequence[str]

    def write(
        self,
        builder: StageBuilder,
        consume: Callable[[Row, Sequence[str]], None],
        on_null: Callable[[Row, Sequence[str]], None] | None,
    ) -> None:
        """Write the loop over exchange rows; what is given with a row are the variables of its key."""
        keys = [builder.code.fresh("x") for _ in range(self.keys)]
        columns = {name: builder.variable(name) for name in self.columns}
        targets = ", ".join(["_h", "_p", "_o", "_s", "ts", "hd", "is_null", *keys, *columns.values()])
        row = Row({**columns, "ROWTIME": "ts"}, "ts", "None", "hd")
        with builder.code.block(f"for {targets} in records:"):
            if on_null is not None:
                with builder.code.block("if is_null:"):
                    on_null(row, keys)
                    builder.code.line("continue")
            consume(row, keys)
