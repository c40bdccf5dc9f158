"""Streams and tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from headrace.engine.codegen.serde import SerdeSpec
from headrace.engine.types.schema import PSEUDO_COLUMNS, WINDOW_BOUNDS, Column, Schema
from headrace.parser.statements import SourceKind

WindowType = Literal["TUMBLING", "HOPPING", "SESSION"]


@dataclass(frozen=True, slots=True)
class WindowedKey:
    """The window in a source's keys; `size_ms` is None for sessions, whose keys hold both bounds."""

    type: WindowType
    size_ms: int | None = None


@dataclass(frozen=True, slots=True)
class TimestampColumn:
    """Where event time comes from: a column, with a java.time pattern if it is text."""

    column: str
    format: str | None = None


@dataclass(frozen=True, slots=True)
class SideFormat:
    """The format of one side of a source's records. `wrap` is the explicit or configured WRAP_SINGLE_VALUE (None: the format's way)."""

    name: str
    wrap: bool | None = None
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A stream or table over a topic. `query_id` names the query that writes it (CREATE … AS), `read_only` is SOURCE."""

    name: str
    kind: SourceKind
    schema: Schema
    topic: str
    key_format: SideFormat
    value_format: SideFormat
    window: WindowedKey | None = None
    timestamp: TimestampColumn | None = None
    sql: str = ""
    read_only: bool = False
    query_id: str | None = None

    @property
    def is_table(self) -> bool:
        """Whether records are changes by key."""
        return self.kind == "TABLE"

    def key_serde(self) -> SerdeSpec:
        """How keys are written: a single key column stands bare, several form a record."""
        columns = self.schema.key
        return SerdeSpec(
            self.key_format.name, columns, len(columns) != 1, is_key=True, properties=self.key_format.properties
        )

    def value_serde(self) -> SerdeSpec:
        """How values are written: a single value column is wrapped unless WRAP_SINGLE_VALUE or the format says otherwise."""
        columns = self.schema.value
        wrapped = len(columns) != 1 or (
            self.value_format.wrap is not False and self.value_format.name not in BARE_FORMATS
        )
        return SerdeSpec(self.value_format.name, columns, wrapped, properties=self.value_format.properties)

    def readable(self) -> tuple[Column, ...]:
        """All columns that an expression may name: declared ones, then pseudo columns."""
        bounds = WINDOW_BOUNDS if self.window else {}
        return (*self.schema, *(Column(n, t) for n, t in {**PSEUDO_COLUMNS, **bounds}.items()))


BARE_FORMATS = frozenset({"KAFKA", "DELIMITED", "NONE"})
"""Formats that have no record around a single column."""
