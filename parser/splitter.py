"""A text to its statements, still as tokens.

Law: `;` ends a statement wherever it stands outside quotes and comments, whatever is around it, so that a mistake in one
statement does not reach the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from headrace.parser.errors import Span
from headrace.parser.lexer import SEMICOLON, Token, symbol_of, tokenize


@dataclass(frozen=True, slots=True)
class Fragment:
    """One statement of a text: its words, and `end`, the place after them (its text is ";" or "")."""

    text: str
    span: Span
    tokens: tuple[Token, ...]
    end: Token

    @property
    def is_terminated(self) -> bool:
        """Whether a `;` follows."""
        return self.end.text == ";"


def split(text: str) -> Iterator[Fragment]:
    """The statements of `text`; empty ones (`;;`) and trailing comments are left out."""
    end = symbol_of("$END")
    tokens: list[Token] = []
    for token in tokenize(text):
        if token.symbol != SEMICOLON:
            tokens.append(token)
        elif tokens:
            yield _fragment(text, tokens, token._replace(symbol=end))
            tokens = []
    if tokens:
        yield _fragment(text, tokens, _end_of_text(text, tokens[-1].end, end))


def is_complete(text: str) -> bool:
    """Whether a prompt may hand over `text`: its last statement has its `;` and no quote or comment is open."""
    last = None
    for token in tokenize(text):
        last = token
    return last is None or last.symbol == SEMICOLON


def _fragment(text: str, tokens: list[Token], end: Token) -> Fragment:
    first, last = tokens[0], tokens[-1]
    span = Span(first.line, first.column, first.start, last.end)
    return Fragment(text[first.start : last.end], span, tuple(tokens), end)


def _end_of_text(text: str, offset: int, symbol: int) -> Token:
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    return Token(symbol, 0, "", line, column, offset, offset)
