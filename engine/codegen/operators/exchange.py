"""The exchange between two sub-topologies: rows change to the partition of their new key within one step.

A row is a tuple (high, partition, offset, sequence, timestamp, headers, column values…). Sorted as tuples, the rows of a
slice stand in the order of a merge by heads: `high` is the highest timestamp so far in the row's input partition.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from headrace.engine.codegen.builder import Consume, Row, StageBuilder
from headrace.engine.codegen.serde import Writer

ROUTES = 100_000
"""How many keys a task remembers the partition of."""


@dataclass(frozen=True, slots=True)
class ExchangeWriter:
    """Sends rows. `keys` decide the partition, as their bytes would in the sink; `columns` are what the other side reads."""

    key_writer: Writer
    keys: Sequence[str]
    columns: Sequence[str]

    def prepare(self, builder: StageBuilder) -> None:
        """Write what the functions share, inside `make`."""
        code = builder.code
        code.line("exchange = context.exchange")
        code.line("routes = {}")
        code.line("high = -1")

    def prologue(self, builder: StageBuilder) -> None:
        """Write what runs once per batch."""
        builder.code.line("nonlocal high")
        builder.code.line("sequence = 0")

    def write(self, builder: StageBuilder, row: Row) -> None:
        """Send a row."""
        code = builder.code
        variables = [row.columns[k] for k in self.keys]
        key = variables[0] if len(variables) == 1 else f"({', '.join(variables)})"
        code.line(f"if {row.timestamp} > high: high = {row.timestamp}")
        route = code.fresh("route")
        with code.block("try:"):
            code.line(f"{route} = routes[{key}]")
        with code.block("except (KeyError, TypeError) as e:"):
            encoded = self.key_writer.write(code, variables)
            code.line(f"{route} = exchange({encoded})")
            with code.block("if type(e) is KeyError:"):
                code.line(f"if len(routes) >= {ROUTES}: routes.clear()")
                code.line(f"routes[{key}] = {route}")
        values = "".join(f", {row.columns[c]}" for c in self.columns)
        code.line("sequence += 1")
        code.line(f"{route}((high, partition, {row.record}.offset, sequence, {row.timestamp}, {row.headers}{values}))")


@dataclass(frozen=True, slots=True)
class ExchangeLoop:
    """Receives rows in their order."""

    columns: Sequence[str]

    def write(self, builder: StageBuilder, consume: Consume) -> None:
        """Write the loop over exchange rows."""
        columns = {name: builder.variable(name) for name in self.columns}
        targets = "".join(f", {variable}" for variable in columns.values())
        with builder.code.block(f"for _h, _p, _o, _s, ts, hd{targets} in records:"):
            consume(Row({**columns, "ROWTIME": "ts"}, "ts", "None", "hd"))
