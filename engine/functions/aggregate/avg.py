"""AVG: the mean. The sum is kept in the input's own type and wraps as SUM does; no values give 0.0."""

from collections.abc import Mapping, Sequence
from typing import Any

from headrace.engine.codegen.source import Code
from headrace.engine.functions.aggregate.base import Aggregate, AggregateFunction, signatures
from headrace.engine.functions.aggregate.sum import Change, change, sum_field
from headrace.engine.types.sqltype import DOUBLE, SqlType


def _bind(types: tuple[SqlType, ...], constants: tuple[Any, ...], properties: Mapping[str, str]) -> Aggregate:
    (kind,) = types
    add, subtract = change(kind, "+"), change(kind, "-")
    return Aggregate(
        "AVG",
        types,
        DOUBLE,
        (sum_field(kind), ("count", int, 0)),
        lambda code, state, arguments: _move(code, add, state, arguments[0], "+="),
        lambda code, target, other: _merge(code, add, target, other),
        lambda code, state: f"({state[0]} / {state[1]} if {state[1]} else 0.0)",
        lambda code, state, arguments: _move(code, subtract, state, arguments[0], "-="),
    )


def _move(code: Code, change_sum: Change, state: Sequence[str], value: str, operator: str) -> None:
    with code.block(f"if {value} is not None:"):
        change_sum(code, state[0], value)
        code.line(f"{state[1]} {operator} 1")


def _merge(code: Code, add: Change, target: Sequence[str], other: Sequence[str]) -> None:
    add(code, target[0], other[0])
    code.line(f"{target[1]} += {other[1]}")


functions = (
    AggregateFunction(
        "AVG", "Computes the mean of the values that are not NULL.", signatures("AVG(value N) -> DOUBLE"), _bind
    ),
)
