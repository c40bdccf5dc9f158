"""The logical plan: ksqlDB's steps as immutable nodes, the input first.

The law: what is kept durably is the SQL and the steps (`as_data`, versioned); the physical plan is made anew at every start.
"""

from dataclasses import dataclass
from typing import Any

from headrace.engine.analysis.bound import Bound
from headrace.engine.catalog.source import Source
from headrace.engine.codegen.operators.aggregate import AggregateCall, Window
from headrace.engine.codegen.operators.rows import Named

STEPS_VERSION = 1


@dataclass(frozen=True, slots=True)
class ReadSource:
    """Records of a topic as rows of a stream or table; `columns` are those that anything reads (None: not known yet)."""

    source: Source
    alias: str
    columns: frozenset[str] | None = None

    def children(self) -> tuple["Step", ...]:
        return ()

    def describe(self) -> str:
        kind = ("WINDOWED_" if self.source.window else "") + self.source.kind
        return f"{kind}_SOURCE {self.source.name} topic={self.source.topic!r} key={self.source.key_format.name} value={self.source.value_format.name}"


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows for which the predicate is TRUE; a table's others become deletes."""

    input: "Step"
    predicate: Bound
    text: str
    clause: str = "WHERE"

    def children(self) -> tuple["Step", ...]:
        return (self.input,)

    def describe(self) -> str:
        return f"{self.clause} {self.text}"


@dataclass(frozen=True, slots=True)
class Explode:
    """A row per element that table functions give."""

    input: "Step"
    functions: tuple[Named, ...]

    def children(self) -> tuple["Step", ...]:
        return (self.input,)

    def describe(self) -> str:
        return "FLATMAP " + ", ".join(f.text for f in self.functions)


@dataclass(frozen=True, slots=True)
class SelectKey:
    """PARTITION BY: a new key. Without keys the records have none."""

    input: "Step"
    keys: tuple[Named, ...]

    def children(self) -> tuple["Step", ...]:
        return (self.input,)

    def describe(self) -> str:
        return "PARTITION BY " + (", ".join(k.text for k in self.keys) or "NULL")


@dataclass(frozen=True, slots=True)
class GroupBy:
    """GROUP BY: the key of the aggregation."""

    input: "Step"
    keys: tuple[Named, ...]

    def children(self) -> tuple["Step", ...]:
        return (self.input,)

    def describe(self) -> str:
        return "GROUP BY " + ", ".join(k.text for k in self.keys)


@dataclass(frozen=True, slots=True)
class AggregateStep:
    """One row per group (and window)."""

    input: GroupBy
    calls: tuple[AggregateCall, ...]
    window: Window | None

    def children(self) -> tuple["Step", ...]:
        return (self.input,)

    def describe(self) -> str:
        calls = ", ".join(c.text for c in self.calls)
        if self.window is None:
            return f"AGGREGATE {calls}"
        return f"WINDOWED_AGGREGATE {calls} {self.window.describe()}"


@dataclass(frozen=True, slots=True)
class Select:
    """The projection; `keys` names the items that are the key of the result, in key order."""

    input: "Step"
    items: tuple[Named, ...]
    keys: tuple[str, ...]

    def children(self) -> tuple["Step", ...]:
        return (self.input,)

    def describe(self) -> str:
        return "SELECT " + ", ".join(f"{i.text} AS {i.name}" if i.text != i.name else i.name for i in self.items)


@dataclass(frozen=True, slots=True)
class Write:
    """The sink of a persistent query."""

    input: "Step"
    sink: Source
    partitions: int

    def children(self) -> tuple["Step", ...]:
        return (self.input,)

    def describe(self) -> str:
        return f"{self.sink.kind}_SINK {self.sink.name} topic={self.sink.topic!r} key={self.sink.key_format.name} value={self.sink.value_format.name} partitions={self.partitions}"


Step = ReadSource | Filter | Explode | SelectKey | GroupBy | AggregateStep | Select | Write


def tree(step: Step, depth: int = 0) -> list[str]:
    """The plan as indented lines, sink first (EXPLAIN)."""
    lines = [f"{'  ' * depth}> {step.describe()}"]
    for child in step.children():
        lines += tree(child, depth + 1)
    return lines


def as_data(step: Step) -> dict[str, Any]:
    """The steps as plain data for the command log, compared by CREATE OR REPLACE."""
    return {"version": STEPS_VERSION, "steps": [line.lstrip("> ") for line in reversed(tree(step))]}
