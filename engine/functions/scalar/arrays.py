"""Functions of arrays.

Elements compare as values: two arrays, maps or structs are equal when their parts are; a NULL equals only NULL.
"""

from typing import Any

from headrace.engine.functions.definition import Call, Family
from headrace.engine.functions.errors import FunctionError
from headrace.engine.functions.text_order import orders_as_text, utf16_order
from headrace.engine.types.sqltype import Array, Map, Struct
from headrace.engine.types.text import printer

family = Family("ARRAY")

List = list[Any]

MAX_SERIES = 10_000_000
"""Longest array that GENERATE_SERIES makes; beyond it memory would run out before the result could be used."""

_PRIMITIVES = ("BOOLEAN", "INT", "BIGINT", "DOUBLE", "DECIMAL", "STRING", "BYTES", "DATE", "TIME", "TIMESTAMP")
_DESCENDING = {"ASC": False, "ASCENDING": False, "DESC": True, "DESCENDING": True}


@family.scalar(
    "ARRAY_CONCAT(array1 ARRAY<T>, array2 ARRAY<T>) -> ARRAY<T>",
    null_strict=False,
    can_fail=False,
    examples=(("ARRAY_CONCAT(ARRAY[1, 2], ARRAY[2])", "[1, 2, 2]"),),
)
def array_concat(left: List | None, right: List | None) -> List | None:
    """Joins two arrays, keeping duplicates."""
    if left is None or right is None:
        return right if left is None else left
    return left + right


@family.scalar(
    "ARRAY_CONTAINS(array ARRAY<T>, val T) -> BOOLEAN",
    null_strict=False,
    can_fail=False,
    examples=(("ARRAY_CONTAINS(ARRAY['a', 'b'], 'b')", "true"),),
)
def array_contains(items: List | None, value: Any) -> bool:
    """Returns whether an array contains a value."""
    return items is not None and value in items


@family.scalar(
    "ARRAY_DISTINCT(array ARRAY<T>) -> ARRAY<T>",
    can_fail=False,
    examples=(("ARRAY_DISTINCT(ARRAY[1, 2, 1])", "[1, 2]"),),
)
def array_distinct(items: List) -> List:
    """Returns the different elements of an array, in the order of their first occurrence."""
    return _distinct(items)


@family.scalar(
    "ARRAY_EXCEPT(array1 ARRAY<T>, array2 ARRAY<T>) -> ARRAY<T>",
    can_fail=False,
    examples=(("ARRAY_EXCEPT(ARRAY[1, 2, 3, 1], ARRAY[2])", "[1, 3]"),),
)
def array_except(left: List, right: List) -> List:
    """Returns the different elements of the first array that are not in the second one."""
    excluded = {_identity(item) for item in right}
    return _distinct([item for item in left if _identity(item) not in excluded])


@family.scalar(
    "ARRAY_INTERSECT(array1 ARRAY<T>, array2 ARRAY<T>) -> ARRAY<T>",
    can_fail=False,
    examples=(("ARRAY_INTERSECT(ARRAY[1, 2, 3], ARRAY[3, 2])", "[2, 3]"),),
)
def array_intersect(left: List, right: List) -> List:
    """Returns the different elements that are in both arrays."""
    shared = {_identity(item) for item in right}
    return _distinct([item for item in left if _identity(item) in shared])


@family.scalar(
    "ARRAY_UNION(array1 ARRAY<T>, array2 ARRAY<T>) -> ARRAY<T>",
    can_fail=False,
    examples=(("ARRAY_UNION(ARRAY[1, 2], ARRAY[2, 3])", "[1, 2, 3]"),),
)
def array_union(left: List, right: List) -> List:
    """Returns the different elements that are in either array."""
    return _distinct(left + right)


@family.scalar(
    "ARRAY_JOIN(array ARRAY<T>[, delimiter STRING]) -> STRING",
    null_strict=False,
    made=True,
    examples=(("ARRAY_JOIN(ARRAY[1, 2])", "1,2"), ("ARRAY_JOIN(ARRAY['a', NULL], '-')", "a-null")),
)
def array_join(call: Call) -> object:
    """Joins the elements of an array into one text, with a delimiter between them (a comma by default)."""
    item_type = call.types[0].item if isinstance(call.types[0], Array) else call.types[0]
    if isinstance(item_type, Array | Map | Struct):
        return _refuse_join
    text = printer(item_type)

    def join(items: List | None, delimiter: str | None = ",") -> str | None:
        if items is None:
            return None
        return (delimiter or "").join(["null" if item is None else text(item) for item in items])

    return join


@family.scalar("ARRAY_LENGTH(array ARRAY<T>) -> INT", can_fail=False, examples=(("ARRAY_LENGTH(ARRAY[1, 2])", "2"),))
def array_length(items: List) -> int:
    """Returns the number of elements of an array."""
    return len(items)


