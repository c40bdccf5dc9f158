"""Statements as written in SQL: one frozen dataclass per form (language inventory §13).

`text` is the statement as typed, without the terminating semicolon and with its `${variables}` replaced. Spans and text take no part in equality.
"""

from dataclasses import field
from enum import Enum
from typing import Literal

from headrace.parser.errors import Span
from headrace.parser.expressions import Expression
from headrace.parser.syntax import Syntax, syntax
from headrace.parser.types import TypeName

SourceKind = Literal["STREAM", "TABLE"]
ConnectorKind = Literal["SOURCE", "SINK"]
ControlAction = Literal["TERMINATE", "PAUSE", "RESUME"]


@syntax
class Node(Syntax):
    """Base of everything in a statement that is not an expression or a type."""

    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@syntax
class Statement(Node):
    """Base of all statements."""

    text: str = field(default="", compare=False, repr=False, kw_only=True)


# Parts


@syntax
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


@syntax
class ColumnDefinition(Node):
    """`name type [KEY | PRIMARY KEY | HEADERS | HEADER('header_key')]`."""

    name: str
    type: TypeName
    role: ColumnRole = ColumnRole.VALUE
    header_key: str | None = None


@syntax
class Duration(Node):
    """`count unit`, e.g. `10 SECONDS`; `unit` is upper case and plural."""

    count: int
    unit: Literal["DAYS", "HOURS", "MINUTES", "SECONDS", "MILLISECONDS"]

    @property
    def milliseconds(self) -> int:
        """The length in milliseconds."""
        return self.count * _MILLISECONDS[self.unit]


_MILLISECONDS = {"DAYS": 86_400_000, "HOURS": 3_600_000, "MINUTES": 60_000, "SECONDS": 1_000, "MILLISECONDS": 1}


@syntax
class SelectItem(Node):
    """`expression [AS alias]`."""

    expression: Expression
    alias: str | None = None


@syntax
class AllColumns(Node):
    """`*` or `source.*`."""

    source: str | None = None


@syntax
class StructAll(Node):
    """`expression->*`."""

    expression: Expression


@syntax
class AliasedSource(Node):
    """`name [AS alias]`; `alias` is the name where none is given."""

    name: str
    alias: str


@syntax
class Within(Node):
    """`WITHIN before [, after] [GRACE PERIOD grace]` of a stream-stream join."""

    before: Duration
    after: Duration
    grace: Duration | None = None


@syntax
class Join(Node):
    """`left kind JOIN right [WITHIN …] ON condition`, left-deep."""

    left: "Relation"
    kind: Literal["INNER", "LEFT", "RIGHT", "FULL"]
    right: AliasedSource
    within: Within | None
    condition: Expression


Relation = AliasedSource | Join


@syntax
class Window(Node):
    """`TUMBLING | HOPPING | SESSION (…)`; `size` is the gap of a session."""

    kind: Literal["TUMBLING", "HOPPING", "SESSION"]
    size: Duration
    advance: Duration | None = None
    retention: Duration | None = None
    grace: Duration | None = None
    name: str | None = None


@syntax
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


@syntax
class CreateSource(Statement):
    """`CREATE [OR REPLACE] [SOURCE] STREAM|TABLE [IF NOT EXISTS] name (columns) WITH (properties)`."""

    kind: SourceKind
    name: str
    columns: tuple[ColumnDefinition, ...]
    properties: tuple[Property, ...] = ()
    or_replace: bool = False
    if_not_exists: bool = False
    read_only: bool = False


@syntax
class CreateAsSelect(Statement):
    """`CREATE [OR REPLACE] STREAM|TABLE [IF NOT EXISTS] name WITH (…) AS query`."""

    kind: SourceKind
    name: str
    query: Query
    properties: tuple[Property, ...] = ()
    or_replace: bool = False
    if_not_exists: bool = False


@syntax
class DropSource(Statement):
    """`DROP STREAM|TABLE [IF EXISTS] name [DELETE TOPIC]`."""

    kind: SourceKind
    name: str
    if_exists: bool = False
    delete_topic: bool = False


@syntax
class AlterSource(Statement):
    """`ALTER STREAM|TABLE name ADD [COLUMN] column type, …`."""

    kind: SourceKind
    name: str
    columns: tuple[ColumnDefinition, ...]


@syntax
class AlterSystem(Statement):
    """`ALTER SYSTEM 'name' = 'value'`."""

    name: str
    value: str


