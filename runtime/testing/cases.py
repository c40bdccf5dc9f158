"""Test cases as they stand in files: frozen, picklable, independent of the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from headrace.runtime.testing.document import Document

Suite = Literal["qtt", "sql", "rest"]
Kind = Literal["ok", "error", "runtime-error"]


@dataclass(frozen=True, slots=True)
class Case:
    """Base of all cases. `name` is unique within a suite; `requires` says what an engine must have to run it."""

    name: str
    suite: Suite
    group: str
    kind: Kind
    path: str
    requires: frozenset[str] = field(default=frozenset(), kw_only=True)


@dataclass(frozen=True, slots=True)
class WindowBounds:
    """The window of a windowed key, in ms; `kind` is "time" or "session"."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A record that goes in or must come out; `timestamp` None means 0 for inputs and anything for outputs."""

    topic: str
    key: Document
    value: Document
    timestamp: int | None = None
    window: WindowBounds | None = None
    headers: tuple[tuple[str, bytes | None], ...] = ()


@dataclass(frozen=True, slots=True)
class CaseTopic:
    """A topic that exists beforehand. Schemas are texts (Protobuf) or documents, for the schema registry."""

    name: str
    partitions: int
    replicas: int = 1
    key_format: str | None = None
    key_schema: Document = None
    key_schema_id: int | None = None
    value_format: str | None = None
    value_schema: Document = None
    value_schema_id: int | None = None
    value_references: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectedError:
    """What a refusal must say: a substring of its message (None: anything)."""

    message: str | None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class QttCase(Case):
    """Statements, records in, records out, facts that must hold afterwards."""

    statements: tuple[str, ...]
    topics: tuple[CaseTopic, ...] = ()
    inputs: tuple[CaseRecord, ...] = ()
    outputs: tuple[CaseRecord, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    post: Mapping[str, Document] = field(default_factory=dict)
    error: ExpectedError | None = None


@dataclass(frozen=True, slots=True)
class SqlCase(Case):
    """A script of statements and ASSERTs; `line` is where its text starts in the file, `partitions` is for that mode."""

    text: str
    line: int
    partitions: int = 1
    error: ExpectedError | None = None


@dataclass(frozen=True, slots=True)
class RestCase(Case):
    """A case that needs the HTTP API of a server."""
