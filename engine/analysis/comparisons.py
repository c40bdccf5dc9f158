"""Comparisons: which types compare, and with which values.

The law: numbers compare with numbers by value, text with text, dates and times; text beside a date or time is read as
one. Arrays, maps, structs and truth values are equal or not, never less.
"""

import decimal
import math
from dataclasses import dataclass, replace

from headrace.engine.analysis.bound import Between, Bound, Compare, Literal, Logical
from headrace.engine.analysis.literals import coerce, coerce_literal, is_null
from headrace.engine.analysis.text import expression_text
from headrace.engine.types.sqltype import (
    BIGINT,
    BOOLEAN,
    BYTES,
    DATE,
    DOUBLE,
    INTEGER,
    STRING,
    TIME,
    TIMESTAMP,
    Array,
    Decimal,
    Map,
    SqlType,
    Struct,
    is_numeric,
)
from headrace.engine.types.temporal import TemporalError, parse_timestamp
from headrace.parser.errors import Span, SqlError
from headrace.parser.expressions import ColumnRef, ComparisonOperator, Expression

OPERATOR_NAMES = {
    "=": "EQUAL",
    "<>": "NOT_EQUAL",
    "<": "LESS_THAN",
    "<=": "LESS_THAN_OR_EQUAL",
    ">": "GREATER_THAN",
    ">=": "GREATER_THAN_OR_EQUAL",
    "IS DISTINCT FROM": "IS_DISTINCT_FROM",
    "IS NOT DISTINCT FROM": "IS_NOT_DISTINCT_FROM",
}
_EQUALITY = ("=", "<>", "IS DISTINCT FROM", "IS NOT DISTINCT FROM")
_TIME_COLUMNS = ("ROWTIME", "WINDOWSTART", "WINDOWEND")
_FROM_TEXT = (DATE, TIME, TIMESTAMP)
_ORDERED = (STRING, BYTES, DATE, TIME, TIMESTAMP)
_EXACT_DOUBLE = 2**53
_DOUBLE_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Operand:
    """A side of a comparison, as written and as bound."""

    expression: Expression
    bound: Bound

    @property
    def text(self) -> str:
        """The side as messages show it."""
        return f"{expression_text(self.expression)} ({self.bound.type})"


def compare(operator: ComparisonOperator, left: Operand, right: Operand, *, span: Span | None) -> Compare:
    """Bind `left operator right`; raises SqlError where the types do not compare."""
    if operator not in ("IS DISTINCT FROM", "IS NOT DISTINCT FROM") and (is_null(left.bound) or is_null(right.bound)):
        raise _null_comparison(operator, left.bound.type, right.bound.type, span)
    left, right = _read_times(left, right), _read_times(right, left)
    pair = _aligned(operator, left.bound, right.bound)
    if pair is None:
        raise SqlError(
            f"Cannot compare {left.text} to {right.text} with {OPERATOR_NAMES[operator]}.",
            span=span,
            hint="use CAST to make both sides the same type",
            kind="type mismatch",
        )
    return Compare(BOOLEAN, operator, *pair)


def between(value: Operand, low: Operand, high: Operand, *, span: Span | None) -> Bound:
    """Bind `value BETWEEN low AND high`."""
    above = compare(">=", value, low, span=span)
    below = compare("<=", value, high, span=span)
    if above.left == below.left:
        return Between(BOOLEAN, above.left, above.right, below.right)
    return Logical(BOOLEAN, "AND", (above, below))


def _aligned(operator: ComparisonOperator, left: Bound, right: Bound) -> tuple[Bound, Bound] | None:
    first, second = left.type, right.type
    if is_null(left) or is_null(right):
        return left, right
    if is_numeric(first) and is_numeric(second):
        return _numeric(left, second, right), _numeric(right, first, left)
    if first == second and first in _ORDERED:
        return left, right
    if first == STRING and second in _FROM_TEXT:
        return coerce(left, second, contained=False), right
    if second == STRING and first in _FROM_TEXT:
        return left, coerce(right, first, contained=False)
    if {first, second} == {DATE, TIMESTAMP}:
        return coerce(left, TIMESTAMP, contained=False), coerce(right, TIMESTAMP, contained=False)
    if operator in _EQUALITY and _same_kind(first, second):
        return left, right
    return None


def _same_kind(first: SqlType, second: SqlType) -> bool:
    match first, second:
        case (Array(), Array()) | (Map(), Map()) | (Struct(), Struct()):
            return True
    return first == second == BOOLEAN


def _numeric(side: Bound, other: SqlType, other_side: Bound) -> Bound:
    """Java widens BIGINT to DOUBLE where Python compares exactly; decimal literals are brought to the cheapest equal number."""
    if side.type == BIGINT and other == DOUBLE and not _is_small(other_side):
        return coerce(side, DOUBLE, contained=False)
    if isinstance(side, Literal) and isinstance(side.type, Decimal) and not isinstance(other, Decimal):
        return _cheap_number(side, other)
    return side


def _is_small(bound: Bound) -> bool:
    return isinstance(bound, Literal) and isinstance(bound.value, float) and abs(bound.value) < _EXACT_DOUBLE


def _cheap_number(literal: Literal, other: SqlType) -> Literal:
    value = coerce_literal(literal, DOUBLE).value
    assert isinstance(value, float)
    exact = literal.value
    assert isinstance(exact, decimal.Decimal)
    if other == DOUBLE:
        assert isinstance(literal.type, Decimal)
        return Literal(DOUBLE, value) if literal.type.precision <= _DOUBLE_DIGITS else literal
    if exact == (whole := int(exact)):
        return Literal(BIGINT if abs(whole) >= 2**31 else INTEGER, whole)
    if not math.isinf(value) and not value.is_integer() and math.floor(value) == math.floor(exact):
        return Literal(DOUBLE, value)
    return literal


def _read_times(side: Operand, other: Operand) -> Operand:
    """Text beside ROWTIME, WINDOWSTART or WINDOWEND is a point in time."""
    text = side.bound
    if not (isinstance(text, Literal) and isinstance(text.value, str) and text.type == STRING):
        return side
    if not (
        isinstance(other.expression, ColumnRef)
        and other.expression.name in _TIME_COLUMNS
        and other.bound.type == BIGINT
    ):
        return side
    try:
        return replace(side, bound=Literal(BIGINT, parse_timestamp(text.value)))
    except TemporalError as error:
        raise SqlError(
            f"Failed to parse timestamp '{text.value}': {error}.", span=side.expression.span, kind="type mismatch"
        ) from error


def _null_comparison(operator: ComparisonOperator, left: SqlType, right: SqlType, span: Span | None) -> SqlError:
    names = [str(type).upper() for type in (left, right)]
    return SqlError(
        f"Comparison with NULL not supported: {names[0]} {operator} {names[1]}\nUse 'IS NULL' or 'IS NOT NULL' instead.",
        span=span,
        kind="type mismatch",
    )
