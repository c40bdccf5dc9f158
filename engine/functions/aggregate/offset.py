"""EARLIEST_BY_OFFSET and LATEST_BY_OFFSET: the first or last values in the order of processing.

With one value the state is a list of none or one, as the value itself may be NULL.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from headrace.engine.codegen.source import Code
from headrace.engine.functions.aggregate.base import Aggregate, AggregateFunction, Binder, signatures
from headrace.engine.types.python import python_type
from headrace.engine.types.sqltype import Array, SqlType


def _binder(name: str, *, latest: bool) -> Binder:
    def bind(types: tuple[SqlType, ...], constants: tuple[Any, ...], properties: Mapping[str, str]) -> Aggregate:
        (kind,) = types
        count, ignore_nulls = _options(name, constants)
        keep = 1 if count is None else count

        def store(code: Code, state: str, value: str) -> None:
            if latest and keep == 1:
                code.line(f"{state} = [{value}]")
            elif latest:
                code.line(f"{state} = [*{state}[{1 - keep}:], {value}]")
            else:
                with code.block(f"if len({state}) < {keep}:"):
                    code.line(f"{state} = [*{state}, {value}]")

        def add(code: Code, state: Sequence[str], arguments: Sequence[str]) -> None:
            if not ignore_nulls:
                store(code, state[0], arguments[0])
                return
            with code.block(f"if {arguments[0]} is not None:"):
                store(code, state[0], arguments[0])

        def merge(code: Code, target: Sequence[str], other: Sequence[str]) -> None:
            part = f"[{-keep}:]" if latest else f"[:{keep}]"
            code.line(f"{target[0]} = ({target[0]} + {other[0]}){part}")

        def write_result(code: Code, state: Sequence[str]) -> str:
            return f"list({state[0]})" if count is not None else f"({state[0]}[0] if {state[0]} else None)"

        fields = (("values", python_type(Array(kind)), list),)
        return Aggregate(name, types, kind if count is None else Array(kind), fields, add, merge, write_result)

    return bind


def _options(name: str, constants: tuple[Any, ...]) -> tuple[int | None, bool]:
    """How many values are wanted (None: just one, not an array), and whether NULLs are passed over."""
    count, ignore_nulls = None, True
    for constant in constants:
        if isinstance(constant, bool):
            ignore_nulls = constant
        elif isinstance(constant, int):
            count = constant
    if count is not None and count < 1:
        raise ValueError(f"{name} must keep at least 1 value, got {count}")
    return count, ignore_nulls


def _offset(name: str, which: str, *, latest: bool) -> AggregateFunction:
    texts = (
        f"{name}(value T[, ignoreNulls BOOLEAN]) -> T",
        f"{name}(value T, n INT[, ignoreNulls BOOLEAN]) -> ARRAY<T>",
    )
    description = f"Returns the {which} value, or the {which} n values, in the order of processing."
    return AggregateFunction(name, description, signatures(*texts), _binder(name, latest=latest), constants=None)


functions = (
    _offset("EARLIEST_BY_OFFSET", "earliest", latest=False),
    _offset("LATEST_BY_OFFSET", "latest", latest=True),
)
