"""Literals: their types, and what a literal may become where another type is wanted.

The law: literals bend further than columns. Text that reads as a number, a truth value or a time becomes one; what does
not fit is refused when the statement is read, not for every row.
"""

from headrace.engine.analysis.bound import NULL, ArrayOf, Bound, Cast, Literal, MapOf, StructOf
from headrace.engine.functions.base import INTERVAL_UNIT
from headrace.engine.types.cast import CastError, conversion, parse_decimal, trim
from headrace.engine.types.coercion import base_name
from headrace.engine.types.decimals import decimal_of_text
from headrace.engine.types.integers import BIGINT_MAX, BIGINT_MIN, INTEGER_MAX, INTEGER_MIN
from headrace.engine.types.sqltype import (
    BIGINT,
    BOOLEAN,
    DOUBLE,
    INTEGER,
    STRING,
    Array,
    Map,
    SqlType,
    Struct,
    is_numeric,
)
from headrace.engine.types.text import printer
from headrace.parser.errors import Span, SqlError
from headrace.parser.expressions import (
    BooleanLiteral,
    DecimalLiteral,
    DoubleLiteral,
    Expression,
    IntegerLiteral,
    NullLiteral,
    StringLiteral,
    TimeUnit,
    TypedLiteral,
)

_NULL = Literal(NULL, None)


def bind_literal(expression: Expression) -> Literal | None:
    """The literal as a bound expression; None for other expressions."""
    match expression:
        case NullLiteral():
            return Literal(NULL, None)
        case BooleanLiteral(value):
            return Literal(BOOLEAN, value)
        case IntegerLiteral(number):
            return _integer(number, expression.span)
        case DecimalLiteral(text):
            return decimal_literal(text)
        case DoubleLiteral(real):
            return Literal(DOUBLE, real)
        case StringLiteral(text):
            return Literal(STRING, text)
        case TimeUnit(unit):
            return Literal(INTERVAL_UNIT, unit)
        case TypedLiteral(type, text):
            return _typed(type, text, expression.span)
    return None


def decimal_literal(text: str) -> Literal:
    """A DECIMAL literal with the type of its text."""
    value, type = decimal_of_text(text)
    return Literal(type, value)


def is_null(bound: Bound) -> bool:
    """Whether this is a NULL literal without a type."""
    return bound.type == NULL


def number_of_text(text: str) -> Literal | None:
    """The number that a text holds, in the narrowest exact type; None where it holds none."""
    try:
        value = parse_decimal(text)
        whole = int(value) if trim(text).lstrip("+-").isdigit() else None
        if whole is not None and BIGINT_MIN <= whole <= BIGINT_MAX:
            return Literal(INTEGER if INTEGER_MIN <= whole <= INTEGER_MAX else BIGINT, whole)
        return decimal_literal(trim(text))
    except (CastError, ArithmeticError):
        return None


def boolean_of_text(text: str) -> bool | None:
    """The truth value that a text begins to spell (`t`, `fal`, `YES`, `n`); None where it spells none."""
    word = trim(text).lower()
    if not word:
        return None
    if "true".startswith(word) or "yes".startswith(word):
        return True
    return False if "false".startswith(word) or "no".startswith(word) else None


def coerce(bound: Bound, target: SqlType, *, contained: bool = True, span: Span | None = None) -> Bound:
    """The expression as one of another type, by widening or from text; raises SqlError where there is no way.

    Constants are converted here and now, constructors rebuilt, so that literals inside them bend too.
    """
    if bound.type == target:
        return bound

    def part(inner: Bound, type: SqlType) -> Bound:
        return coerce(inner, type, contained=contained, span=span)

    match bound, target:
        case Literal(), _:
            return coerce_literal(bound, target, span=span)
        case ArrayOf(), Array(item):
            return ArrayOf(target, tuple(part(i, item) for i in bound.items))
        case MapOf(), Map(key, value):
            return MapOf(target, tuple((part(k, key), part(v, value)) for k, v in bound.entries))
        case StructOf(), Struct():
            given = dict(bound.fields)
            return StructOf(target, tuple((name, part(given.get(name, _NULL), type)) for name, type in target.fields))
    if conversion(bound.type, target) is None:
        raise _no_conversion(bound.type, target, span)
    return Cast(target, bound, contained)


def coerce_literal(literal: Literal, target: SqlType, *, span: Span | None = None) -> Literal:
    """A constant of another type; raises SqlError where it is none."""
    if literal.value is None:
        return Literal(target, None)
    if target == STRING:
        return Literal(STRING, printer(literal.type)(literal.value))
    if isinstance(literal.value, str) and literal.type == STRING and (is_numeric(target) or target == BOOLEAN):
        return _from_text(literal.value, target, span)
    found = conversion(literal.type, target)
    if found is None:
        raise _no_conversion(literal.type, target, span)
    try:
        return Literal(target, literal.value if found.call is None else found.call(literal.value))
    except (ValueError, ArithmeticError) as error:
        raise SqlError(str(error), span=span, kind="type mismatch") from error


def invalid_text(text: str, target: SqlType, span: Span | None) -> SqlError:
    """The error for a text literal that is no value of the type."""
    return SqlError(f'invalid input syntax for type {base_name(target)}: "{text}".', span=span, kind="type mismatch")


def _no_conversion(source: SqlType, target: SqlType, span: Span | None) -> SqlError:
    return SqlError(f"Cast of {source} to {target} is not supported", span=span, kind="type mismatch")


def _from_text(text: str, target: SqlType, span: Span | None) -> Literal:
    if target == BOOLEAN:
        truth = boolean_of_text(text)
        if truth is None:
            raise invalid_text(text, target, span)
        return Literal(BOOLEAN, truth)
    number = number_of_text(text)
    if number is None:
        raise invalid_text(text, target, span)
    return coerce_literal(number, target, span=span)


def _integer(value: int, span: Span | None) -> Literal:
    if not BIGINT_MIN <= value <= BIGINT_MAX:
        raise SqlError(f"Invalid numeric literal: {value}", span=span, hint="write a DECIMAL with a point at its end")
    return Literal(INTEGER if INTEGER_MIN <= value <= INTEGER_MAX else BIGINT, value)


def _typed(type: str, text: str, span: Span | None) -> Literal:
    if type.upper() != "DECIMAL":
        raise SqlError(
            f"Literals of the form {type} '…' are not supported.",
            span=span,
            hint=f"write CAST('{text}' AS {type})",
            kind="unsupported",
        )
    try:
        parse_decimal(text)
        return decimal_literal(trim(text))
    except (CastError, ArithmeticError):
        raise invalid_text(text, decimal_literal("0.0").type, span) from None
