"""Statements; the numbers of the grammar's forms follow the language inventory."""

from headrace.parser.actions.registry import action
from headrace.parser.errors import Span
from headrace.parser.expressions import Expression
from headrace.parser.statements import (
    AlterSource,
    AlterSystem,
    AssertNullValues,
    AssertSchema,
    AssertSource,
    AssertTopic,
    AssertValues,
    ColumnDefinition,
    ConnectorKind,
    ControlAction,
    ControlQuery,
    CreateAsSelect,
    CreateConnector,
    CreateSource,
    CreateType,
    DefineVariable,
    Describe,
    DropConnector,
    DropSource,
    DropType,
    Duration,
    Explain,
    InsertSelect,
    InsertValues,
    Print,
    Property,
    Query,
    RunScript,
    SetProperty,
    Show,
    SourceKind,
    Spool,
    Statement,
    UndefineVariable,
    UnsetProperty,
)
from headrace.parser.types import TypeName

Columns = tuple[ColumnDefinition, ...]
Properties = tuple[Property, ...]


# Introspection


@action()
def show(span: Span, what: str) -> Show:
    return Show(what, span=span)


@action()
def show_topics(span: Span, every: bool | None, extended: bool | None) -> Show:
    return Show("TOPICS", bool(extended), bool(every), span=span)


@action()
def show_extensible(span: Span, what: str, extended: bool | None) -> Show:
    return Show(what, bool(extended), span=span)


@action()
def show_connectors(span: Span, kind: ConnectorKind | None) -> Show:
    return Show("CONNECTORS", connector_kind=kind, span=span)


@action()
def show_plugins(span: Span) -> Show:
    return Show("CONNECTOR PLUGINS", span=span)


@action()
def describe_source(span: Span, name: str, extended: bool | None) -> Describe:
    return Describe("SOURCE", name, bool(extended), span=span)


@action()
def describe_all(span: Span, what: str, extended: bool | None) -> Describe:
    return Describe("STREAMS" if what == "STREAMS" else "TABLES", None, bool(extended), span=span)


@action()
def describe_function(span: Span, name: str) -> Describe:
    return Describe("FUNCTION", name.upper(), span=span)


@action()
def describe_connector(span: Span, name: str) -> Describe:
    return Describe("CONNECTOR", name, span=span)


@action("print")
def print_(span: Span, topic: str, from_beginning: bool | None, interval: int | None, limit: int | None) -> Print:
    return Print(topic, bool(from_beginning), 1 if interval is None else interval, limit, span=span)


# Queries and their control


@action()
def control_query(span: Span, verb: ControlAction, query_id: str) -> ControlQuery:
    return ControlQuery(verb, query_id, span=span)


@action()
def control_all(span: Span, verb: ControlAction) -> ControlQuery:
    return ControlQuery(verb, None, span=span)


@action()
def explain(span: Span, target: Statement | str) -> Explain:
    return Explain(target, span=span)


@action()
def explain_code(span: Span, target: Statement | str) -> Explain:
    return Explain(target, True, span=span)


# Session


@action()
def set_property(span: Span, name: str, value: str) -> SetProperty:
    return SetProperty(name, value, span=span)


@action()
def unset_property(span: Span, name: str) -> UnsetProperty:
    return UnsetProperty(name, span=span)


@action()
def define_variable(span: Span, name: str, value: str) -> DefineVariable:
    return DefineVariable(name, value, span=span)


@action()
def undefine_variable(span: Span, name: str) -> UndefineVariable:
    return UndefineVariable(name, span=span)


@action()
def run_script(span: Span, path: str) -> RunScript:
    return RunScript(path, span=span)


@action()
def spool(span: Span, path: str) -> Spool:
    return Spool(path, span=span)


@action()
def spool_off(span: Span) -> Spool:
    return Spool(None, span=span)


# Data definition


