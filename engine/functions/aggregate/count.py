"""COUNT: rows, or values that are not NULL."""

from collections.abc import Mapping, Sequence
from typing import Any

from headrace.engine.codegen.source import Code
from headrace.engine.functions.aggregate.base import Aggregate, AggregateFunction, signatures
from headrace.engine.types.sqltype import BIGINT, SqlType


def _bind(types: tuple[SqlType, ...], constants: tuple[Any, ...], properties: Mapping[str, str]) -> Aggregate:
    return Aggregate(
        "COUNT", types, BIGINT, (("count", int, 0),), _change("+="), _merge, lambda code, state: state[0], _change("-=")
    )


def _change(operator: str) -> Any:
    def write(code: Code, state: Sequence[str], arguments: Sequence[str]) -> None:
        if not arguments:
            code.line(f"{state[0]} {operator} 1")
            return
        with code.block(f"if {arguments[0]} is not None:"):
            code.line(f"{state[0]} {operator} 1")

    return write


def _merge(code: Code, target: Sequence[str], other: Sequence[str]) -> None:
    code.line(f"{target[0]} += {other[0]}")


functions = (
    AggregateFunction(
        "COUNT",
        "Counts rows, or the rows in which a value is not NULL.",
        signatures("COUNT() -> BIGINT", "COUNT(value T) -> BIGINT"),
        _bind,
        star=True,
    ),
)
