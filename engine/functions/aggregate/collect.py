"""COLLECT_LIST and COLLECT_SET: values in the order of arrival, NULLs included, up to a configured number."""

from collections.abc import Mapping, Sequence
from typing import Any

from headrace.engine.codegen.source import Code
from headrace.engine.functions.aggregate.base import Aggregate, AggregateFunction, signatures
from headrace.engine.types.python import python_type
from headrace.engine.types.sqltype import Array, SqlType

UNLIMITED = 2**31 - 1


def _bind_list(types: tuple[SqlType, ...], constants: tuple[Any, ...], properties: Mapping[str, str]) -> Aggregate:
    limit = _limit("collect_list", properties)

    def add(code: Code, state: Sequence[str], arguments: Sequence[str]) -> None:
        with code.block(f"if len({state[0]}) < {limit}:"):
            code.line(f"{state[0]}.append({arguments[0]})")

    def undo(code: Code, state: Sequence[str], arguments: Sequence[str]) -> None:
        code.line(f"{code.bind('take_last', take_last)}({state[0]}, {arguments[0]})")

    def merge(code: Code, target: Sequence[str], other: Sequence[str]) -> None:
        code.line(f"{target[0]}.extend({other[0]}[:{limit} - len({target[0]})])")

    return _collecting("COLLECT_LIST", types, add, merge, undo)


def _bind_set(types: tuple[SqlType, ...], constants: tuple[Any, ...], properties: Mapping[str, str]) -> Aggregate:
    limit = _limit("collect_set", properties)

    def add(code: Code, state: Sequence[str], arguments: Sequence[str]) -> None:
        with code.block(f"if len({state[0]}) < {limit} and {arguments[0]} not in {state[0]}:"):
            code.line(f"{state[0]}.append({arguments[0]})")

    def merge(code: Code, target: Sequence[str], other: Sequence[str]) -> None:
        item = code.fresh("e")
        with code.block(f"for {item} in {other[0]}:"):
            add(code, target, [item])

    return _collecting("COLLECT_SET", types, add, merge, None)


def _collecting(name: str, types: tuple[SqlType, ...], add: Any, merge: Any, undo: Any) -> Aggregate:
    result = Array(types[0])
    return Aggregate(
        name,
        types,
        result,
        (("items", python_type(result), list),),
        add,
        merge,
        lambda code, state: f"list({state[0]})",
        undo,
        mutable=(True,),
    )


def _limit(function: str, properties: Mapping[str, str]) -> int:
    written = properties.get(f"ksql.functions.{function}.limit")
    return UNLIMITED if written is None else int(written)


def take_last(items: list[Any], value: Any) -> None:
    """Remove the last occurrence of a value, if there is one."""
    for index in range(len(items) - 1, -1, -1):
        if items[index] == value:
            del items[index]
            return


functions = (
    AggregateFunction(
        "COLLECT_LIST",
        "Gathers all values, NULLs included, into an array.",
        signatures("COLLECT_LIST(value T) -> ARRAY<T>"),
        _bind_list,
    ),
    AggregateFunction(
        "COLLECT_SET",
        "Gathers the different values, NULL included, into an array.",
        signatures("COLLECT_SET(value T) -> ARRAY<T>"),
        _bind_set,
    ),
)
