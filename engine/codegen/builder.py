"""A stage under construction: the generated `make(context)` with its `run`, `emit` and `row` functions."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from headrace.engine.codegen.expression import ExpressionWriter
from headrace.engine.codegen.source import Code
from headrace.engine.codegen.stage import StageProgram, StoreSpec

WINDOWLESS_KEY = "ki"
"""The variable of a record's key bytes without their window."""


@dataclass(frozen=True, slots=True)
class Row:
    """What generated code knows of the current row: the variable of each column, of its event time, record and headers.

    `raw_key` is the variable of the undecoded key bytes while the key is the record's own; `suffix` is the expression
    of the bytes that a window adds to the key; `skip` is the statement that ends the work on the row;
    `present` are columns that a filter has found not to be NULL.
    """

    columns: Mapping[str, str]
    timestamp: str
    record: str
    headers: str
    raw_key: str | None = None
    suffix: str | None = None
    skip: str = "continue"
    present: frozenset[str] = frozenset()

    def with_columns(self, columns: Mapping[str, str], **changes: Any) -> "Row":
        """The row with other columns."""
        return replace(self, columns=columns, **changes)


Consume = Callable[[Row], None]
"""What writes the rest of the loop for a row."""


class StageBuilder:
    """Collects the source text of one stage and its constants."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.code = Code()
        self.stores: list[StoreSpec] = []
        self.sites: list[str] = []
        self._legend: dict[str, str] = {}

    def site(self, text: str) -> int:
        """The number under which failures of an expression are reported."""
        if text not in self.sites:
            self.sites.append(text)
        return self.sites.index(text)

    def store(self, spec: StoreSpec) -> int:
        """Register a store; returns its index."""
        self.stores.append(spec)
        return len(self.stores) - 1

    def variable(self, column: str, hint: str = "c") -> str:
        """A fresh variable for a column, named in the legend."""
        name = self.code.fresh(hint)
        self._legend[name] = column
        return name

    def expressions(self, row: Row) -> ExpressionWriter:
        """A writer of expressions over a row."""
        return ExpressionWriter(
            self.code,
            row.columns,
            nullable=dict.fromkeys(row.present, False),
            site=self.site,
            record=row.record,
            problems="problems",
        )

    @contextmanager
    def make(self) -> Iterator[Code]:
        """The body of `make(context)`; what is written inside defines run, emit and row."""
        with self.code.block("def make(context):"):
            self.code.line("problems = context.problems")
            self.code.line("partition = context.partition")
            yield self.code
            self.code.line("return run, emit, row")

    def no_emit(self) -> None:
        """Define an `emit` that does nothing."""
        with self.code.block("def emit():"):
            pass

    def no_row(self) -> None:
        """Define a `row` for stages without a table."""
        with self.code.block("def row(key, window_start, state):"):
            self.code.line("return None")

    def program(self) -> StageProgram:
        """Compile."""
        legend = "".join(f"# {name} = {column!r}\n" for name, column in self._legend.items())
        namespace: dict[str, Any] = dict(self.code.constants)
        exec(self.code.compile(self.title), namespace)  # noqa: S102 - our own text; user literals are bound constants
        return StageProgram(
            legend + self.code.text, namespace["make"], tuple(self.stores), tuple(self.sites), self._legend
        )