@syntax
class CreateType(Statement):
    """`CREATE TYPE [IF NOT EXISTS] name AS type`."""

    name: str
    type: TypeName
    if_not_exists: bool = False


@syntax
class DropType(Statement):
    """`DROP TYPE [IF EXISTS] name`."""

    name: str
    if_exists: bool = False


@syntax
class CreateConnector(Statement):
    """`CREATE SOURCE|SINK CONNECTOR [IF NOT EXISTS] name WITH (…)`; property names keep their case."""

    kind: ConnectorKind
    name: str
    properties: tuple[Property, ...]
    if_not_exists: bool = False


@syntax
class DropConnector(Statement):
    """`DROP CONNECTOR [IF EXISTS] name`."""

    name: str
    if_exists: bool = False


# Data manipulation


@syntax
class InsertValues(Statement):
    """`INSERT INTO name [(columns)] VALUES (values)`; `columns` is empty where none are listed."""

    name: str
    columns: tuple[str, ...]
    values: tuple[Expression, ...]


@syntax
class InsertSelect(Statement):
    """`INSERT INTO name [WITH (…)] query`."""

    name: str
    query: Query
    properties: tuple[Property, ...] = ()


# Queries and their control


@syntax
class ControlQuery(Statement):
    """`TERMINATE | PAUSE | RESUME id | ALL`; `query_id` is None for ALL."""

    action: ControlAction
    query_id: str | None


@syntax
class Explain(Statement):
    """`EXPLAIN [(CODE)] statement | query id`."""

    target: Statement | str
    code: bool = False


@syntax
class Print(Statement):
    """`PRINT topic [FROM BEGINNING] [INTERVAL|SAMPLE n] [LIMIT n]`; the topic keeps its case."""

    topic: str
    from_beginning: bool = False
    interval: int = 1
    limit: int | None = None


# Introspection


@syntax
class Show(Statement):
    """`SHOW|LIST what`: PROPERTIES, TOPICS, STREAMS, TABLES, FUNCTIONS, QUERIES, TYPES, VARIABLES, CONNECTORS, CONNECTOR PLUGINS."""

    what: str
    extended: bool = False
    all: bool = False
    connector_kind: ConnectorKind | None = None


@syntax
class Describe(Statement):
    """`DESCRIBE name | STREAMS | TABLES | FUNCTION name | CONNECTOR name [EXTENDED]`."""

    what: Literal["SOURCE", "STREAMS", "TABLES", "FUNCTION", "CONNECTOR"]
    name: str | None = None
    extended: bool = False


# Session


@syntax
class SetProperty(Statement):
    """`SET 'name' = 'value'`."""

    name: str
    value: str


@syntax
class UnsetProperty(Statement):
    """`UNSET 'name'`."""

    name: str


@syntax
class DefineVariable(Statement):
    """`DEFINE name = 'value'`."""

    name: str
    value: str


@syntax
class UndefineVariable(Statement):
    """`UNDEFINE name`."""

    name: str


@syntax
class RunScript(Statement):
    """`RUN SCRIPT 'path'`."""

    path: str


@syntax
class Spool(Statement):
    """`SPOOL 'path'` or `SPOOL OFF` (`path` is None)."""

    path: str | None


# Assertions


@syntax
class AssertTopic(Statement):
    """`ASSERT [NOT EXISTS] TOPIC name [WITH (…)] [TIMEOUT n unit]`; the topic keeps its case."""

    topic: str
    properties: tuple[Property, ...] = ()
    timeout: Duration | None = None
    exists: bool = True


@syntax
class AssertSchema(Statement):
    """`ASSERT [NOT EXISTS] SCHEMA [SUBJECT name] [ID n] [TIMEOUT n unit]`."""

    subject: str | None = None
    id: int | None = None
    timeout: Duration | None = None
    exists: bool = True


@syntax
class AssertValues(Statement):
    """`ASSERT VALUES source [(columns)] VALUES (values)` (tests only)."""

    name: str
    columns: tuple[str, ...]
    values: tuple[Expression, ...]


@syntax
class AssertNullValues(Statement):
    """`ASSERT NULL VALUES source [(key columns)] KEY (values)` (tests only)."""

    name: str
    columns: tuple[str, ...]
    values: tuple[Expression, ...]


@syntax
class AssertSource(Statement):
    """`ASSERT STREAM|TABLE name (columns) WITH (…)` (tests only): the definition equals."""

    kind: SourceKind
    name: str
    columns: tuple[ColumnDefinition, ...]
    properties: tuple[Property, ...] = ()
