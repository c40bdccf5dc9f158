"""STDDEV_SAMPLE and STDDEV_SAMP, updated value by value as ksqlDB does, so that the last digits agree.

STDDEV_SAMP returns the variance: a historic mistake of ksqlDB that it keeps, and so do we.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from headrace.engine.codegen.source import Code
from headrace.engine.functions.aggregate.base import Aggregate, AggregateFunction, Binder, signatures
from headrace.engine.functions.aggregate.sum import change, sum_field
from headrace.engine.types.sqltype import DOUBLE, SqlType


def _binder(name: str, result: str) -> Binder:
    def bind(types: tuple[SqlType, ...], constants: tuple[Any, ...], properties: Mapping[str, str]) -> Aggregate:
        (kind,) = types
        add_sum, subtract_sum = change(kind, "+"), change(kind, "-")

        def add(code: Code, state: Sequence[str], arguments: Sequence[str]) -> None:
            total, count, squares = state
            value = arguments[0]
            with code.block(f"if {value} is not None:"):
                add_sum(code, total, value)
                code.line(f"{count} += 1")
                with code.block(f"if {count} > 1:"):
                    code.line(f"{squares} += {_difference(total, count, value)}")

        def undo(code: Code, state: Sequence[str], arguments: Sequence[str]) -> None:
            total, count, squares = state
            value = arguments[0]
            with code.block(f"if {value} is not None:"):
                with code.block(f"if {count} > 1:"):
                    code.line(f"{squares} -= {_difference(total, count, value)}")
                subtract_sum(code, total, value)
                code.line(f"{count} -= 1")

        def merge(code: Code, target: Sequence[str], other: Sequence[str]) -> None:
            total, count, squares = target
            with code.block(f"if {other[1]}:"):
                with code.block(f"if {count}:"):
                    means = f"({total} / {count} - {other[0]} / {other[1]})"
                    weight = f"{count} * {other[1]} / ({count} + {other[1]})"
                    code.line(f"{squares} += {means} ** 2 * {weight}")
                code.line(f"{squares} += {other[2]}")
                add_sum(code, total, other[0])
                code.line(f"{count} += {other[1]}")

        def write_result(code: Code, state: Sequence[str]) -> str:
            _, count, squares = state
            variance = f"{squares} / ({count} - 1)"
            shown = variance if result == "variance" else f"{code.bind('root', _root)}({variance})"
            return f"({shown} if {count} > 1 else 0.0)"

        fields = (sum_field(kind), ("count", int, 0), ("squares", float, 0.0))
        return Aggregate(name, types, DOUBLE, fields, add, merge, write_result, undo)

    return bind


def _difference(total: str, count: str, value: str) -> str:
    return f"float({count} * {value} - {total}) ** 2 / ({count} * ({count} - 1))"


def _root(variance: float) -> float:
    # Undoing rows may leave a tiny negative rest.
    return math.sqrt(variance) if variance > 0 else 0.0


functions = (
    AggregateFunction(
        "STDDEV_SAMP",
        "Computes the sample variance (sic, as ksqlDB does); STDDEV_SAMPLE computes the standard deviation.",
        signatures("STDDEV_SAMP(value N) -> DOUBLE"),
        _binder("STDDEV_SAMP", "variance"),
    ),
    AggregateFunction(
        "STDDEV_SAMPLE",
        "Computes the sample standard deviation.",
        signatures("STDDEV_SAMPLE(value N) -> DOUBLE"),
        _binder("STDDEV_SAMPLE", "deviation"),
    ),
)
