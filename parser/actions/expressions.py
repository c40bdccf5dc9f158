"""Operators, predicates, calls and constructors; literals are in literals.py."""

from itertools import pairwise
from typing import cast as typed

from headrace.parser.actions.registry import action
from headrace.parser.errors import ParseError, Span
from headrace.parser.expressions import (
    Arithmetic,
    ArithmeticOperator,
    ArrayConstructor,
    AtTimeZone,
    Between,
    Case,
    Cast,
    ColumnRef,
    Comparison,
    ComparisonOperator,
    Dereference,
    Expression,
    FunctionCall,
    InList,
    IsNull,
    Lambda,
    Like,
    Logical,
    MapConstructor,
    Not,
    StructConstructor,
    Subscript,
    TimeUnit,
    When,
)
from headrace.parser.keywords import TIME_UNITS, UNIT_FUNCTIONS
from headrace.parser.lexer import Token
from headrace.parser.types import TypeName


@action()
def disjunction(span: Span, left: Expression, right: Expression) -> Logical:
    return Logical("OR", left, right, span=span)


@action()
def conjunction(span: Span, left: Expression, right: Expression) -> Logical:
    return Logical("AND", left, right, span=span)


@action()
def negation(span: Span, value: Expression) -> Not:
    return Not(value, span=span)


@action()
def comparison(span: Span, left: Expression, operator: str, right: Expression) -> Comparison:
    return Comparison(typed(ComparisonOperator, operator), left, right, span=span)


@action()
def distinct(span: Span, left: Expression, right: Expression) -> Comparison:
    return Comparison("IS DISTINCT FROM", left, right, span=span)


@action()
def not_distinct(span: Span, left: Expression, right: Expression) -> Comparison:
    return Comparison("IS NOT DISTINCT FROM", left, right, span=span)


@action()
def is_null(span: Span, value: Expression) -> IsNull:
    return IsNull(value, span=span)


@action()
def is_not_null(span: Span, value: Expression) -> IsNull:
    return IsNull(value, True, span=span)


@action()
def between(span: Span, value: Expression, low: Expression, high: Expression) -> Between:
    return Between(value, low, high, span=span)


@action()
def not_between(span: Span, value: Expression, low: Expression, high: Expression) -> Between:
    return Between(value, low, high, True, span=span)


@action()
def in_list(span: Span, value: Expression, items: tuple[Expression, ...]) -> InList:
    return InList(value, items, span=span)


@action()
def not_in_list(span: Span, value: Expression, items: tuple[Expression, ...]) -> InList:
    return InList(value, items, True, span=span)


@action()
def like(span: Span, value: Expression, pattern: Expression, escape: str | None) -> Like:
    return Like(value, pattern, escape, span=span)


@action()
def not_like(span: Span, value: Expression, pattern: Expression, escape: str | None) -> Like:
    return Like(value, pattern, escape, True, span=span)


@action()
def arithmetic(span: Span, left: Expression, operator: str, right: Expression) -> Arithmetic:
    return Arithmetic(typed(ArithmeticOperator, operator), left, right, span=span)


@action()
def at_time_zone(span: Span, value: Expression, zone: Expression) -> AtTimeZone:
    return AtTimeZone(value, zone, span=span)


@action()
def subscript(span: Span, base: Expression, index: Expression) -> Subscript:
    return Subscript(base, index, span=span)


@action()
def dereference(span: Span, base: Expression, field_name: str) -> Dereference:
    return Dereference(base, field_name, span=span)


@action()
def column(span: Span, name: str) -> ColumnRef:
    return ColumnRef(name, span=span)


@action()
def qualified_column(span: Span, source: str, name: str) -> ColumnRef:
    return ColumnRef(name, source, span=span)


@action("expressions", "values", "row", "arguments")
def expressions(_span: Span, *values: Expression) -> tuple[Expression, ...]:
    return values


