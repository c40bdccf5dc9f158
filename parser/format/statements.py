"""Statements as SQL, without the `;`."""

from collections.abc import Iterable
from functools import singledispatch

from headrace.parser import statements as s
from headrace.parser.expressions import Expression
from headrace.parser.format.expressions import format_expression, format_list
from headrace.parser.format.names import format_name, format_string, format_topic
from headrace.parser.format.queries import format_duration, format_query
from headrace.parser.format.types import format_column, format_columns, format_type


@singledispatch
def format_statement(statement: s.Statement) -> str:
    """A statement as canonical SQL, without the `;`.

    >>> from headrace.parser import parse
    >>> format_statement(parse("select id from a where not (x = 1);")[0])
    'SELECT ID FROM A WHERE NOT X = 1'
    """
    raise TypeError(f"no SQL for {type(statement).__name__}")


format_statement.register(s.Query, format_query)


@format_statement.register
def _(statement: s.CreateSource) -> str:
    return _words(
        "CREATE",
        statement.or_replace and "OR REPLACE",
        statement.read_only and "SOURCE",
        statement.kind,
        statement.if_not_exists and "IF NOT EXISTS",
        format_name(statement.name),
        _columns(statement.columns),
        _properties(statement.properties),
    )


@format_statement.register
def _(statement: s.CreateAsSelect) -> str:
    return _words(
        "CREATE",
        statement.or_replace and "OR REPLACE",
        statement.kind,
        statement.if_not_exists and "IF NOT EXISTS",
        format_name(statement.name),
        _properties(statement.properties),
        "AS",
        format_query(statement.query),
    )


@format_statement.register
def _(statement: s.DropSource) -> str:
    return _words(
        "DROP",
        statement.kind,
        statement.if_exists and "IF EXISTS",
        format_name(statement.name),
        statement.delete_topic and "DELETE TOPIC",
    )


@format_statement.register
def _(statement: s.AlterSource) -> str:
    additions = ", ".join(f"ADD COLUMN {format_column(column)}" for column in statement.columns)
    return f"ALTER {statement.kind} {format_name(statement.name)} {additions}"


@format_statement.register
def _(statement: s.AlterSystem) -> str:
    return f"ALTER SYSTEM {format_string(statement.name)} = {format_string(statement.value)}"


@format_statement.register
def _(statement: s.CreateType) -> str:
    condition = statement.if_not_exists and "IF NOT EXISTS"
    return _words("CREATE TYPE", condition, format_name(statement.name), "AS", format_type(statement.type))


@format_statement.register
def _(statement: s.DropType) -> str:
    return _words("DROP TYPE", statement.if_exists and "IF EXISTS", format_name(statement.name))


@format_statement.register
def _(statement: s.CreateConnector) -> str:
    properties = ", ".join(f"{format_string(p.name)} = {format_expression(p.value)}" for p in statement.properties)
    condition = statement.if_not_exists and "IF NOT EXISTS"
    return _words("CREATE", statement.kind, "CONNECTOR", condition, format_name(statement.name), f"WITH ({properties})")


@format_statement.register
def _(statement: s.DropConnector) -> str:
    return _words("DROP CONNECTOR", statement.if_exists and "IF EXISTS", format_name(statement.name))


@format_statement.register
def _(statement: s.InsertValues) -> str:
    columns = _names(statement.columns)
    return _words("INSERT INTO", format_name(statement.name), columns, "VALUES", _values(statement.values))


@format_statement.register
def _(statement: s.InsertSelect) -> str:
    properties = _properties(statement.properties)
    return _words("INSERT INTO", format_name(statement.name), properties, format_query(statement.query))


@format_statement.register
def _(statement: s.ControlQuery) -> str:
    return f"{statement.action} {'ALL' if statement.query_id is None else format_name(statement.query_id)}"


@format_statement.register
def _(statement: s.Explain) -> str:
    target = statement.target
    text = format_name(target) if isinstance(target, str) else format_statement(target)
    return _words("EXPLAIN", statement.code and "(CODE)", text)


