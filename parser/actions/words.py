"""Words, numbers and the small rules that every other part of the grammar uses."""

from typing import Any, TypeVar

from headrace.parser.actions.registry import action
from headrace.parser.errors import ParseError, Span, printable
from headrace.parser.lexer import Token

BIGINT_MAX = 2**63 - 1

_Value = TypeVar("_Value")


def unquote(text: str) -> str:
    """The content of a quoted word, doubled quotes undone."""
    quote = text[0]
    return text[1:-1].replace(quote + quote, quote)


def is_quoted(text: str) -> bool:
    """Whether a word stands in quotes of any kind."""
    return text[0] in "'`\""


def digits(text: str, span: Span, *, maximum: int = BIGINT_MAX, sign: str = "") -> int:
    """The value of a whole number; `sign` is what stands before it in messages."""
    if text.startswith("-"):
        raise ParseError(f"{printable(text)} is negative", span=span, hint="a whole number is needed here")
    significant = text.lstrip("0")
    if len(significant) > 19 or int(significant or "0") > maximum:
        raise ParseError(f"Invalid numeric literal: {printable(sign + text)}", span=span, hint="it does not fit BIGINT")
    return int(significant or "0")


@action()
def name(span: Span, token: Token) -> str:
    """A name: upper case unless quoted."""
    text = token.text
    if not is_quoted(text):
        return text.upper()
    if len(text) == 2:
        raise ParseError("A name cannot be empty", span=span, hint="an empty string is written ''")
    return unquote(text)


@action("topic", "property_name")
def verbatim(_span: Span, token: Token) -> str:
    """A name that keeps its case."""
    return unquote(token.text) if is_quoted(token.text) else token.text


@action()
def string(_span: Span, token: Token) -> str:
    return unquote(token.text)


@action()
def integer(span: Span, token: Token) -> int:
    return digits(token.text, span)


@action("comparator", "concatenator", "additive", "multiplicative")
def operator(_span: Span, token: Token) -> str:
    return "<>" if token.text == "!=" else token.text


@action("simple_subject", "extensible_subject", "described", "control", "source_kind", "connector_kind")
def word(_span: Span, token: Token) -> str:
    return token.text.upper()


@action()
def present(_span: Span) -> bool:
    return True


@action()
def absent(_span: Span) -> None:
    return None


@action()
def empty(_span: Span) -> tuple[Any, ...]:
    return ()


@action("clause", "window_retention", "window_grace", "grace", "escape", "otherwise")
def clause(_span: Span, value: _Value) -> _Value:
    """A clause is what stands behind its words."""
    return value
