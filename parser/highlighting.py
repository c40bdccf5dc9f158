"""What each part of a text is, for those who colour it.

Law: it never raises, whatever the text; the parts are in order, do not overlap, and leave out nothing but white space. A
non-reserved word is a keyword where the grammar reads it as one, up to the first mistake of its statement.
"""

import re
from collections.abc import Iterator
from typing import Literal

from headrace.parser.automaton import Automaton
from headrace.parser.keywords import RESERVED
from headrace.parser.lexer import ERROR, SEMICOLON, VARIABLE, Token, symbol_of, tokenize
from headrace.parser.reader import automaton
from headrace.parser.variables import REFERENCE

Kind = Literal[
    "keyword",
    "name",
    "quoted name",
    "function",
    "type",
    "string",
    "number",
    "operator",
    "punctuation",
    "variable",
    "comment",
    "directive",
    "error",
]
Part = tuple[int, int, Kind]

_COMMENT = re.compile(r"(--[^\n]*)|/\*[\s\S]*?\*/")
_PUNCTUATION = frozenset("(),;.[]")
_OPENED: dict[str, Kind] = {"'": "string", '"': "quoted name", "`": "quoted name", "/": "comment"}

# Reading a longer statement at each key would be felt; its non-reserved words are guessed.
_READ_TOKENS = 5_000


def highlight(text: str) -> list[Part]:
    """The parts of `text` as (start, end, kind).

    >>> highlight("SELECT abs(x) -- why")
    [(0, 6, 'keyword'), (7, 10, 'function'), (10, 11, 'punctuation'), (11, 12, 'name'), (12, 13, 'punctuation'), (14, 20, 'comment')]
    """
    parts: list[Part] = []
    end = 0
    for token, kind in _kinds(list(tokenize(text))):
        parts += _comments(text, end, token.start)
        parts += _with_variables(token, kind) if "${" in token.text else [(token.start, token.end, kind)]
        end = token.end
    return [*parts, *_comments(text, end, len(text))]


def _kinds(tokens: list[Token]) -> Iterator[tuple[Token, Kind]]:
    start = 0
    while start < len(tokens):
        end = next((i for i in range(start, len(tokens)) if tokens[i].symbol == SEMICOLON), len(tokens))
        yield from _statement(tokens[start:end])
        if end < len(tokens):
            yield tokens[end], "punctuation"
        start = end + 1


def _statement(tokens: list[Token]) -> Iterator[tuple[Token, Kind]]:
    machine, name = automaton(), symbol_of("NAME")
    words = [token._replace(symbol=name) if token.symbol == VARIABLE else token for token in tokens[:_READ_TOKENS]]
    readings = machine.readings(words, start="statement")
    for token, following in zip(tokens, [*tokens[1:], None]):
        symbol, states = next(readings, (None, None))
        kind = _kind(token)
        if kind == "keyword" and symbol == name:
            kind = "name"
        if kind == "name" and _takes_type(machine, states):
            kind = "type"
        elif kind == "name" and following is not None and following.text == "(" and _takes_value(machine, states):
            kind = "function"
        yield token, kind


def _kind(token: Token) -> Kind:
    text = token.text
    first = text[0]
    if token.symbol == ERROR:
        return _OPENED.get(text, "error")
    if token.symbol == VARIABLE:
        return "variable"
    if first == "'":
        return "string"
    if first in '"`':
        return "quoted name"
    if first in "0123456789" or (first == "." and len(text) > 1):
        return "name" if token.symbol == symbol_of("NAME") else "number"
    if first == "_" or first.isalpha():
        return "keyword" if token.keyword or text.upper() in RESERVED else "name"
    return "punctuation" if text in _PUNCTUATION else "operator"


def _takes_value(machine: Automaton, states: list[int] | None) -> bool:
    """Whether an expression may begin here; after a mistake, perhaps."""
    return states is None or machine.advance(states, symbol_of("CASE")) is not None


def _takes_type(machine: Automaton, states: list[int] | None) -> bool:
    """Whether a type may begin here, and no expression."""
    if states is None or _takes_value(machine, states):
        return False
    return machine.advance(states, symbol_of("MAP")) is not None


def _comments(text: str, start: int, end: int) -> Iterator[Part]:
    if end - start < 2:
        return
    for match in _COMMENT.finditer(text, start, end):
        kind: Kind = "directive" if match.group().startswith("--@") else "comment"
        yield match.start(), match.end(), kind


def _with_variables(token: Token, kind: Kind) -> Iterator[Part]:
    """`'a ${b}'` as a string with a variable in it."""
    start = token.start
    for match in REFERENCE.finditer(token.text):
        if start < token.start + match.start():
            yield start, token.start + match.start(), kind
        yield token.start + match.start(), token.start + match.end(), "variable"
        start = token.start + match.end()
    if start < token.end:
        yield start, token.end, kind