@family.scalar(
    *(f"ARRAY_MAX(array ARRAY<{type}>) -> {type}" for type in _PRIMITIVES),
    can_fail=False,
    made=True,
    examples=(("ARRAY_MAX(ARRAY[1, 3, 2])", "3"),),
)
def array_max(call: Call) -> object:
    """Returns the largest element of an array, NULLs ignored."""
    key = _order(call)
    return lambda items: max((item for item in items if item is not None), key=key, default=None)


@family.scalar(
    *(f"ARRAY_MIN(array ARRAY<{type}>) -> {type}" for type in _PRIMITIVES),
    can_fail=False,
    made=True,
    examples=(("ARRAY_MIN(ARRAY[2, 1, 3])", "1"),),
)
def array_min(call: Call) -> object:
    """Returns the smallest element of an array, NULLs ignored."""
    key = _order(call)
    return lambda items: min((item for item in items if item is not None), key=key, default=None)


@family.scalar(
    "ARRAY_REMOVE(array ARRAY<T>, victim T) -> ARRAY<T>",
    null_strict=False,
    can_fail=False,
    examples=(("ARRAY_REMOVE(ARRAY[1, 2, 1], 1)", "[2]"),),
)
def array_remove(items: List | None, victim: Any) -> List | None:
    """Returns an array without the elements that equal a value."""
    return None if items is None else [item for item in items if item != victim]


@family.scalar(
    *(f"ARRAY_SORT(array ARRAY<{type}>[, direction STRING]) -> ARRAY<{type}>" for type in _PRIMITIVES),
    can_fail=False,
    made=True,
    examples=(("ARRAY_SORT(ARRAY[2, 1, 3])", "[1, 2, 3]"), ("ARRAY_SORT(ARRAY[2, 1, 3], 'DESC')", "[3, 2, 1]")),
)
def array_sort(call: Call) -> object:
    """Sorts an array in ascending ('ASC') or descending ('DESC') order, NULLs last."""
    key = _order(call)

    def sort(items: List, direction: str = "ASC") -> List | None:
        descending = _DESCENDING.get(direction.upper())
        if descending is None:
            return None
        present = sorted((item for item in items if item is not None), key=key, reverse=descending)
        return present + [None] * (len(items) - len(present))

    return sort


@family.scalar(
    "GENERATE_SERIES(start INT, end INT[, step INT]) -> ARRAY<INT>",
    "GENERATE_SERIES(start BIGINT, end BIGINT[, step INT]) -> ARRAY<BIGINT>",
    examples=(("GENERATE_SERIES(1, 5, 2)", "[1, 3, 5]"), ("GENERATE_SERIES(3, 1)", "[3, 2, 1]")),
)
def generate_series(start: int, end: int, step: int | None = None) -> list[int]:
    """Returns the numbers from a start to an end, both included, in steps."""
    if step is None:
        step = 1 if end >= start else -1
    if step == 0 or (end - start) * step < 0:
        raise FunctionError(f"a step of {step} does not lead from {start} to {end}")
    series = range(start, end + (1 if step > 0 else -1), step)
    if len(series) > MAX_SERIES:
        raise FunctionError(f"the series would have {len(series)} elements, more than {MAX_SERIES}")
    return list(series)


@family.scalar(
    "SLICE(in ARRAY<T>, from INT, to INT) -> ARRAY<T>",
    null_strict=False,
    can_fail=False,
    examples=(("SLICE(ARRAY[1, 2, 3, 4], 2, 3)", "[2, 3]"), ("SLICE(ARRAY[1, 2], 2, 5)", "NULL")),
)
def slice_array(items: List | None, start: int | None, end: int | None) -> List | None:
    """Returns the elements from one position to another (from 1, both included); NULL where they are not all there."""
    if items is None:
        return None
    first = 1 if start is None else start
    last = len(items) if end is None else end
    return items[first - 1 : last] if 1 <= first <= last + 1 and last <= len(items) else None


def _order(call: Call) -> Any:
    array = call.types[0]
    return utf16_order if isinstance(array, Array) and orders_as_text(array.item) else None


def _distinct(items: List) -> List:
    try:
        return list(dict.fromkeys(items))
    except TypeError:  # arrays, maps and structs are not hashable
        seen: dict[object, Any] = {}
        for item in items:
            seen.setdefault(_identity(item), item)
        return list(seen.values())


def _identity(item: Any) -> object:
    """A hashable stand-in: equal for equal elements."""
    match item:
        case list():
            return "[", *map(_identity, item)
        case dict():
            return "{", frozenset((key, _identity(value)) for key, value in item.items())
        case _:
            return item


def _refuse_join(items: List | None, delimiter: str | None = None) -> None:
    if items is not None:
        raise FunctionError("only arrays of primitive values can be joined")
