"""CORRELATION: Pearson's coefficient of two columns; rows in which either is NULL do not count."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from headrace.engine.codegen.source import Code
from headrace.engine.functions.aggregate.base import Aggregate, AggregateFunction, signatures
from headrace.engine.types.sqltype import DOUBLE, SqlType


def _bind(types: tuple[SqlType, ...], constants: tuple[Any, ...], properties: Mapping[str, str]) -> Aggregate:
    names = ("sum_x", "sum_y", "sum_xx", "sum_yy", "sum_xy")
    return Aggregate(
        "CORRELATION",
        types,
        DOUBLE,
        (("count", int, 0), *((name, float, 0.0) for name in names)),
        lambda code, state, arguments: _change(code, state, arguments, "+="),
        _merge,
        lambda code, state: f"{code.bind('correlation', correlation)}({', '.join(state)})",
        lambda code, state, arguments: _change(code, state, arguments, "-="),
    )


def _change(code: Code, state: Sequence[str], arguments: Sequence[str], operator: str) -> None:
    x, y = arguments
    with code.block(f"if {x} is not None and {y} is not None:"):
        code.line(f"{state[0]} {operator} 1")
        for field, term in zip(state[1:], (x, y, f"{x} * {x}", f"{y} * {y}", f"{x} * {y}")):
            code.line(f"{field} {operator} {term}")


def _merge(code: Code, target: Sequence[str], other: Sequence[str]) -> None:
    for own, others in zip(target, other):
        code.line(f"{own} += {others}")


def correlation(count: int, x: float, y: float, xx: float, yy: float, xy: float) -> float:
    """The coefficient from the count and the sums; NaN where either column is constant."""
    spread = (count * xx - x * x) * (count * yy - y * y)
    return (count * xy - x * y) / math.sqrt(spread) if spread > 0 else math.nan


functions = (
    AggregateFunction(
        "CORRELATION",
        "Computes Pearson's correlation coefficient of two columns.",
        signatures("CORRELATION(x N, y N) -> DOUBLE"),
        _bind,
    ),
)
