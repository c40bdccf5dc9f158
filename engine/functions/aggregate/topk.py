"""TOPK and TOPKDISTINCT: the k largest values, descending; NULLs do not take part.

TOPK with further columns gives structs of the sorting value and those columns.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from headrace.engine.codegen.source import Code
from headrace.engine.functions.aggregate.base import Aggregate, AggregateFunction, signatures
from headrace.engine.functions.text_order import orders_as_text, utf16_order
from headrace.engine.types.python import python_type
from headrace.engine.types.sqltype import Array, SqlType, Struct

_DISTINCT_TYPES = ("INT", "BIGINT", "DOUBLE", "STRING", "DECIMAL", "DATE", "TIME", "TIMESTAMP", "BYTES")

Insert = Callable[[list[Any], Any], list[Any]]


def _bind_topk(types: tuple[SqlType, ...], constants: tuple[Any, ...], properties: Mapping[str, str]) -> Aggregate:
    size = _size("TOPK", constants)
    others = types[1:]
    if not others:
        return _aggregate("TOPK", types, types[0], _inserter(types[0], size, of=None), lambda arguments: arguments[0])
    names = ("sort_col", *(f"col{index}" for index in range(len(others))))
    item = Struct(tuple(zip(names, types)))

    def struct(arguments: Sequence[str]) -> str:
        return "{" + ", ".join(f"{name!r}: {value}" for name, value in zip(names, arguments)) + "}"

    return _aggregate("TOPK", types, item, _inserter(types[0], size, of="sort_col"), struct)


def _bind_distinct(types: tuple[SqlType, ...], constants: tuple[Any, ...], properties: Mapping[str, str]) -> Aggregate:
    insert = _inserter(types[0], _size("TOPKDISTINCT", constants), of=None)

    def insert_new(items: list[Any], item: Any) -> list[Any]:
        return items if item in items else insert(items, item)

    return _aggregate("TOPKDISTINCT", types, types[0], insert_new, lambda arguments: arguments[0])


def _aggregate(
    name: str, types: tuple[SqlType, ...], item: SqlType, insert: Insert, written: Callable[[Sequence[str]], str]
) -> Aggregate:
    def add(code: Code, state: Sequence[str], arguments: Sequence[str]) -> None:
        with code.block(f"if {arguments[0]} is not None:"):
            code.line(f"{state[0]} = {code.bind('insert', insert)}({state[0]}, {written(arguments)})")

    def merge(code: Code, target: Sequence[str], other: Sequence[str]) -> None:
        each = code.fresh("e")
        with code.block(f"for {each} in {other[0]}:"):
            code.line(f"{target[0]} = {code.bind('insert', insert)}({target[0]}, {each})")

    result = Array(item)
    fields = (("top", python_type(result), list),)
    return Aggregate(name, types, result, fields, add, merge, lambda code, state: f"list({state[0]})")


def _inserter(kind: SqlType, size: int, *, of: str | None) -> Insert:
    """Puts an item into a descending list, after its equals, and cuts the list to size; the old list stays as it is."""
    order = utf16_order if orders_as_text(kind) else _same

    def key(item: Any) -> "_Descending":
        return _Descending(order(item if of is None else item[of]))

    def insert(items: list[Any], item: Any) -> list[Any]:
        position = bisect_right(items, key(item), key=key)
        return [*items[:position], item, *items[position:]][:size] if position < size else items

    return insert


class _Descending:
    """A sorting key that turns the order round."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: "_Descending") -> bool:
        return bool(other.value < self.value)


def _same(value: Any) -> Any:
    return value


def _size(name: str, constants: tuple[Any, ...]) -> int:
    if len(constants) != 1 or not isinstance(constants[0], int) or constants[0] < 1:
        raise ValueError(f"{name} needs a whole number above 0 as its last argument: how many values to keep")
    return constants[0]


functions = (
    AggregateFunction(
        "TOPK",
        "Returns the k largest values, or structs of them and further columns, in descending order.",
        signatures(
            *(
                text
                for kind in ("INT", "BIGINT", "DOUBLE", "STRING")
                for text in (
                    f"TOPK(sortColumn {kind}, k INT) -> ARRAY<{kind}>",
                    f"TOPK(sortColumn {kind}, column T, columns U..., k INT) -> ARRAY<STRUCT<sort_col {kind}, col0 T>>",
                )
            )
        ),
        _bind_topk,
        constants=1,
    ),
    AggregateFunction(
        "TOPKDISTINCT",
        "Returns the k largest different values in descending order.",
        signatures(*(f"TOPKDISTINCT(value {kind}, k INT) -> ARRAY<{kind}>" for kind in _DISTINCT_TYPES)),
        _bind_distinct,
        constants=1,
    ),
)
