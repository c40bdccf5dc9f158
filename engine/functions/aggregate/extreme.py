"""What MIN and MAX share: the state is the extreme value so far, NULL before the first."""

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from headrace.engine.codegen.source import Code
from headrace.engine.functions.aggregate.base import Aggregate, AggregateFunction, Binder, signatures
from headrace.engine.functions.text_order import orders_as_text, utf16_order
from headrace.engine.types.python import python_type
from headrace.engine.types.sqltype import SqlType

_TYPES = ("INT", "BIGINT", "DOUBLE", "DECIMAL", "DATE", "TIME", "TIMESTAMP", "STRING", "BYTES")


def extreme(name: str, description: str, operator: str) -> AggregateFunction:
    """MIN (`<`) or MAX (`>`)."""
    texts = [f"{name}(value {type}) -> {type}" for type in _TYPES]
    return AggregateFunction(name, description, signatures(*texts), _binder(name, operator))


def _binder(name: str, operator: str) -> Binder:
    def bind(types: tuple[SqlType, ...], constants: tuple[Any, ...], properties: Mapping[str, str]) -> Aggregate:
        (kind,) = types

        def update(code: Code, state: str, value: str) -> None:
            left, right = value, state
            if orders_as_text(kind):
                key = code.bind("text_order", utf16_order)
                left, right = f"{key}({value})", f"{key}({state})"
            with code.block(f"if {value} is not None and ({state} is None or {left} {operator} {right}):"):
                code.line(f"{state} = {value}")

        def add(code: Code, state: Sequence[str], arguments: Sequence[str]) -> None:
            update(code, state[0], arguments[0])

        def merge(code: Code, target: Sequence[str], other: Sequence[str]) -> None:
            update(code, target[0], other[0])

        field = (name.lower(), Optional[python_type(kind)], None)  # noqa: UP045 - built at run time
        return Aggregate(name, types, kind, (field,), add, merge, lambda code, state: state[0])

    return bind
