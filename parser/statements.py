"""Statements as written in SQL: one frozen dataclass per form (language inventory §13).

`text` is the statement as typed, without the terminating semicolon and with its `${variables}` replaced. Spans and text take no part in equality.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from headrace.parser.errors import Span
from headrace.parser.expressions import Expression
from headrace.parser.types import TypeName

SourceKind = Literal["STREAM", "TABLE"]
ConnectorKind = Literal["SOURCE", "SINK"]
ControlAction = Literal["TERMINATE", "PAUSE", "RESUME"]


@dataclass(frozen=True, slots=True)
class Node:
    """Base of everything in a statement that is not an expression or a type."""

    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Statement(Node):
    """Base of all statements."""

    text: str = field(default="", compare=False, repr=False, kw_only=True)


# Parts


@dataclass(frozen=True, slots=True)
class Property(Node):
    """`name = literal` in a WITH clause; the name is upper case, the value a literal expression."""

    name: str
    value: Expression


class ColumnRole(Enum):
    """What a declared column is for."""

    VALUE = "VALUE"
    KEY = "KEY"
    PRIMARY_KEY = "PRIMARY KEY"
    HEADERS = "HEADERS"


@dataclass(frozen=True, slots=True)
class ColumnDefinition(Node):
    """`name type [KEY | PRIMARY KEY | HEADERS | HEADER('header_key')]`."""

    name: str
    type: TypeName
    role: ColumnRole = ColumnRole.VALUE
    header_key: str | None = None


@dataclass(frozen=True, slots=True)
class Duration(Node):
    """`count unit`, e.g. `10 SECONDS`; `unit` is upper case and plural."""

    count: int
    unit: Literal["DAYS", "HOURS", "MINUTES", "SECONDS", "MILLISECONDS"]

    @property
    def milliseconds(self) -> int:
        """The length in milliseconds."""
        return self.count * _MILLISECONDS[self.unit]


_MILLISECONDS = {"DAYS": 86_400_000, "HOURS": 3_600_000, "MINUTES": 60_000, "SECONDS": 1_000, "MILLISECONDS": 1}


@dataclass(frozen=True, slots=True)
class SelectItem(Node):
    """`expression [AS alias]`."""

    expression: Expression
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class AllColumns(Node):
    """`*` or `source.*`."""

    source: str | None = None


@dataclass(frozen=True, slots=True)
class StructAll(Node):
    """`expression->*`."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class AliasedSource(Node):
    """`name [AS alias]`; `alias` is the name where none is given."""

    name: str
    alias: str


@dataclass(frozen=True, slots=True)
class Within(Node):
    """`WITHIN before [, after] [GRACE PERIOD grace]` of a stream-stream join."""

    before: Duration
    after: Duration
    grace: Duration | None = None


@dataclass(frozen=True, slots=True)
class Join(Node):
    """`left kind JOIN right [WITHIN …] ON condition`, left-deep."""

    left: "Relation"
    kind: Literal["INNER", "LEFT", "RIGHT", "FULL"]
    right: AliasedSource
    within: Within | None
    condition: Expression


Relation = AliasedSource | Join


@dataclass(frozen=True, slots=True)
class Window(Node):
    """`TUMBLING | HOPPING | SESSION (…)`; `size` is the gap of a session."""

    kind: Literal["TUMBLING", "HOPPING", "SESSION"]
    size: Duration
    advance: Duration | None = None
    retention: Duration | None = None
    grace: Duration | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Query(Statement):
    """`SELECT …`: push with `emit`, else pull; persistent inside CREATE … AS and INSERT INTO."""

    items: tuple[SelectItem | AllColumns | StructAll, ...]
    relation: Relation
    window: Window | None = None
    where: Expression | None = None
    group_by: tuple[Expression, ...] = ()
    partition_by: tuple[Expression, ...] = ()
    having: Expression | None = None
    emit: Literal["CHANGES", "FINAL"] | None = None
    limit: int | None = None


# Data definition


@dataclass(frozen=True, slots=True)
class CreateSource(Statement):
    """`CREATE [OR REPLACE] [SOURCE] STREAM|TABLE [IF NOT EXISTS] name (columns) WITH (properties)`."""

    kind: SourceKind
    name: str
    columns: tuple[ColumnDefinition, ...]
    properties: tuple[Property, ...] = ()
    or_replace: bool = False
    if_not_exists: bool = False
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class CreateAsSelect(Statement):
    """`CREATE [OR REPLACE] STREAM|TABLE [IF NOT EXISTS] name WITH (…) AS query`."""

    kind: SourceKind
    name: str
    query: Query
    properties: tuple[Property, ...] = ()
    or_replace: bool = False
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class DropSource(Statement):
    """`DROP STREAM|TABLE [IF EXISTS] name [DELETE TOPIC]`."""

    kind: SourceKind
    name: str
    if_exists: bool = False
    delete_topic: bool = False


