"""EXPLODE: an array as rows."""

from typing import Any

from headrace.engine.functions.definition import Family

family = Family("TABLE")


@family.table_function("EXPLODE(input ARRAY<DECIMAL>) -> DECIMAL", "EXPLODE(list ARRAY<T>) -> T")
def explode(items: list[Any]) -> list[Any]:
    """Gives one row for each element of an array."""
    return items
