"""INSERT INTO … VALUES: one record, durable when the statement returns."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from headrace.engine.analysis.values import evaluate_value
from headrace.engine.catalog.source import Source
from headrace.engine.results import Status
from headrace.engine.statements.dispatch import handles
from headrace.engine.types.schema import PSEUDO_COLUMNS, Column
from headrace.engine.types.sqltype import BIGINT
from headrace.parser.errors import Span, SqlError
from headrace.parser.statements import InsertValues

if TYPE_CHECKING:
    from headrace.engine.session import Session


@handles(InsertValues)
def insert_values(session: "Session", statement: InsertValues) -> Status | None:
    """Write one record."""
    source = _target(session, statement)
    columns = _columns(source, statement)
    _check_count(columns, statement)
    values = {c.name: evaluate_value(session, e, c) for c, e in zip(columns, statement.values, strict=True)}
    timestamp = _timestamp(session, source, values)
    key, value = encode(session, source, values)
    session.services.topics.append(source.topic, key, value, timestamp)
    return None


def encode(session: "Session", source: Source, values: dict[str, Any]) -> tuple[bytes | None, bytes | None]:
    """Key and value bytes of a row; columns that are not given are NULL. Raises SqlError for a table row without its key."""
    keys = [values.get(c.name) for c in source.schema.key]
    missing = [c.name for c in source.schema.key if c.name not in values]
    if source.is_table and (missing or all(k is None for k in keys)):
        raise SqlError(
            f"Value for primary key column(s) {', '.join(c.name for c in source.schema.key)} is required for tables",
            hint="name every key column and give it a value",
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
    message = f"Cannot insert values into an unknown stream/table: `{statement.name}`"
    source = session.catalog.source(statement.name, span=statement.span, message=message)
    refuse_read_only(session, source, statement.span)
    return source


def refuse_read_only(session: "Session", source: Source, span: Span | None = None) -> None:
    """Raise SqlError for a source that rows cannot be inserted into."""
    word = source.kind.lower()
    if source.read_only:
        raise SqlError(f"Cannot insert values into read-only {word}: {source.name}", span=span)
    if source.window is not None:
        raise SqlError(f"Cannot insert values into windowed {word}!", span=span)
    if any(re.fullmatch(p, source.topic) for p in session.settings.text("ksql.readonly.topics").split(",") if p):
        raise SqlError(f"Cannot insert values into read-only topic: {source.topic}", span=span)
    if source.schema.headers:
        names = ", ".join(c.name for c in source.schema.headers)
        raise SqlError(
            f"Cannot insert into HEADER columns: {names}",
            span=span,
            hint=f'"{source.name}" has header columns, so that it is read-only',
        )


def _columns(source: Source, statement: InsertValues) -> Sequence[Column]:
    if not statement.columns:
        return (*source.schema.key, *source.schema.value)
    columns = []
    for name in statement.columns:
        if name in ("ROWPARTITION", "ROWOFFSET"):
            raise SqlError(
                f"Inserting into column `{name}` is not allowed.", span=statement.span, hint="the log sets it"
            )
        found = source.schema.find(name) or (Column(name, BIGINT) if name in PSEUDO_COLUMNS else None)
        if found is None:
            names = [c.name for c in source.schema]
            near = get_close_matches(name.upper(), {n.upper(): n for n in names}, n=1)
            hint = next((f'did you mean "{n}"?' for n in names if n.upper() in near), None)
            raise SqlError(
                f"Column name `{name}` does not exist.",
                span=statement.span,
                hint=hint or f"existing columns: {', '.join(names)}",
                kind="unknown column",
            )
        if found in columns:
            raise SqlError(f"Column `{name}` is given more than once.", span=statement.span)
        columns.append(found)
    return columns


def _check_count(columns: Sequence[Column], statement: InsertValues) -> None:
    given = len(statement.values)
    if statement.columns and len(columns) != given:
        raise SqlError(
            f"Expected number columns and values to match: {len(columns)}, {given}",
            span=statement.span,
            hint=f"{len(columns)} values are needed",
        )
    if len(columns) != given:
        raise SqlError(
            f"Expected a value for each column. Expected Columns: [{', '.join(f'`{c.name}`' for c in columns)}]. Got {given} values.",
            span=statement.span,
            hint=f"{len(columns)} values are needed",
        )


def _timestamp(session: "Session", source: Source, values: dict[str, Any]) -> int:
    """ROWTIME if given, else now. The TIMESTAMP property is applied by readers."""
    given = values.pop("ROWTIME", None)
    if given is None:
        return session.services.clock.now_ms()
    if given < 0:
        raise SqlError(f"Invalid ROWTIME: {given}.", hint="it is milliseconds since 1970, not negative")
    return int(given)
