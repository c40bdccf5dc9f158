"""Functions about NULL, and AS_VALUE, which copies a key column into the value."""

from typing import Any

from headrace.engine.functions.definition import Family

family = Family("CONDITIONAL")


@family.scalar("AS_VALUE(keyColumn T) -> T", null_strict=False, can_fail=False, category="OTHERS")
def as_value(column: Any) -> Any:
    """Copies a key column into the row's value."""
    return column


@family.scalar(
    "COALESCE(first T, others T...) -> T",
    null_strict=False,
    can_fail=False,
    examples=(("COALESCE(NULL, 'a', 'b')", "a"),),
)
def coalesce(*values: Any) -> Any:
    """Returns the first of the values that is not NULL."""
    for value in values:
        if value is not None:
            return value
    return None


@family.scalar(
    "IFNULL(expression T, altValue T) -> T",
    null_strict=False,
    can_fail=False,
    examples=(("IFNULL(NULL, 'none')", "none"), ("IFNULL('some', 'none')", "some")),
)
def ifnull(expression: Any, otherwise: Any) -> Any:
    """Returns the expression if it is not NULL, else the alternative value."""
    return otherwise if expression is None else expression


@family.scalar(
    "NULLIF(expression1 T, expression2 T) -> T",
    null_strict=False,
    can_fail=False,
    examples=(("NULLIF('a', 'a')", "NULL"), ("NULLIF('a', 'b')", "a")),
)
def nullif(first: Any, second: Any) -> Any:
    """Returns NULL if the expressions are equal, else the first one."""
    return None if first == second else first
