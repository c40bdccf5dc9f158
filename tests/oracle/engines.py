"""Headrace, DuckDB and SQLite, each computing over the same rows."""

import json
import sqlite3
from base64 import b64encode
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
from tests.oracle.data import COLUMNS, FLAT, ROWS, as_date, as_datetime, as_time

from headrace.engine.analysis.binder import bind
from headrace.engine.analysis.bound import columns_of
from headrace.engine.analysis.scope import Scope
from headrace.engine.codegen.expression import ExpressionWriter
from headrace.engine.codegen.source import Code
from headrace.engine.functions.registry import default_registry
from headrace.engine.types.naming import resolve_type
from headrace.parser import parse, parse_expression
from headrace.parser.dialect import Target, to_sql
from headrace.parser.statements import CreateSource, Query
from headrace.runtime.testing.subject import Subject

_DECLARED = ", ".join(f"{name} {type}" for name, type in COLUMNS.items())
CREATE = f"CREATE STREAM R ({_DECLARED}) WITH (KAFKA_TOPIC='r', VALUE_FORMAT='JSON', PARTITIONS=1);"
_TYPES = {c.name: resolve_type(c.type, {}) for s in parse(CREATE) if isinstance(s, CreateSource) for c in s.columns}


class _Problems:
    """Failures make the column NULL; nobody asks for them here."""

    def failed(self, site: int, record: object, error: BaseException) -> None:
        pass


def headrace_column(sql: str) -> list[Any]:
    """The expression over every row, by the code that a stage would have."""
    bound = bind(parse_expression(sql), Scope.of(_TYPES), default_registry())
    variables = {name: f"c{number}" for number, name in enumerate(sorted(columns_of(bound)))}
    code = Code()
    with code.block(f"def compute({', '.join([*variables.values(), 'problems', 'record'])}):"):
        writer = ExpressionWriter(
            code, variables, nullable=None, site=lambda text: 0, record="record", problems="problems"
        )
        code.line(f"return {writer.column(bound, sql)}")
    namespace: dict[str, Any] = dict(code.constants)
    exec(code.compile("expression"), namespace)
    return [namespace["compute"](*(row[name] for name in variables), _Problems(), None) for row in ROWS]


def headrace_groups(sql: str) -> dict[Any, tuple[Any, ...]]:
    """What the table of a GROUP BY query holds at its end, through stream, stage and sink."""
    subject = Subject(flow=False, properties={})
    for statement in subject.parse(f"{CREATE} CREATE TABLE O AS {sql};"):
        subject.execute(statement)
    records = [subject.driver.append("r", None, _json(row), 0, ()) for row in ROWS]
    (query,) = subject.driver.queries
    subject.driver.process(query, "r", tuple(records))
    groups: dict[Any, tuple[Any, ...]] = {}
    for record in subject.driver.records("O"):
        key = record.key.decode()
        groups.pop(key, None)
        if record.value is not None:
            groups[key] = tuple(json.loads(record.value, parse_float=Decimal).values())
    return groups


def rows_of(sql: str, target: Target) -> list[tuple[Any, ...]]:
    """A query in Headrace's words, translated and answered by an oracle."""
    (query,) = parse(sql + ";")
    (create,) = parse(CREATE)
    assert isinstance(query, Query)
    assert isinstance(create, CreateSource)
    text = to_sql(query, target, columns=create.columns)
    connection = _duckdb() if target == "duckdb" else _sqlite()
    return list(connection.execute(text).fetchall())


@cache
def _duckdb() -> Any:
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    columns = ", ".join(f"{name} {_DUCKDB_TYPES.get(type, type)}" for name, type in COLUMNS.items())
    connection.execute(f"CREATE TABLE R ({columns})")
    for row in ROWS:
        values = [{"DA": as_date, "TS": as_datetime, "TM": as_time}.get(name, _same)(row[name]) for name in COLUMNS]
        connection.execute(f"INSERT INTO R VALUES ({', '.join('?' * len(values))})", values)
    return connection


_DUCKDB_TYPES = {
    "STRING": "TEXT",
    "BYTES": "BLOB",
    "ARRAY<INT>": "INT[]",
    "STRUCT<X INT, Y STRING>": "STRUCT(X INT, Y TEXT)",
}


@cache
def _sqlite() -> Any:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE R ({', '.join(FLAT)})")
    for row in ROWS:
        connection.execute(f"INSERT INTO R VALUES ({', '.join('?' * len(FLAT))})", [row[name] for name in FLAT])
    return connection


def _same(value: Any) -> Any:
    return value


def _json(row: dict[str, Any]) -> bytes:
    return json.dumps(row, default=_as_json).encode()


def _as_json(value: Any) -> str:
    return b64encode(value).decode() if isinstance(value, bytes) else str(value)
