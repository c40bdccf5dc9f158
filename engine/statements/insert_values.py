"""INSERT INTO … VALUES: one record, durable when the statement returns."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from headrace.engine.analysis.values import evaluate_value
from headrace.engine.catalog.source import Source
from headrace.engine.results import Status
from headrace.engine.statements.dispatch import handles
from headrace.engine.types.schema import PSEUDO_COLUMNS, Column
from headrace.engine.types.sqltype import BIGINT
from headrace.parser.errors import SqlError
from headrace.parser.statements import InsertValues

if TYPE_CHECKING:
    from headrace.engine.session import Session


@handles(InsertValues)
def insert_values(session: "Session", statement: InsertValues) -> Status | None:
    """Write one record."""
    source = _target(session, statement)
    columns = _columns(source, statement)
    if len(columns) != len(statement.values):
        raise SqlError(
            f"Expected a value for each column. Expected Columns: [{', '.join(c.name for c in columns)}]. Got {len(statement.values)} values.",
            span=statement.span, hint=f"{len(columns)} values are needed",
        )  # fmt: skip
    values = {c.name: evaluate_value(session, e, c) for c, e in zip(columns, statement.values, strict=True)}
    timestamp = _timestamp(session, source, values)
    key, value = encode(session, source, values)
    session.services.topics.append(source.topic, key, value, timestamp)
    return None


def encode(session: "Session", source: Source, values: dict[str, Any]) -> tuple[bytes | None, bytes | None]:
    """Key and value bytes of a row; columns that are not given are NULL. Raises SqlError for a table row without its key."""
    keys = [values.get(c.name) for c in source.schema.key]
    if source.is_table and any(k is None for k in keys) and len(keys) == 1:
        raise SqlError(
            f"Value for primary key column(s) {', '.join(c.name for c in source.schema.key)} is required for tables",
            hint="name it and give it a value",
        )
    key_format = session.services.formats.get(source.key_format.name)
    value_format = session.services.formats.get(source.value_format.name)
    assert key_format is not None
    assert value_format is not None
    absent = not keys or all(k is None for k in keys)
    key = None if absent else key_format.writer(source.key_serde()).encode(keys)
    value = value_format.writer(source.value_serde()).encode([values.get(c.name) for c in source.schema.value])
    return key, value


def _target(session: "Session", statement: InsertValues) -> Source:
    if not session.settings.flag("ksql.insert.into.values.enabled"):
        raise SqlError("The server has disabled INSERT INTO ... VALUES functionality.", span=statement.span)
    source = session.catalog.sources.get(statement.name)
    if source is None:
        session.catalog.source(statement.name, span=statement.span)
        raise AssertionError
    word = source.kind.lower()
    if source.read_only:
        raise SqlError(f"Cannot insert values into read-only {word}: {source.name}", span=statement.span)
    if source.window is not None:
        raise SqlError(f"Cannot insert values into windowed {word}!", span=statement.span)
    if source.schema.headers:
        raise SqlError(f"Cannot insert into {source.name} because it has header columns", span=statement.span)
    return source


def _columns(source: Source, statement: InsertValues) -> Sequence[Column]:
    if not statement.columns:
        return (*source.schema.key, *source.schema.value)
    columns = []
    for name in statement.columns:
        if name in ("ROWPARTITION", "ROWOFFSET"):
            raise SqlError(f"Inserting into column {name} is not allowed.", span=statement.span, hint="the log sets it")
        found = source.schema.find(name) or (Column(name, BIGINT) if name in PSEUDO_COLUMNS else None)
        if found is None:
            existing = ", ".join(c.name for c in source.schema)
            raise SqlError(
                f"Column name {name} does not exist in {source.name}.",
                span=statement.span,
                hint=f"existing columns: {existing}",
                kind="unknown column",
            )
        columns.append(found)
    return columns


def _timestamp(session: "Session", source: Source, values: dict[str, Any]) -> int:
    """ROWTIME if given, else now. The TIMESTAMP property is applied by readers."""
    given = values.pop("ROWTIME", None)
    if given is None:
        return session.services.clock.now_ms()
    if given < 0:
        raise SqlError(f"Invalid ROWTIME: {given}.", hint="it is milliseconds since 1970, not negative")
    return int(given)
