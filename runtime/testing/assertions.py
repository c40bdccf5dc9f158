"""The ASSERT statements of SQL cases.

The law: every ASSERT VALUES takes the next unread record of its topic, whether it matches or not; only the listed columns
are compared.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from headrace.engine.analysis.values import evaluate_value
from headrace.engine.catalog.source import Source, TimestampColumn
from headrace.engine.catalog.with_clause import SOURCE, WithClause
from headrace.engine.codegen.serde import DecodeError, SerdeSpec
from headrace.engine.statements.create_source import declared_columns
from headrace.engine.types.schema import PSEUDO_COLUMNS, WINDOW_BOUNDS, Column, Schema
from headrace.engine.types.sqltype import BIGINT
from headrace.parser.errors import SqlError
from headrace.parser.expressions import Expression
from headrace.parser.statements import AssertNullValues, AssertSource, AssertValues
from headrace.runtime.log.base import Record
from headrace.runtime.testing.compare import Field, show, table
from headrace.runtime.testing.outcome import Mismatch
from headrace.runtime.testing.subject import UnderTest
from headrace.runtime.testing.topics import split_window
from headrace.runtime.testing.values import plain

Row = Mapping[str, Any]


class Unread(Protocol):
    """Where the next record of a topic comes from."""

    def take(self, source: Source, key: bytes | None) -> Record | None:
        """The next unread record; `key` is the expected key's bytes where it is known (None: unknown)."""


class InOrder:
    """One cursor per topic."""

    def __init__(self, subject: UnderTest) -> None:
        self._subject = subject
        self._read: dict[str, int] = {}

    def take(self, source: Source, key: bytes | None) -> Record | None:
        """The next record of the topic."""
        index = self._read.get(source.topic, 0)
        records = self._subject.records(source.topic)
        if index >= len(records):
            return None
        self._read[source.topic] = index + 1
        return records[index]


class ByKey:
    """One cursor per topic and key: the order between keys is free, as it is between partitions."""

    def __init__(self, subject: UnderTest) -> None:
        self._subject = subject
        self._read: dict[str, set[int]] = {}

    def take(self, source: Source, key: bytes | None) -> Record | None:
        """The next record of the topic with the key; where the key is not known, the next of any key."""
        read = self._read.setdefault(source.topic, set())
        for index, record in enumerate(self._subject.records(source.topic)):
            if index not in read and (key is None or split_window(record.key, source.window)[0] == key):
                read.add(index)
                return record
        return None