@format_statement.register
def _(statement: s.Print) -> str:
    return _words(
        "PRINT",
        format_topic(statement.topic),
        statement.from_beginning and "FROM BEGINNING",
        statement.interval != 1 and f"INTERVAL {statement.interval}",
        statement.limit is not None and f"LIMIT {statement.limit}",
    )


@format_statement.register
def _(statement: s.Show) -> str:
    return _words(
        "SHOW",
        statement.all and "ALL",
        statement.connector_kind,
        statement.what,
        statement.extended and "EXTENDED",
    )


@format_statement.register
def _(statement: s.Describe) -> str:
    return _words(
        "DESCRIBE",
        statement.what != "SOURCE" and statement.what,
        statement.name is not None and format_name(statement.name),
        statement.extended and "EXTENDED",
    )


@format_statement.register
def _(statement: s.SetProperty) -> str:
    return f"SET {format_string(statement.name)} = {format_string(statement.value)}"


@format_statement.register
def _(statement: s.UnsetProperty) -> str:
    return f"UNSET {format_string(statement.name)}"


@format_statement.register
def _(statement: s.DefineVariable) -> str:
    return f"DEFINE {format_name(statement.name)} = {format_string(statement.value)}"


@format_statement.register
def _(statement: s.UndefineVariable) -> str:
    return f"UNDEFINE {format_name(statement.name)}"


@format_statement.register
def _(statement: s.RunScript) -> str:
    return f"RUN SCRIPT {format_string(statement.path)}"


@format_statement.register
def _(statement: s.Spool) -> str:
    return "SPOOL OFF" if statement.path is None else f"SPOOL {format_string(statement.path)}"


@format_statement.register
def _(statement: s.AssertTopic) -> str:
    return _words(
        "ASSERT",
        not statement.exists and "NOT EXISTS",
        "TOPIC",
        format_topic(statement.topic),
        _properties(statement.properties),
        _timeout(statement.timeout),
    )


@format_statement.register
def _(statement: s.AssertSchema) -> str:
    return _words(
        "ASSERT",
        not statement.exists and "NOT EXISTS",
        "SCHEMA",
        statement.subject is not None and f"SUBJECT {format_topic(statement.subject)}",
        statement.id is not None and f"ID {statement.id}",
        _timeout(statement.timeout),
    )


@format_statement.register
def _(statement: s.AssertValues) -> str:
    columns = _names(statement.columns)
    return _words("ASSERT VALUES", format_name(statement.name), columns, "VALUES", _values(statement.values))


@format_statement.register
def _(statement: s.AssertNullValues) -> str:
    columns = _names(statement.columns)
    return _words("ASSERT NULL VALUES", format_name(statement.name), columns, "KEY", _values(statement.values))


@format_statement.register
def _(statement: s.AssertSource) -> str:
    columns, properties = _columns(statement.columns), _properties(statement.properties)
    return _words("ASSERT", statement.kind, format_name(statement.name), columns, properties)


def _words(*words: str | bool | None) -> str:
    """The words that are there, with spaces between them."""
    return " ".join(word for word in words if isinstance(word, str) and word)


def _columns(columns: tuple[s.ColumnDefinition, ...]) -> str:
    return f"({format_columns(columns)})" if columns else ""


def _names(names: Iterable[str]) -> str:
    text = ", ".join(format_name(name) for name in names)
    return f"({text})" if text else ""


def _values(values: Iterable[Expression]) -> str:
    return f"({format_list(values)})"


def _properties(properties: Iterable[s.Property]) -> str:
    text = ", ".join(f"{_property_name(p.name)} = {format_expression(p.value)}" for p in properties)
    return f"WITH ({text})" if text else ""


def _property_name(name: str) -> str:
    bare = format_name(name)
    return format_string(name) if bare.startswith("`") else bare


def _timeout(timeout: s.Duration | None) -> str:
    return "" if timeout is None else f"TIMEOUT {format_duration(timeout)}"