@action()
def create_source(
    span: Span,
    or_replace: bool | None,
    read_only: bool | None,
    kind: SourceKind,
    if_not_exists: bool | None,
    name: str,
    columns: Columns | None,
    properties: Properties | None,
) -> CreateSource:
    return CreateSource(
        kind, name, columns or (), properties or (), bool(or_replace), bool(if_not_exists), bool(read_only), span=span
    )


@action()
def create_as_select(
    span: Span,
    or_replace: bool | None,
    kind: SourceKind,
    if_not_exists: bool | None,
    name: str,
    properties: Properties | None,
    query: Query,
) -> CreateAsSelect:
    return CreateAsSelect(kind, name, query, properties or (), bool(or_replace), bool(if_not_exists), span=span)


@action()
def create_connector(
    span: Span, kind: ConnectorKind, if_not_exists: bool | None, name: str, properties: Properties
) -> CreateConnector:
    return CreateConnector(kind, name, properties, bool(if_not_exists), span=span)


@action()
def drop_source(
    span: Span, kind: SourceKind, if_exists: bool | None, name: str, delete_topic: bool | None
) -> DropSource:
    return DropSource(kind, name, bool(if_exists), bool(delete_topic), span=span)


@action()
def drop_connector(span: Span, if_exists: bool | None, name: str) -> DropConnector:
    return DropConnector(name, bool(if_exists), span=span)


@action()
def create_type(span: Span, if_not_exists: bool | None, name: str, type_name: TypeName) -> CreateType:
    return CreateType(name, type_name, bool(if_not_exists), span=span)


@action()
def drop_type(span: Span, if_exists: bool | None, name: str) -> DropType:
    return DropType(name, bool(if_exists), span=span)


@action()
def alter_source(span: Span, kind: SourceKind, name: str, *columns: ColumnDefinition) -> AlterSource:
    return AlterSource(kind, name, columns, span=span)


@action()
def alter_system(span: Span, name: str, value: str) -> AlterSystem:
    return AlterSystem(name, value, span=span)


@action("properties")
def properties_(_span: Span, *entries: Property) -> Properties:
    return entries


@action("property")
def property_(span: Span, name: str, value: Expression) -> Property:
    return Property(name.upper(), value, span=span)


@action()
def connector_property(span: Span, name: str, value: Expression) -> Property:
    return Property(name, value, span=span)


# Data manipulation


@action()
def insert_select(span: Span, name: str, properties: Properties | None, query: Query) -> InsertSelect:
    return InsertSelect(name, query, properties or (), span=span)


@action()
def insert_values(
    span: Span, name: str, columns: tuple[str, ...] | None, values: tuple[Expression, ...]
) -> InsertValues:
    return InsertValues(name, columns or (), values, span=span)


@action()
def names(_span: Span, *values: str) -> tuple[str, ...]:
    return values


# Assertions


@action()
def assert_topic(
    span: Span, not_exists: bool | None, topic: str, properties: Properties | None, timeout: Duration | None
) -> AssertTopic:
    return AssertTopic(topic, properties or (), timeout, not not_exists, span=span)


@action()
def assert_schema(
    span: Span, not_exists: bool | None, subject: str | None, schema_id: int | None, timeout: Duration | None
) -> AssertSchema:
    return AssertSchema(subject, schema_id, timeout, not not_exists, span=span)


@action()
def assert_values(
    span: Span, name: str, columns: tuple[str, ...] | None, values: tuple[Expression, ...]
) -> AssertValues:
    return AssertValues(name, columns or (), values, span=span)


@action()
def assert_null_values(
    span: Span, name: str, columns: tuple[str, ...] | None, values: tuple[Expression, ...]
) -> AssertNullValues:
    return AssertNullValues(name, columns or (), values, span=span)


@action()
def assert_source(
    span: Span, kind: SourceKind, name: str, columns: Columns | None, properties: Properties | None
) -> AssertSource:
    return AssertSource(kind, name, columns or (), properties or (), span=span)