class Assertions:
    """Checks ASSERT statements against what the subject has written."""

    def __init__(self, subject: UnderTest, unread: Unread) -> None:
        self._subject = subject
        self._unread = unread

    def check_values(self, statement: AssertValues) -> None:
        """The next record has these column values."""
        source = self._subject.source(statement.name)
        expected = self._expected(source, statement.columns, statement.values)
        record = self._next(source, expected)
        if record.value is None:
            raise Mismatch(
                f"Expected record does not match actual: {source.name} has a tombstone", _table(source, expected, {})
            )
        actual = self._row(source, record)
        if any(not _equal(value, actual.get(name)) for name, value in expected.items()):
            raise Mismatch("Expected record does not match actual", _table(source, expected, actual))

    def check_null(self, statement: AssertNullValues) -> None:
        """The next record is a tombstone with this key."""
        source = self._subject.source(statement.name)
        expected = self._expected(
            source, statement.columns or tuple(c.name for c in source.schema.key), statement.values
        )
        record = self._next(source, expected)
        actual = self._row(source, record)
        if record.value is not None:
            raise Mismatch(
                "Expected record does not match actual: expected a tombstone", _table(source, expected, actual)
            )
        if any(not _equal(value, actual.get(name)) for name, value in expected.items()):
            raise Mismatch("Expected record does not match actual", _table(source, expected, actual))

    def check_source(self, statement: AssertSource) -> None:
        """The stream or table is declared like this."""
        found = self._subject.source(statement.name)
        clause = WithClause(statement.properties, SOURCE)
        for what, expected, actual in self._facts(statement, clause, found):
            if expected != actual:
                place = "" if what == "schema" else f" for source {found.name}"
                detail = f"  expected: {expected}\n  actual:   {actual}"
                raise Mismatch(f"Expected {what} does not match actual{place}.", detail)

    def _facts(self, statement: AssertSource, clause: WithClause, found: Source) -> Iterator[tuple[str, Any, Any]]:
        yield "type", statement.kind, found.kind
        columns = declared_columns(self._subject.session, statement.columns, statement.kind)
        if columns:
            yield "schema", _schema_text(Schema(tuple(columns))), _schema_text(found.schema)
        both = clause.text("FORMAT")
        for what, given, actual in (
            ("kafka topic", clause.text("KAFKA_TOPIC"), found.topic),
            ("key format", _upper(clause.text("KEY_FORMAT") or both), found.key_format.name),
            ("value format", _upper(clause.text("VALUE_FORMAT") or both), found.value_format.name),
            ("window type", _upper(clause.text("WINDOW_TYPE")), found.window.type if found.window else None),
        ):
            if given is not None:
                yield what, given, actual
        timestamp = found.timestamp or TimestampColumn("")
        yield "timestamp column", (clause.text("TIMESTAMP") or "").upper(), timestamp.column.upper()
        yield "timestamp format", clause.text("TIMESTAMP_FORMAT"), timestamp.format
        if clause.has("WRAP_SINGLE_VALUE"):
            yield "value serde features", clause.flag("WRAP_SINGLE_VALUE"), found.value_format.wrap

    def _expected(self, source: Source, names: Sequence[str], values: Sequence[Expression]) -> dict[str, Any]:
        columns = [_column(source, name) for name in names] or [*source.schema.key, *source.schema.value]
        if len(columns) != len(values):
            raise SqlError(
                f"ASSERT lists {len(columns)} columns and {len(values)} values.", hint="give a value for each column"
            )
        return {c.name: evaluate_value(self._subject.session, value, c) for c, value in zip(columns, values)}

    def _next(self, source: Source, expected: Row) -> Record:
        record = self._unread.take(source, self._key_bytes(source, expected))
        if record is None:
            raise Mismatch(
                f"Expected another record, but all records of {source.name} were read", _table(source, expected, {})
            )
        return record

    def _key_bytes(self, source: Source, expected: Row) -> bytes | None:
        names = [column.name for column in source.schema.key]
        if not names or any(name not in expected for name in names):
            return None
        format = self._subject.formats.get(source.key_format.name)
        assert format is not None
        return format.writer(source.key_serde()).encode([expected[name] for name in names])

    def _row(self, source: Source, record: Record) -> Row:
        key, window = split_window(record.key, source.window)
        try:
            row = {**self._decode(key, source.key_serde()), **self._decode(record.value, source.value_serde())}
        except DecodeError as error:
            raise Mismatch(f"a record of {source.name} cannot be decoded: {error}") from error
        row |= {"ROWTIME": record.timestamp, "ROWOFFSET": record.offset}
        return {**row, "WINDOWSTART": window.start, "WINDOWEND": window.end} if window else row

    def _decode(self, data: bytes | None, spec: SerdeSpec) -> dict[str, object]:
        if data is None or not spec.columns:
            return {}
        format = self._subject.formats.get(spec.format)
        assert format is not None
        return format.reader(spec).decode(data)


def _column(source: Source, name: str) -> Column:
    pseudo = {**PSEUDO_COLUMNS, **WINDOW_BOUNDS}
    found = source.schema.find(name) or (Column(name, pseudo.get(name, BIGINT)) if name in pseudo else None)
    if found is None:
        existing = ", ".join(column.name for column in source.schema)
        raise SqlError(f'Column "{name}" not found in "{source.name}".', hint=f"existing columns: {existing}")
    return found


def _schema_text(schema: Schema) -> str:
    return str(Schema((*schema.key, *schema.value, *schema.headers)))


def _upper(text: str | None) -> str | None:
    return text.upper() if text else None


def _equal(expected: Any, actual: Any) -> bool:
    both_nan = isinstance(expected, float) and isinstance(actual, float) and expected != expected and actual != actual
    return both_nan or bool(expected == actual)


def _table(source: Source, expected: Row, actual: Row) -> str:
    lines = []
    for name, value in expected.items():
        type = _column(source, name).type
        found = show(plain(actual[name], type)) if name in actual else "(missing)"
        lines.append(Field(name, show(plain(value, type)), found, name in actual and _equal(value, actual[name])))
    return table(lines)