@dataclass(frozen=True, slots=True)
class AlterSource(Statement):
    """`ALTER STREAM|TABLE name ADD [COLUMN] column type, …`."""

    kind: SourceKind
    name: str
    columns: tuple[ColumnDefinition, ...]


@dataclass(frozen=True, slots=True)
class AlterSystem(Statement):
    """`ALTER SYSTEM 'name' = 'value'`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class CreateType(Statement):
    """`CREATE TYPE [IF NOT EXISTS] name AS type`."""

    name: str
    type: TypeName
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class DropType(Statement):
    """`DROP TYPE [IF EXISTS] name`."""

    name: str
    if_exists: bool = False


@dataclass(frozen=True, slots=True)
class CreateConnector(Statement):
    """`CREATE SOURCE|SINK CONNECTOR [IF NOT EXISTS] name WITH (…)`; property names keep their case."""

    kind: ConnectorKind
    name: str
    properties: tuple[Property, ...]
    if_not_exists: bool = False


@dataclass(frozen=True, slots=True)
class DropConnector(Statement):
    """`DROP CONNECTOR [IF EXISTS] name`."""

    name: str
    if_exists: bool = False


# Data manipulation


@dataclass(frozen=True, slots=True)
class InsertValues(Statement):
    """`INSERT INTO name [(columns)] VALUES (values)`; `columns` is empty where none are listed."""

    name: str
    columns: tuple[str, ...]
    values: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class InsertSelect(Statement):
    """`INSERT INTO name [WITH (…)] query`."""

    name: str
    query: Query
    properties: tuple[Property, ...] = ()


# Queries and their control


@dataclass(frozen=True, slots=True)
class ControlQuery(Statement):
    """`TERMINATE | PAUSE | RESUME id | ALL`; `query_id` is None for ALL."""

    action: ControlAction
    query_id: str | None


@dataclass(frozen=True, slots=True)
class Explain(Statement):
    """`EXPLAIN [(CODE)] statement | query id`."""

    target: Statement | str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Print(Statement):
    """`PRINT topic [FROM BEGINNING] [INTERVAL|SAMPLE n] [LIMIT n]`; the topic keeps its case."""

    topic: str
    from_beginning: bool = False
    interval: int = 1
    limit: int | None = None


# Introspection


@dataclass(frozen=True, slots=True)
class Show(Statement):
    """`SHOW|LIST what`: PROPERTIES, TOPICS, STREAMS, TABLES, FUNCTIONS, QUERIES, TYPES, VARIABLES, CONNECTORS, CONNECTOR PLUGINS."""

    what: str
    extended: bool = False
    all: bool = False
    connector_kind: ConnectorKind | None = None


@dataclass(frozen=True, slots=True)
class Describe(Statement):
    """`DESCRIBE name | STREAMS | TABLES | FUNCTION name | CONNECTOR name [EXTENDED]`."""

    what: Literal["SOURCE", "STREAMS", "TABLES", "FUNCTION", "CONNECTOR"]
    name: str | None = None
    extended: bool = False


# Session


@dataclass(frozen=True, slots=True)
class SetProperty(Statement):
    """`SET 'name' = 'value'`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class UnsetProperty(Statement):
    """`UNSET 'name'`."""

    name: str


@dataclass(frozen=True, slots=True)
class DefineVariable(Statement):
    """`DEFINE name = 'value'`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class UndefineVariable(Statement):
    """`UNDEFINE name`."""

    name: str


@dataclass(frozen=True, slots=True)
class RunScript(Statement):
    """`RUN SCRIPT 'path'`."""

    path: str


@dataclass(frozen=True, slots=True)
class Spool(Statement):
    """`SPOOL 'path'` or `SPOOL OFF` (`path` is None)."""

    path: str | None


# Assertions


@dataclass(frozen=True, slots=True)
class AssertTopic(Statement):
    """`ASSERT [NOT EXISTS] TOPIC name [WITH (…)] [TIMEOUT n unit]`; the topic keeps its case."""

    topic: str
    properties: tuple[Property, ...] = ()
    timeout: Duration | None = None
    exists: bool = True


@dataclass(frozen=True, slots=True)
class AssertSchema(Statement):
    """`ASSERT [NOT EXISTS] SCHEMA [SUBJECT name] [ID n] [TIMEOUT n unit]`."""

    subject: str | None = None
    id: int | None = None
    timeout: Duration | None = None
    exists: bool = True


@dataclass(frozen=True, slots=True)
class AssertValues(Statement):
    """`ASSERT VALUES source [(columns)] VALUES (values)` (tests only)."""

    name: str
    columns: tuple[str, ...]
    values: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AssertNullValues(Statement):
    """`ASSERT NULL VALUES source [(key columns)] KEY (values)` (tests only)."""

    name: str
    columns: tuple[str, ...]
    values: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AssertSource(Statement):
    """`ASSERT STREAM|TABLE name (columns) WITH (…)` (tests only): the definition equals."""

    kind: SourceKind
    name: str
    columns: tuple[ColumnDefinition, ...]
    properties: tuple[Property, ...] = ()
