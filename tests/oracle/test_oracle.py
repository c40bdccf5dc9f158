"""Random expressions and queries give what DuckDB and SQLite give, where all mean the same: docs/differences.md has the rest.

HEADRACE_ORACLE sets how many examples each test draws anew; without it the four run the same 500 every time.
"""

import os
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.oracle.engines import headrace_column, headrace_groups, rows_of
from tests.oracle.expressions import groupings, selections

from headrace.parser.dialect import Target

EXAMPLES = os.environ.get("HEADRACE_ORACLE")
_LONG = settings(
    max_examples=int(EXAMPLES or 125), deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=EXAMPLES is None
)  # fmt: skip


@given(selection=selections(rich=True))
@_LONG
def test_expressions_are_duckdbs(selection: tuple[str, str]) -> None:
    _compare_column(*selection, "duckdb")


@given(selection=selections(rich=False))
@_LONG
def test_expressions_are_sqlites(selection: tuple[str, str]) -> None:
    _compare_column(*selection, "sqlite")


@given(query=groupings(rich=True))
@_LONG
def test_groups_are_duckdbs(query: str) -> None:
    assert headrace_groups(query) == _groups(rows_of(query, "duckdb"))


@given(query=groupings(rich=False))
@_LONG
def test_groups_are_sqlites(query: str) -> None:
    assert headrace_groups(query) == _groups(rows_of(query, "sqlite"))


@pytest.mark.parametrize("target", ["duckdb", "sqlite"])
def test_an_oracle_would_notice(target: Target) -> None:
    assert [r[0] for r in rows_of("SELECT J + 1 FROM R", target)] != headrace_column("J + 2")


def _compare_column(type: str, sql: str, target: Target) -> None:
    expected = [_plain(row[0], type) for row in rows_of(f"SELECT {sql} FROM R", target)]

    assert [_plain(value, type) for value in headrace_column(sql)] == expected


def _plain(value: Any, type: str) -> Any:
    """SQLite has 0 and 1 for truth values."""
    return value if value is None or type != "BOOLEAN" else bool(value)


def _groups(rows: list[tuple[Any, ...]]) -> dict[Any, tuple[Any, ...]]:
    """A NULL group has no key and is no row of a table; doubles come through text, as they do from a sink."""
    return {row[0]: tuple(map(_as_read, row[1:])) for row in rows if row[0] is not None}


def _as_read(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value
