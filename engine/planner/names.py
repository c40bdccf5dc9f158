"""Names in a query: what a column reference means, and what a selected expression is called."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator

from headrace.engine.catalog.source import Source
from headrace.engine.types.schema import PSEUDO_COLUMNS, WINDOW_BOUNDS
from headrace.parser.errors import Span, SqlError
from headrace.parser.expressions import ColumnRef, Dereference, Expression, Lambda
from headrace.parser.statements import AllColumns
from headrace.parser.walk import rewrite, walk

RESERVED = frozenset({*PSEUDO_COLUMNS, *WINDOW_BOUNDS})
"""Names that no declared column and no alias may have."""


class SourceNames:
    """The names that expressions of one FROM source may use."""

    def __init__(self, source: Source, alias: str) -> None:
        self.source = source
        self.alias = alias
        self.columns = {c.name: c.type for c in source.readable()}

    def qualify(self, expression: Expression, clause: str, *, extra: Iterable[str] = ()) -> Expression:
        """Every column reference resolved to the bare column name; raises SqlError for unknown ones.

        `extra` are further names that are legal here (window bounds of an aggregation, lambda parameters).
        """
        known = frozenset(extra)

        def rule(part: Expression) -> Expression | None:
            if isinstance(part, Lambda):
                inner = self.qualify(part.body, clause, extra=known | set(part.parameters))
                return Lambda(part.parameters, inner, span=part.span)
            if isinstance(part, ColumnRef):
                return part if part.source is None and part.name in known else self._resolve(part, clause)
            return None

        return rewrite(expression, rule)

    def check_qualifier(self, name: str, span: Span | None) -> None:
        """Raise SqlError unless `name` is the source or its alias."""
        if name not in (self.alias, self.source.name):
            raise SqlError(
                f"'{name}' is not a valid stream/table name or alias.",
                span=span,
                hint=f'the source here is "{self.alias}"',
                kind="unknown source",
            )

    def check_star(self, star: AllColumns) -> None:
        """Raise SqlError unless `name.*` names the source or its alias."""
        if star.source is not None:
            self.check_qualifier(star.source, star.span)

    def _resolve(self, reference: ColumnRef, clause: str) -> Expression:
        if reference.source is not None:
            self.check_qualifier(reference.source, reference.span)
        if reference.name in self.columns:
            return ColumnRef(reference.name, span=reference.span)
        shown = reference.name if reference.source is None else f"{reference.source}.{reference.name}"
        message = f"{clause} column '{shown}' cannot be resolved."
        if clause == "PARTITION BY":
            message += f" '{shown}' must be a column in the source schema since PARTITION BY is applied on the input."
        raise SqlError(message, span=reference.span, hint=self._suggestion(reference.name), kind="unknown column")

    def _suggestion(self, name: str) -> str:
        near = [c for c in self.columns if c.upper() == name.upper()] or difflib.get_close_matches(
            name, self.columns, n=1
        )
        if near:
            return f'did you mean "{near[0]}"?'
        return "existing columns: " + ", ".join(c.name for c in self.source.schema)


class ColumnNames:
    """Gives names to selected expressions: an alias, a column's or field's own name, else KSQL_COL_n."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._next = self._numbers()

    def name(self, expression: Expression) -> str:
        """The name of an expression without an alias."""
        match expression:
            case ColumnRef(name):
                return name
            case Dereference(_, field):
                return self._unique(field)
            case _:
                return self.generate()

    def generate(self) -> str:
        """The next free KSQL_COL_n."""
        return next(self._next)

    def _numbers(self) -> Iterator[str]:
        number = 0
        while True:
            name = f"KSQL_COL_{number}"
            number += 1
            if name not in self._taken:
                yield name

    def _unique(self, field: str) -> str:
        if field not in self._taken:
            self._taken.add(field)
            return field
        stem = re.sub(r"_\d+$", "", field)
        number = 1
        while f"{stem}_{number}" in self._taken:
            number += 1
        self._taken.add(f"{stem}_{number}")
        return f"{stem}_{number}"


def check_readable(source: Source, span: Span | None) -> None:
    """Raise SqlError for a source with columns that are named like pseudo columns."""
    taken = [f"`{c.name}`" for c in source.schema if c.name in PSEUDO_COLUMNS]
    if taken:
        raise SqlError(
            "Your stream/table has columns with the same name as newly introduced pseudocolumns in ksqlDB, and cannot be queried "
            f"as a result. The conflicting names are: {', '.join(taken)}.",
            span=span,
            hint="give them other names where the source is made",
        )


def check_source_name(name: str, span: Span | None) -> None:
    """Raise SqlError for names that no stream, table or alias may have, quoted or not."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise SqlError(
            f"Illegal argument: Identifier names may only contain alphanumeric values, '_' or '-'. Got: '{name}'",
            span=span,
            hint="KAFKA_TOPIC takes any name that Kafka takes",
        )


def uses(expression: Expression, predicate: Callable[[Expression], bool]) -> Expression | None:
    """The first part of an expression for which the predicate holds."""
    return next((part for part in walk(expression) if predicate(part)), None)


def refuse_bounds(expression: Expression) -> None:
    """Raise SqlError where the expression reads the bounds of the window that the query itself makes."""
    found = uses(expression, lambda e: isinstance(e, ColumnRef) and e.name in WINDOW_BOUNDS)
    if isinstance(found, ColumnRef):
        raise SqlError(
            f"Window bounds column {found.name} can only be used in the SELECT clause of windowed aggregations",
            span=found.span,
        )
