"""HISTOGRAM and ATTR: values and how often they occur."""

from collections.abc import Mapping, Sequence
from typing import Any

from headrace.engine.codegen.source import Code
from headrace.engine.functions.aggregate.base import Aggregate, AggregateFunction, signatures
from headrace.engine.types.python import python_type
from headrace.engine.types.sqltype import BIGINT, STRING, Array, Map, SqlType

MAX_KEYS = 1000
"""How many different values a histogram counts; further ones are ignored, as in ksqlDB."""

Counts = dict[str, int]


def _bind_histogram(types: tuple[SqlType, ...], constants: tuple[Any, ...], properties: Mapping[str, str]) -> Aggregate:
    def change(code: Code, state: Sequence[str], arguments: Sequence[str], by: int) -> None:
        with code.block(f"if {arguments[0]} is not None:"):
            code.line(f"{code.bind('count', count_value)}({state[0]}, {arguments[0]}, {by})")

    def merge(code: Code, target: Sequence[str], other: Sequence[str]) -> None:
        value, times = code.fresh("k"), code.fresh("v")
        with code.block(f"for {value}, {times} in {other[0]}.items():"):
            code.line(f"{code.bind('count', count_value)}({target[0]}, {value}, {times})")

    return Aggregate(
        "HISTOGRAM",
        types,
        Map(STRING, BIGINT),
        (("counts", dict[str, int], dict),),
        lambda code, state, arguments: change(code, state, arguments, 1),
        merge,
        lambda code, state: f"dict({state[0]})",
        lambda code, state, arguments: change(code, state, arguments, -1),
        mutable=(True,),
    )


def _bind_attr(types: tuple[SqlType, ...], constants: tuple[Any, ...], properties: Mapping[str, str]) -> Aggregate:
    def change(code: Code, state: Sequence[str], arguments: Sequence[str], by: int) -> None:
        code.line(f"{code.bind('tally', tally)}({state[0]}, {state[1]}, {arguments[0]}, {by})")

    def merge(code: Code, target: Sequence[str], other: Sequence[str]) -> None:
        value, times = code.fresh("k"), code.fresh("v")
        with code.block(f"for {value}, {times} in zip({other[0]}, {other[1]}):"):
            code.line(f"{code.bind('tally', tally)}({target[0]}, {target[1]}, {value}, {times})")

    return Aggregate(
        "ATTR",
        types,
        types[0],
        (("values", python_type(Array(types[0])), list), ("counts", list[int], list)),
        lambda code, state, arguments: change(code, state, arguments, 1),
        merge,
        lambda code, state: f"({state[0]}[0] if len({state[0]}) == 1 else None)",
        lambda code, state, arguments: change(code, state, arguments, -1),
        mutable=(True, True),
    )


def count_value(counts: Counts, value: str, by: int) -> None:
    """Change a value's count; a count that falls to zero goes."""
    old = counts.get(value)
    if old is None:
        if by > 0 and len(counts) < MAX_KEYS:
            counts[value] = by
    elif old + by > 0:
        counts[value] = old + by
    else:
        del counts[value]


def tally(values: list[Any], counts: list[int], value: Any, by: int) -> None:
    """The same for values of any type, which need not be hashable: two lists side by side."""
    if value in values:
        index = values.index(value)
        counts[index] += by
        if counts[index] <= 0:
            del values[index], counts[index]
    elif by > 0:
        values.append(value)
        counts.append(by)


functions = (
    AggregateFunction(
        "HISTOGRAM",
        "Counts how often each text occurs, for up to 1000 different ones.",
        signatures("HISTOGRAM(value STRING) -> MAP<STRING, BIGINT>"),
        _bind_histogram,
    ),
    AggregateFunction(
        "ATTR",
        "Returns the value that all rows share, or NULL if they differ.",
        signatures("ATTR(value T) -> T"),
        _bind_attr,
    ),
)
