"""Queries and their clauses."""

from typing import Literal

from headrace.parser.actions.registry import action
from headrace.parser.actions.words import digits
from headrace.parser.errors import ParseError, Span
from headrace.parser.expressions import Expression
from headrace.parser.keywords import TIME_UNITS
from headrace.parser.lexer import Token
from headrace.parser.statements import (
    AliasedSource,
    AllColumns,
    Duration,
    Join,
    Query,
    Relation,
    SelectItem,
    StructAll,
    Window,
    Within,
)

_INT_MAX = 2**31 - 1

Item = SelectItem | AllColumns | StructAll
JoinKind = Literal["INNER", "LEFT", "RIGHT", "FULL"]


@action()
def query(
    span: Span,
    items: tuple[Item, ...],
    relation: Relation,
    window: Window | None,
    where: Expression | None,
    group_by: tuple[Expression, ...],
    partition_by: tuple[Expression, ...],
    having: Expression | None,
    emit: Literal["CHANGES", "FINAL"] | None,
    limit: tuple[int, Span] | None,
) -> Query:
    if limit is not None and limit[0] < 0:
        raise ParseError(
            f"{'Pull' if emit is None else 'Push'} queries don't support negative integers in the LIMIT clause",
            span=limit[1],
            hint="give the number of rows to read",
        )
    return Query(items, relation, window, where, group_by, partition_by, having, emit, limit and limit[0], span=span)


@action()
def items(_span: Span, *values: Item) -> tuple[Item, ...]:
    return values


@action()
def select_item(span: Span, expression: Expression, alias: str | None = None) -> SelectItem:
    return SelectItem(expression, alias, span=span)


@action()
def all_columns(span: Span, source: str | None = None) -> AllColumns:
    return AllColumns(source, span=span)


@action()
def struct_all(span: Span, expression: Expression) -> StructAll:
    return StructAll(expression, span=span)


@action()
def source(span: Span, name: str, alias: str | None = None) -> AliasedSource:
    return AliasedSource(name, name if alias is None else alias, span=span)


@action()
def join(
    span: Span, left: Relation, kind: JoinKind, right: AliasedSource, within: Within | None, condition: Expression
) -> Join:
    return Join(left, kind, right, within, condition, span=span)


@action()
def inner(_span: Span) -> JoinKind:
    return "INNER"


@action()
def left(_span: Span) -> JoinKind:
    return "LEFT"


@action()
def right(_span: Span) -> JoinKind:
    return "RIGHT"


@action()
def full(_span: Span) -> JoinKind:
    return "FULL"


@action()
def within(span: Span, size: Duration, grace: Duration | None) -> Within:
    return Within(size, size, grace, span=span)


@action()
def within_both(span: Span, before: Duration, after: Duration, grace: Duration | None) -> Within:
    return Within(before, after, grace, span=span)


@action()
def tumbling(
    span: Span, name: str | None, size: Duration, retention: Duration | None, grace: Duration | None
) -> Window:
    return Window("TUMBLING", size, None, retention, grace, name, span=span)


@action()
def hopping(
    span: Span,
    name: str | None,
    size: Duration,
    advance: Duration,
    retention: Duration | None,
    grace: Duration | None,
) -> Window:
    return Window("HOPPING", size, advance, retention, grace, name, span=span)


@action()
def session(span: Span, name: str | None, gap: Duration, retention: Duration | None, grace: Duration | None) -> Window:
    return Window("SESSION", gap, None, retention, grace, name, span=span)


@action()
def emit_changes(_span: Span) -> Literal["CHANGES"]:
    return "CHANGES"


@action()
def emit_final(_span: Span) -> Literal["FINAL"]:
    return "FINAL"


@action()
def limit(span: Span, count: Token) -> tuple[int, Span]:
    sign = "-" if count.text.startswith("-") else ""
    rows = digits(count.text.removeprefix("-"), span)
    if rows > _INT_MAX:
        raise ParseError(f"Invalid numeric literal: {rows}", span=span, hint=f"the largest limit is {_INT_MAX}")
    return (-rows if sign else rows), count.span


@action()
def duration(span: Span, count: Token, unit: str) -> Duration:
    return Duration(digits(count.text, span), unit, span=span)  # type: ignore[arg-type]  # a unit of TIME_UNITS


@action()
def unit(_span: Span, token: Token) -> str:
    return TIME_UNITS[token.text.upper()]
