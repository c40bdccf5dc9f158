"""SUM and SUM_LIST: sums keep the type of their input.

INTEGER and BIGINT sums wrap around as Java's do; a DECIMAL sum that no longer fits its type stops the query.
"""

import decimal
from collections.abc import Callable, Mapping
from typing import Any

from headrace.engine.codegen.source import Code
from headrace.engine.functions.aggregate.base import Aggregate, AggregateFunction, StateField, signatures
from headrace.engine.functions.errors import StateError
from headrace.engine.types.decimals import DecimalOverflow, exact, fit
from headrace.engine.types.sqltype import BIGINT, INTEGER, Array, Decimal, SqlType

Change = Callable[[Code, str, str], None]
"""`(code, sum, value)`: writes the statement that changes the sum by a value that is not NULL."""

_HALF = {INTEGER: 2**31, BIGINT: 2**63}


def bind_sum(types: tuple[SqlType, ...], constants: tuple[Any, ...], properties: Mapping[str, str]) -> Aggregate:
    """SUM of one column."""
    (kind,) = types
    add, subtract = change(kind, "+"), change(kind, "-")
    return Aggregate(
        "SUM",
        types,
        kind,
        (sum_field(kind),),
        lambda code, state, arguments: _unless_null(code, add, state[0], arguments[0]),
        lambda code, target, other: add(code, target[0], other[0]),
        lambda code, state: state[0],
        lambda code, state, arguments: _unless_null(code, subtract, state[0], arguments[0]),
    )


def bind_sum_list(types: tuple[SqlType, ...], constants: tuple[Any, ...], properties: Mapping[str, str]) -> Aggregate:
    """SUM_LIST of one column of arrays."""
    array = types[0]
    assert isinstance(array, Array)
    kind = array.item
    add, subtract = change(kind, "+"), change(kind, "-")
    return Aggregate(
        "SUM_LIST",
        types,
        kind,
        (sum_field(kind),),
        lambda code, state, arguments: _each(code, add, state[0], arguments[0]),
        lambda code, target, other: add(code, target[0], other[0]),
        lambda code, state: state[0],
        lambda code, state, arguments: _each(code, subtract, state[0], arguments[0]),
    )


def sum_field(kind: SqlType) -> StateField:
    """The state of a sum."""
    if isinstance(kind, Decimal):
        return "sum", decimal.Decimal, decimal.Decimal((0, (0,), -kind.scale))
    return ("sum", int, 0) if kind in _HALF else ("sum", float, 0.0)


def change(kind: SqlType, sign: str) -> Change:
    """How a value is added to (`+`) or taken from (`-`) a sum of its type."""
    if isinstance(kind, Decimal):
        call = _decimal_change(kind, sign)
        return lambda code, total, value: code.line(f"{total} = {code.bind('change', call)}({total}, {value})")
    if kind in _HALF:
        half = _HALF[kind]
        return lambda code, total, value: _wrapping(code, total, value, sign, half)
    return lambda code, total, value: code.line(f"{total} {sign}= {value}")


def _wrapping(code: Code, total: str, value: str, sign: str, half: int) -> None:
    changed = code.fresh("n")
    code.line(f"{changed} = {total} {sign} {value}")
    code.line(
        f"{total} = {changed} if {-half} <= {changed} < {half} else (({changed} + {half}) & {2 * half - 1}) - {half}"
    )


def _decimal_change(kind: Decimal, sign: str) -> Callable[[decimal.Decimal, decimal.Decimal], decimal.Decimal]:
    wide = exact(kind.precision + 2)
    compute = wide.add if sign == "+" else wide.subtract
    fitted = fit(kind)

    def changed(total: decimal.Decimal, value: decimal.Decimal) -> decimal.Decimal:
        try:
            return fitted(compute(total, value))
        except (DecimalOverflow, decimal.Inexact) as error:
            raise StateError(str(error)) from error

    return changed


def _unless_null(code: Code, change: Change, total: str, value: str) -> None:
    with code.block(f"if {value} is not None:"):
        change(code, total, value)


def _each(code: Code, change: Change, total: str, values: str) -> None:
    item = code.fresh("e")
    with code.block(f"for {item} in {values} or ():"):
        _unless_null(code, change, total, item)


functions = (
    AggregateFunction(
        "SUM",
        "Adds up the values that are not NULL.",
        signatures("SUM(value N) -> N", "SUM(value DECIMAL) -> DECIMAL"),
        bind_sum,
    ),
    AggregateFunction(
        "SUM_LIST",
        "Adds up all elements of arrays.",
        signatures("SUM_LIST(list ARRAY<N>) -> N"),
        bind_sum_list,
    ),
)