@action()
def function_call(span: Span, name: str, arguments: tuple[Expression, ...] | None) -> FunctionCall:
    arguments = arguments or ()
    name = name.upper()
    if name in UNIT_FUNCTIONS and arguments:
        arguments = (_as_unit(arguments[0]), *arguments[1:])
    _check_lambdas_last(arguments)
    return FunctionCall(name, arguments, span=span)


def _as_unit(argument: Expression) -> Expression:
    """An unquoted `DAY` is a unit here; written in quotes it is a column."""
    match argument:
        case ColumnRef(name=name, source=None, span=Span() as span) if (
            name in TIME_UNITS and span.end - span.start == len(name)
        ):
            return TimeUnit(TIME_UNITS[name], span=span)
        case _:
            return argument


def _check_lambdas_last(arguments: tuple[Expression, ...]) -> None:
    for argument, following in pairwise(arguments):
        if isinstance(argument, Lambda) and not isinstance(following, Lambda):
            raise ParseError("A lambda is followed by another argument", span=following.span, hint="lambdas come last")


@action()
def count_all(span: Span, name: str) -> FunctionCall:
    return FunctionCall(name.upper(), (), True, span=span)


@action()
def time_unit(span: Span, token: Token) -> TimeUnit:
    return TimeUnit(TIME_UNITS[token.text.upper()], span=span)


@action()
def lambda_of_name(span: Span, parameter: str, body: Expression) -> Lambda:
    return Lambda((parameter,), body, span=span)


@action()
def lambda_of_one(span: Span, parameter: Expression, body: Expression) -> Lambda:
    return Lambda((_parameter(parameter),), body, span=span)


@action()
def lambda_of_many(span: Span, parameters: tuple[Expression, ...], body: Expression) -> Lambda:
    return Lambda(tuple(_parameter(parameter) for parameter in parameters), body, span=span)


def _parameter(expression: Expression) -> str:
    if isinstance(expression, ColumnRef) and expression.source is None:
        return expression.name
    raise ParseError("A parameter of a lambda is not a name", span=expression.span, hint="write (x, y) => …")


@action()
def cast(span: Span, value: Expression, type_name: TypeName) -> Cast:
    return Cast(value, type_name, span=span)


@action()
def searched_case(span: Span, whens: tuple[When, ...], default: Expression | None) -> Case:
    return Case(whens, default, span=span)


@action()
def simple_case(span: Span, operand: Expression, whens: tuple[When, ...], default: Expression | None) -> Case:
    return Case(whens, default, operand, span=span)


@action()
def whens(_span: Span, *branches: When) -> tuple[When, ...]:
    return branches


@action()
def when(span: Span, condition: Expression, result: Expression) -> When:
    return When(condition, result, span=span)


@action()
def array(span: Span, items: tuple[Expression, ...] | None) -> ArrayConstructor:
    if not items:
        raise _empty(
            "Array constructor cannot be empty. Please supply at least one element (see https://github.com/confluentinc/ksql/issues/4239).",
            span,
        )
    return ArrayConstructor(items, span=span)


@action("map")
def map_(span: Span, entries: tuple[tuple[Expression, Expression], ...] | None) -> MapConstructor:
    if not entries:
        raise _empty(
            "Map constructor cannot be empty. Please supply at least one key value pair (see https://github.com/confluentinc/ksql/issues/4239).",
            span,
        )
    return MapConstructor(entries, span=span)


def _empty(message: str, span: Span) -> ParseError:
    return ParseError(message, span=span, hint="its type could not be told without")


@action()
def entries(_span: Span, *pairs: tuple[Expression, Expression]) -> tuple[tuple[Expression, Expression], ...]:
    return pairs


@action()
def entry(_span: Span, key: Expression, value: Expression) -> tuple[Expression, Expression]:
    return key, value


@action()
def struct(span: Span, fields: tuple[tuple[str, Expression], ...] | None) -> StructConstructor:
    return StructConstructor(fields or (), span=span)


@action()
def struct_fields(_span: Span, *fields: tuple[str, Expression]) -> tuple[tuple[str, Expression], ...]:
    return fields


@action()
def struct_field(_span: Span, name: str, value: Expression) -> tuple[str, Expression]:
    return name, value
