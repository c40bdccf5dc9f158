"""The functions that statements may call, by name.

The law: a registry never changes what a bound call means; families are imported when one of their functions is first
asked for, so that a process which calls three functions loads three families.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

from headrace.engine.functions.aggregate.base import Aggregate, AggregateFunction
from headrace.engine.functions.aggregate.examples import AGGREGATE_EXAMPLES
from headrace.engine.functions.base import Argument, BoundFunction
from headrace.engine.functions.clock import FunctionClock, StoppedClock
from headrace.engine.functions.definition import Family, Overload
from headrace.engine.functions.library import AGGREGATE_FUNCTIONS, SCALAR_FUNCTIONS, TABLE_FUNCTIONS, modules_by_name
from headrace.engine.functions.resolve import resolve
from headrace.engine.types.sqltype import SqlType
from headrace.parser.errors import Span, SqlError


@dataclass(frozen=True, slots=True)
class FunctionVariation:
    """One way to call a function, as DESCRIBE FUNCTION shows it: (name, type text) of each parameter."""

    signature: str
    arguments: tuple[tuple[str, str], ...]
    result: str
    description: str
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionDescription:
    """What SHOW FUNCTIONS and DESCRIBE FUNCTION tell of a function; `kind` is SCALAR, AGGREGATE or TABLE."""

    name: str
    kind: str
    category: str
    description: str
    variations: tuple[FunctionVariation, ...]


class FunctionRegistry:
    """Finds functions by their case-insensitive name and binds calls to overloads."""

    def __init__(self, *, clock: FunctionClock | None = None) -> None:
        self._clock = clock or StoppedClock()
        self._scalars = modules_by_name(SCALAR_FUNCTIONS)
        self._tables = modules_by_name(TABLE_FUNCTIONS)
        self._aggregates = modules_by_name(AGGREGATE_FUNCTIONS)
        self._added: dict[str, list[Overload]] = {}
        self._added_aggregates: dict[str, AggregateFunction] = {}

    def add(self, family: Family) -> None:
        """Make the functions of a family known, in place of built-in ones of the same name."""
        self._added.update(family.functions)

    def add_aggregate(self, function: AggregateFunction) -> None:
        """Make an aggregate function known."""
        self._added_aggregates[function.name] = function

    def names(self) -> tuple[str, ...]:
        """All function names, sorted."""
        known = (self._scalars, self._tables, self._aggregates, self._added, self._added_aggregates)
        return tuple(sorted({name for table in known for name in table}))

    def exists(self, name: str) -> bool:
        """Whether there is a function of that name, of whatever kind."""
        return any(
            name.upper() in table
            for table in (self._scalars, self._tables, self._aggregates, self._added, self._added_aggregates)
        )

    def is_aggregate(self, name: str) -> bool:
        """Whether the name is an aggregate function's."""
        return name.upper() in self._aggregates or name.upper() in self._added_aggregates

    def is_table_function(self, name: str) -> bool:
        """Whether the name is a table function's."""
        added = self._added.get(name.upper())
        return added[0].kind == "TABLE" if added else name.upper() in self._tables

    def scalar(self, name: str, arguments: Sequence[Argument], *, span: Span | None = None) -> BoundFunction:
        """Bind a call of a scalar function."""
        return self._bind(self._overloads(name, self._scalars, span), arguments, span)

    def table(self, name: str, arguments: Sequence[Argument], *, span: Span | None = None) -> BoundFunction:
        """Bind a call of a table function: the call returns the list of its rows' values, `result` is a row's type."""
        return self._bind(self._overloads(name, self._tables, span), arguments, span)

    def aggregate(
        self,
        name: str,
        arguments: Sequence[SqlType | None],
        *,
        star: bool = False,
        constants: Sequence[Any] = (),
        properties: Mapping[str, str] | None = None,
        span: Span | None = None,
    ) -> Aggregate:
        """Bind a call of an aggregate function.

        `arguments` are the types of the columns, `constants` the values of the literals after them (`column_count` says
        how many of a call's arguments are columns); `star` stands for `COUNT(*)`.
        """
        return self._aggregate(name, span).bind(tuple(arguments), star, tuple(constants), properties or {}, span)

    def column_count(self, name: str, arguments: int) -> int:
        """How many of a call's leading arguments are columns; those after them must be literals."""
        return self._aggregate(name, None).columns(arguments)

    def describe(self, name: str, *, span: Span | None = None) -> FunctionDescription:
        """What there is to know about a function."""
        if self.is_aggregate(name):
            return _describe_aggregate(self._aggregate(name, span))
        table = self._tables if self.is_table_function(name) else self._scalars
        return _describe(name.upper(), self._overloads(name, table, span))

    def _bind(self, overloads: list[Overload], arguments: Sequence[Argument], span: Span | None) -> BoundFunction:
        overload, types, result = resolve(overloads, tuple(arguments), span=span)
        return BoundFunction(
            overload.signature.name.upper(),
            overload.callable(types, self._clock),
            types,
            result,
            overload.null_strict,
            overload.can_fail,
            overload.deterministic,
        )

    def _overloads(self, name: str, table: Mapping[str, str], span: Span | None) -> list[Overload]:
        key = name.upper()
        if key in self._added:
            return self._added[key]
        if key not in table:
            raise self._unknown(name, span)
        family: Family = _module(table[key]).family
        return family.functions[key]

    def _aggregate(self, name: str, span: Span | None) -> AggregateFunction:
        key = name.upper()
        if key in self._added_aggregates:
            return self._added_aggregates[key]
        if key not in self._aggregates:
            raise self._unknown(name, span)
        functions: Iterable[AggregateFunction] = _module(self._aggregates[key]).functions
        return next(f for f in functions if f.name == key)

    def _unknown(self, name: str, span: Span | None) -> SqlError:
        close = get_close_matches(name.upper(), self.names(), n=1, cutoff=0.7)
        hint = f'did you mean "{close[0]}"?' if close else "SHOW FUNCTIONS lists all functions"
        return SqlError(
            f"Can't find any functions with the name '{name}'", span=span, hint=hint, kind="unknown function"
        )


@cache
def default_registry() -> FunctionRegistry:
    """The built-in functions, with a clock that stands still; `FunctionRegistry(clock=…)` has a running one."""
    return FunctionRegistry()


@cache
def _module(name: str) -> ModuleType:
    return import_module(name)


def _describe(name: str, overloads: Sequence[Overload]) -> FunctionDescription:
    first = overloads[0]
    variations = tuple(
        FunctionVariation(
            f"{name}({', '.join(map(str, o.signature.parameters))})",
            tuple((p.name, f"{p.pattern}{'...' if p.variadic else ''}") for p in o.signature.parameters),
            str(o.signature.result),
            o.description,
            o.examples,
        )
        for o in overloads
    )
    return FunctionDescription(name, first.kind, first.category, first.description, variations)


def _describe_aggregate(function: AggregateFunction) -> FunctionDescription:
    variations = tuple(
        FunctionVariation(
            f"{function.name}({', '.join(map(str, s.parameters))})",
            tuple((p.name, f"{p.pattern}{'...' if p.variadic else ''}") for p in s.parameters),
            str(s.result),
            function.description,
            tuple((e.sql, e.result) for e in AGGREGATE_EXAMPLES.get(function.name, ())) if number == 0 else (),
        )
        for number, s in enumerate(function.signatures)
    )
    return FunctionDescription(function.name, "AGGREGATE", "AGGREGATE", function.description, variations)
