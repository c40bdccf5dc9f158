"""CUBE_EXPLODE: all combinations of columns for multi-dimensional grouping."""

from typing import Any

from headrace.engine.functions.definition import Family
from headrace.engine.functions.errors import FunctionError

family = Family("TABLE")

MAX_COLUMNS = 20
"""More would give over a million rows for each input row."""


@family.table_function("CUBE_EXPLODE(list ARRAY<T>) -> ARRAY<T>")
def cube_explode(columns: list[Any]) -> list[list[Any]]:
    """Gives one row for each combination of an array's elements, the others NULL."""
    if len(columns) > MAX_COLUMNS:
        raise FunctionError(f"at most {MAX_COLUMNS} columns can be combined, got {len(columns)}")
    # An element that is NULL itself would give the same combination twice: its bit is left out.
    present = [index for index, value in enumerate(columns) if value is not None]
    return [_combination(columns, present, bits) for bits in range(2 ** len(present))]


def _combination(columns: list[Any], present: list[int], bits: int) -> list[Any]:
    row: list[Any] = [None] * len(columns)
    for position, index in enumerate(reversed(present)):
        if bits >> position & 1:
            row[index] = columns[index]
    return row
