"""CREATE STREAM and CREATE TABLE over a topic."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from headrace.engine.catalog.source import SideFormat, Source, WindowedKey
from headrace.engine.catalog.with_clause import SOURCE, WithClause, parse_duration
from headrace.engine.planner.formats import REGISTRY_FORMATS, FormatChooser
from headrace.engine.planner.names import RESERVED, check_source_name
from headrace.engine.planner.planned import check_key_type
from headrace.engine.planner.timestamps import timestamp_column
from headrace.engine.results import Status
from headrace.engine.services import Topic
from headrace.engine.statements.dispatch import handles
from headrace.engine.statements.replacement import check_or_replace, check_replacement
from headrace.engine.statements.topic_config import check_counts, check_existing, retention_config
from headrace.engine.types.naming import resolve_type
from headrace.engine.types.schema import Column, Namespace, Schema
from headrace.engine.types.sqltype import BYTES, STRING, Array, Struct
from headrace.parser.errors import SqlError
from headrace.parser.statements import AlterSource, ColumnDefinition, ColumnRole, CreateSource

if TYPE_CHECKING:
    from headrace.engine.session import Session

HEADERS_TYPE = Array(Struct((("KEY", STRING), ("VALUE", BYTES))))
"""The type that a HEADERS column must have."""


@handles(CreateSource)
def create_source(session: "Session", statement: CreateSource) -> Status:
    """Register a stream or table; create its topic if PARTITIONS is given and it is missing."""
    word = statement.kind.lower()
    existing = session.catalog.sources.get(statement.name)
    if existing is not None and statement.if_not_exists:
        note = f"Cannot add {word} `{statement.name}`: A {existing.kind.lower()} with the same name already exists."
        return Status(note, statement=statement.text, warnings=(note,))
    check_or_replace(session, existing, statement)
    source = plan_source(session, statement)
    if existing is not None:
        check_replacement(existing, source, span=statement.span)
    topic = _topic(session, statement, source)
    if topic is not None:
        session.services.topics.create(topic)
    sequence = session.record(statement)
    session.metastore.swap(session.catalog.with_source(source))
    verb = "replaced" if existing else "created"
    return Status(
        f"{statement.kind.capitalize()} {statement.name} {verb}",
        command_id=f"{word}/`{statement.name}`/create",
        sequence=sequence,
        statement=statement.text,
    )


@handles(AlterSource)
def alter_source(session: "Session", statement: AlterSource) -> Status:
    """Append value columns to a stream or table over a topic."""
    word = statement.kind.lower()
    message = f"Source {statement.name} does not exist."
    source = session.catalog.source(statement.name, span=statement.span, message=message)
    if source.kind != statement.kind:
        raise SqlError(
            f"Incompatible data source type is {source.kind}, but statement was ALTER {statement.kind}",
            span=statement.span,
        )
    if source.read_only:
        raise SqlError(
            f"Cannot alter {word} '{source.name}': ALTER operations are not supported on source {word}s.",
            span=statement.span,
        )
    if source.query_id is not None:
        raise SqlError(
            f"ALTER command is not supported for CREATE ... AS statements: {source.name}", span=statement.span
        )
    _check_reserved(statement.columns)
    added = [_column(session, c, statement.kind) for c in statement.columns]
    for number, column in enumerate(added):
        if source.schema.find(column.name) is not None or column.name in [c.name for c in added[:number]]:
            raise SqlError(
                f"Cannot add column `{column.name}` to schema. A column with the same name already exists.",
                span=statement.span,
            )
    altered = replace(source, schema=Schema((*source.schema, *added)))
    FormatChooser(session.services.formats, session.settings, WithClause((), SOURCE)).check(altered)
    sequence = session.record(statement)
    session.metastore.swap(session.catalog.with_source(altered))
    return Status(
        f"{statement.kind.capitalize()} {source.name} altered",
        command_id=f"{word}/`{source.name}`/alter",
        sequence=sequence,
        statement=statement.text,
    )


def plan_source(session: "Session", statement: CreateSource) -> Source:
    """The source that a CREATE statement describes; raises SqlError."""
    check_source_name(statement.name, statement.span)
    clause = WithClause(statement.properties, SOURCE)
    _check_reserved(statement.columns)
    schema = Schema(tuple(declared_columns(session, statement.columns, statement.kind)))
    chooser = FormatChooser(session.services.formats, session.settings, clause)
    topic = clause.text("KAFKA_TOPIC")
    if topic is None:
        raise SqlError(
            'Missing required property "KAFKA_TOPIC" which has no default value.',
            span=statement.span,
            hint="add KAFKA_TOPIC='…' to the WITH clause",
        )
    value_format = chooser.value(None)
    if not schema.columns or (not schema.value and value_format.name in REGISTRY_FORMATS):
        raise SqlError(
            "The statement does not define any columns. No columns supplied.",
            span=statement.span,
            hint="list them after the name: (id INT KEY, …)",
        )
    if statement.kind == "TABLE" and not schema.key:
        raise SqlError(
            "Tables require a PRIMARY KEY. Please define the PRIMARY KEY.",
            span=statement.span,
            hint="mark a column with PRIMARY KEY",
        )
    source = Source(
        statement.name, statement.kind, schema, topic, chooser.key(None, has_key=bool(schema.key)), value_format, _window(clause, schema),
        timestamp_column(clause, schema), statement.text, statement.read_only,
    )  # fmt: skip
    _check_key_format(source.key_format, schema)
    chooser.check(source)
    return source


def _check_reserved(definitions: Sequence[ColumnDefinition]) -> None:
    for definition in definitions:
        if definition.name in RESERVED:
            raise SqlError(
                f"'{definition.name}' is a reserved column name. You cannot use it as a name for a column.",
                span=definition.span,
            )


def declared_columns(session: "Session", definitions: Sequence[ColumnDefinition], kind: str) -> list[Column]:
    """Declared columns with their types; raises SqlError."""
    columns: list[Column] = []
    for definition in definitions:
        column = _column(session, definition, kind)
        if column.namespace is Namespace.HEADERS:
            _check_headers(column, columns, definition)
        if any(c.name == column.name for c in columns):
            raise SqlError(
                f"Duplicate column names: `{column.name}`", span=definition.span, hint="give one of them another name"
            )
        columns.append(column)
    return columns


def _check_headers(column: Column, before: Sequence[Column], definition: ColumnDefinition) -> None:
    """All headers once, or single headers by distinct keys."""
    for other in before:
        if other.namespace is not Namespace.HEADERS or (
            column.header_key is not None and other.header_key not in (None, column.header_key)
        ):
            continue
        what = "HEADERS" if other.header_key is None else f"HEADER('{other.header_key}')"
        raise SqlError(f"Schema already contains a {what} column.", span=definition.span, hint="leave one of them out")
    if column.header_key == "":
        raise SqlError("The key of a HEADER column cannot be empty.", span=definition.span)


def _column(session: "Session", definition: ColumnDefinition, kind: str) -> Column:
    name, role, span = definition.name, definition.role, definition.span
    place = f"Line: {span.line}, Col: {span.column}: " if span else ""
    if role is ColumnRole.PRIMARY_KEY and kind == "STREAM":
        raise SqlError(f"{place}Column `{name}` is a 'PRIMARY KEY' column: please use 'KEY' for streams.", span=span)
    if role is ColumnRole.KEY and kind == "TABLE":
        raise SqlError(f"{place}Column `{name}` is a 'KEY' column: please use 'PRIMARY KEY' for tables.", span=span)
    type = resolve_type(definition.type, session.catalog.types)
    if role is ColumnRole.HEADERS:
        if not session.settings.flag("ksql.headers.columns.enabled"):
            raise SqlError(
                "Cannot create stream/table with headers columns because headers columns are disabled.", span=span
            )
        wanted = BYTES if definition.header_key is not None else HEADERS_TYPE
        if type != wanted:
            what = (
                f"Invalid type for HEADER('{definition.header_key}') column: expected BYTES"
                if definition.header_key is not None
                else f"Invalid type for HEADERS column: expected {HEADERS_TYPE}"
            )
            raise SqlError(f"{what}, got {type}", span=span, kind="type mismatch")
        return Column(name, type, Namespace.HEADERS, definition.header_key)
    if role in (ColumnRole.KEY, ColumnRole.PRIMARY_KEY):
        check_key_type(name, type)
        return Column(name, type, Namespace.KEY)
    return Column(name, type)


def _check_key_format(key_format: SideFormat, schema: Schema) -> None:
    if key_format.name == "NONE" and schema.key:
        names = ", ".join(f"`{c.name}`" for c in schema.key)
        raise SqlError(
            f"The 'NONE' format can only be used when no columns are defined. Got: [{', '.join(f'`{c.name}` {c.type} KEY' for c in schema.key)}]",
            hint=f"remove {names} or choose another KEY_FORMAT",
        )


def _window(clause: WithClause, schema: Schema) -> WindowedKey | None:
    kind = clause.text("WINDOW_TYPE")
    size = clause.text("WINDOW_SIZE")
    if kind is None:
        return None
    name = kind.upper()
    if name not in ("TUMBLING", "HOPPING", "SESSION"):
        raise SqlError(
            f"Invalid value for WINDOW_TYPE property: '{kind}'.",
            span=clause.span("WINDOW_TYPE"),
            hint="legal ones: SESSION, TUMBLING, HOPPING",
        )
    if not schema.key:
        raise SqlError("Windowed sources require a key column.", span=clause.span("WINDOW_TYPE"))
    if name == "SESSION":
        if size is not None:
            raise SqlError("'WINDOW_SIZE' should not be set for SESSION windows.", span=clause.span("WINDOW_SIZE"))
        return WindowedKey("SESSION")
    if size is None:
        raise SqlError(
            f"{name} windows require 'WINDOW_SIZE' to be provided in the WITH clause.",
            span=clause.span("WINDOW_TYPE"),
            hint="For example: 'WINDOW_SIZE'='10 SECONDS'",
        )
    return WindowedKey(name, parse_duration(size, name="WINDOW_SIZE", span=clause.span("WINDOW_SIZE")))  # type: ignore[arg-type]


def _topic(session: "Session", statement: CreateSource, source: Source) -> Topic | None:
    """The topic to create, or None; raises SqlError where it is missing or does not match."""
    clause = WithClause(statement.properties, SOURCE)
    check_counts(clause)
    partitions, replicas = clause.number("PARTITIONS"), clause.number("REPLICAS")
    config = {"cleanup.policy": "compact" if source.is_table else "delete", **retention_config(clause, source)}
    existing = session.services.topics.describe(source.topic)
    if existing is not None:
        if session.replayed is None:
            check_existing(clause, existing, partitions=partitions)
        return None
    if partitions is None:
        if session.replayed is not None:
            return None
        raise SqlError(
            f"Kafka topic does not exist: {source.topic}",
            span=clause.span("KAFKA_TOPIC"),
            hint="add PARTITIONS=1 to the WITH clause to create it",
            kind="unknown topic",
        )
    return Topic(source.topic, partitions, replicas or 1, config)
