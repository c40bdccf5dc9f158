"""Typed expressions: what is computed, with every name, overload and coercion settled.

The law: each node knows its type; operands have the Python values that the node computes with (see
`headrace.engine.types.sqltype`), so that writing code for a node needs no knowledge of its surroundings.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any
from typing import Literal as OneOf

from headrace.engine.functions.base import BoundFunction, LambdaType
from headrace.engine.types.sqltype import BOOLEAN, Primitive, SqlType
from headrace.parser.expressions import ComparisonOperator

NULL = Primitive("null")
"""The type of a NULL literal that nothing gave a type yet."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Base of all bound expressions."""

    type: SqlType


@dataclass(frozen=True, slots=True)
class Literal(Bound):
    """A constant."""

    value: object


@dataclass(frozen=True, slots=True)
class Column(Bound):
    """A column of the row, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class LambdaParameter(Bound):
    """A parameter of an enclosing lambda."""

    name: str


@dataclass(frozen=True, slots=True)
class Arithmetic(Bound):
    """`left operator right` on numbers, or `+` on two STRINGs (where NULL reads `null`)."""

    operator: OneOf["+", "-", "*", "/", "%"]
    left: Bound
    right: Bound


@dataclass(frozen=True, slots=True)
class Negate(Bound):
    """`-value`."""

    value: Bound


@dataclass(frozen=True, slots=True)
class Compare(Bound):
    """`left operator right`; FALSE where an operand is NULL, but for the DISTINCT forms."""

    operator: ComparisonOperator
    left: Bound
    right: Bound


@dataclass(frozen=True, slots=True)
class Between(Bound):
    """`low <= value AND value <= high`, where both compare the same value."""

    value: Bound
    low: Bound
    high: Bound


@dataclass(frozen=True, slots=True)
class Logical(Bound):
    """Operands joined by AND or OR, evaluated from the left until the result is known."""

    operator: OneOf["AND", "OR"]
    operands: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Not(Bound):
    """`NOT value`."""

    value: Bound


@dataclass(frozen=True, slots=True)
class IsNull(Bound):
    """`value IS [NOT] NULL`."""

    value: Bound
    negated: bool


@dataclass(frozen=True, slots=True)
class InList(Bound):
    """`value IN (items)`; NULL matches nothing."""

    value: Bound
    items: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Like(Bound):
    """`value LIKE pattern [ESCAPE escape]`."""

    value: Bound
    pattern: Bound
    escape: str | None


@dataclass(frozen=True, slots=True)
class Case(Bound):
    """`CASE WHEN condition THEN result … ELSE default END`, lazy."""

    whens: tuple[tuple[Bound, Bound], ...]
    default: Bound


@dataclass(frozen=True, slots=True)
class Cast(Bound):
    """`value` as a value of `type`. Where `contained`, a failure makes this node NULL, else the whole expression."""

    value: Bound
    contained: bool


@dataclass(frozen=True, slots=True)
class Call(Bound):
    """A scalar function, or a table function (whose value is the list of its rows' values)."""

    function: BoundFunction
    arguments: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Lambda(Bound):
    """A function as an argument of a call; `type` is its LambdaType."""

    type: LambdaType
    parameters: tuple[str, ...]
    body: Bound


@dataclass(frozen=True, slots=True)
class Field(Bound):
    """`base->name`; NULL where the struct is."""

    base: Bound
    name: str


@dataclass(frozen=True, slots=True)
class Element(Bound):
    """`base[index]` of an ARRAY: from 1, or from the end below 0; NULL outside."""

    base: Bound
    index: Bound


@dataclass(frozen=True, slots=True)
class Entry(Bound):
    """`base[key]` of a MAP; NULL where there is none."""

    base: Bound
    key: Bound


@dataclass(frozen=True, slots=True)
class ArrayOf(Bound):
    """`ARRAY[items]`."""

    items: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class MapOf(Bound):
    """`MAP(key := value, …)`."""

    entries: tuple[tuple[Bound, Bound], ...]


@dataclass(frozen=True, slots=True)
class StructOf(Bound):
    """`STRUCT(name := value, …)`, names and order as in its type."""

    fields: tuple[tuple[str, Bound], ...]


TRUE = Literal(BOOLEAN, True)
FALSE = Literal(BOOLEAN, False)


def children(bound: Bound) -> Iterator[Bound]:
    """The direct sub-expressions, in order of evaluation."""
    for part in fields(bound):
        yield from _bounds(getattr(bound, part.name))


def walk(bound: Bound) -> Iterator[Bound]:
    """The expression and all below it, parents first."""
    pending = [bound]
    while pending:
        found = pending.pop()
        yield found
        pending += reversed(list(children(found)))


def columns_of(bound: Bound) -> frozenset[str]:
    """The keys of all columns that the expression reads."""
    return frozenset(part.key for part in walk(bound) if isinstance(part, Column))


def transform(bound: Bound, rule: Callable[[Bound], Bound | None]) -> Bound:
    """Replace every part for which `rule` gives another one, from the top; what was replaced is not looked into."""
    found = rule(bound)
    if found is not None:
        return found
    changes: dict[str, Any] = {}
    for part in fields(bound):
        old = getattr(bound, part.name)
        new = _transformed(old, rule)
        if new is not old:
            changes[part.name] = new
    return replace(bound, **changes) if changes else bound


def _bounds(value: object) -> Iterator[Bound]:
    if isinstance(value, Bound):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _bounds(item)


def _transformed(value: object, rule: Callable[[Bound], Bound | None]) -> object:
    if isinstance(value, Bound):
        return transform(value, rule)
    if isinstance(value, tuple):
        new = tuple(_transformed(item, rule) for item in value)
        return value if all(a is b for a, b in zip(new, value, strict=True)) else new
    return value
