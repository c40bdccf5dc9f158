"""GREATEST and LEAST: the extreme of several values, NULLs skipped.

Values compare as SQL compares them; text by UTF-16 code units, as Java does.
"""

from functools import partial
from typing import Any

from headrace.engine.functions.definition import Call, Family
from headrace.engine.functions.text_order import orders_as_text, utf16_order

family = Family("MATHEMATICAL")

_TYPES = ("INT", "BIGINT", "DECIMAL", "DOUBLE", "STRING", "BYTES", "DATE", "TIME", "TIMESTAMP")


@family.scalar(
    *(f"GREATEST(value {type}, values {type}...) -> {type}" for type in _TYPES),
    null_strict=False,
    can_fail=False,
    made=True,
    examples=(("GREATEST(1, 3, 2)", "3"), ("GREATEST('a', NULL, 'b')", "b")),
)
def greatest(call: Call) -> object:
    """Returns the highest of the values that are not NULL."""
    if orders_as_text(call.types[0]):
        return partial(_extreme, max, utf16_order)
    return _greater if len(call.types) == 2 else partial(_extreme, max, None)


@family.scalar(
    *(f"LEAST(value {type}, values {type}...) -> {type}" for type in _TYPES),
    null_strict=False,
    can_fail=False,
    made=True,
    examples=(("LEAST(1, 3, 2)", "1"), ("LEAST('b', NULL, 'a')", "a")),
)
def least(call: Call) -> object:
    """Returns the lowest of the values that are not NULL."""
    if orders_as_text(call.types[0]):
        return partial(_extreme, min, utf16_order)
    return _less if len(call.types) == 2 else partial(_extreme, min, None)


def _greater(left: Any, right: Any) -> Any:
    if left is None or right is None:
        return right if left is None else left
    return right if right > left else left


def _less(left: Any, right: Any) -> Any:
    if left is None or right is None:
        return right if left is None else left
    return right if right < left else left


def _extreme(choose: Any, key: Any, *values: Any) -> Any:
    present = [value for value in values if value is not None]
    return choose(present, key=key) if present else None
