"""Literals, and the signs that become part of them."""

import math

from headrace.parser.actions.registry import action
from headrace.parser.actions.words import BIGINT_MAX, digits, unquote
from headrace.parser.errors import ParseError, Span, printable
from headrace.parser.expressions import (
    BooleanLiteral,
    DecimalLiteral,
    DoubleLiteral,
    Expression,
    IntegerLiteral,
    Negate,
    NullLiteral,
    StringLiteral,
    TypedLiteral,
)
from headrace.parser.lexer import Token


@action()
def true(span: Span) -> BooleanLiteral:
    return BooleanLiteral(True, span=span)


@action()
def false(span: Span) -> BooleanLiteral:
    return BooleanLiteral(False, span=span)


@action()
def null(span: Span) -> NullLiteral:
    return NullLiteral(span=span)


@action()
def string_literal(span: Span, token: Token) -> StringLiteral:
    return StringLiteral(unquote(token.text), span=span)


@action()
def typed_literal(span: Span, type_name: str, text: str) -> TypedLiteral:
    return TypedLiteral(type_name, text, span=span)


@action()
def decimal_text(span: Span, text: str) -> TypedLiteral:
    return TypedLiteral("DECIMAL", text, span=span)


@action()
def integer_literal(span: Span, token: Token) -> IntegerLiteral:
    text = token.text
    if text.startswith("-"):
        return IntegerLiteral(-digits(text[1:], span, maximum=BIGINT_MAX + 1, sign="-"), span=span)
    return IntegerLiteral(digits(text, span), span=span)


@action()
def decimal_literal(span: Span, token: Token) -> DecimalLiteral:
    return DecimalLiteral(token.text, span=span)


@action()
def double_literal(span: Span, token: Token) -> DoubleLiteral:
    value = float(token.text)
    if math.isinf(value):
        raise ParseError(
            f"Number overflows DOUBLE: {printable(token.text)}",
            span=span,
            hint="the largest DOUBLE is 1.7976931348623157E308",
        )
    return DoubleLiteral(value, span=span)


@action()
def minus(span: Span, value: Expression) -> Expression:
    """`-x`; the sign of a bare number has become part of it already (reader.py), this is the sign of anything else."""
    return Negate(value, span=span)


@action()
def plus(_span: Span, value: Expression) -> Expression:
    return value
