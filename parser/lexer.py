"""Text to tokens, each with its place.

Law: no text makes it fail. What is no word of the language becomes an ERROR token that says what is wrong, so that the text
around it can still be split into statements and read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from headrace.parser import grammar
from headrace.parser.errors import Span
from headrace.parser.keywords import RESERVED

# Symbols that no rule has: they make the automaton stop.
SEMICOLON, VARIABLE, ERROR, UNUSED = -1, -2, -3, -4

_VARIABLE = r"\$?\$\{[A-Za-z_][A-Za-z0-9_@]*\}"
_OPERATORS = (":=", "->", "=>", "<>", "!=", "<=", ">=", "||", *"=<>+-*/%.,()[]")
_UNTERMINATED = {
    "'": ("String", "'"),
    '"': ("Quoted name", '"'),
    "`": ("Quoted name", "`"),
    "/": ("Comment", "*/"),
}


class Token(NamedTuple):
    """A word of the text. `symbol` is its terminal; a non-reserved word is a name that may be read as `keyword` (0: may not)."""

    symbol: int
    keyword: int
    text: str
    line: int
    column: int
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The token's place."""
        return Span(self.line, self.column, self.start, self.end)


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """What the lexer needs of the grammar."""

    regex: re.Pattern[str]
    symbols: dict[str, int]
    """Symbols of the terminals that have a pattern, by name."""
    words: dict[str, tuple[int, int]]
    """Symbol and keyword of every word that is not just a name."""
    operators: dict[str, int]


@cache
def _vocabulary() -> _Vocabulary:
    tables = grammar.load()
    patterns = [f"(?P<{name}>{pattern})" for name, pattern in tables.patterns]
    operators = "|".join(re.escape(operator) for operator in _OPERATORS)
    rest = [f"(?P<VARIABLE>{_VARIABLE})", "(?P<SEMICOLON>;)", f"(?P<OPERATOR>{operators})", "(?P<ERROR>(?s:.))"]
    name = tables.numbers["NAME"]
    words = {word: (name, symbol) for word, symbol in tables.literals.items() if word.isalpha()}
    words |= {word: (tables.literals.get(word, UNUSED), 0) for word in RESERVED}
    return _Vocabulary(
        regex=re.compile("|".join(patterns + rest)),
        symbols={pattern: tables.numbers.get(pattern, UNUSED) for pattern, _ in tables.patterns},
        words=words,
        operators={operator: tables.literals.get(operator, UNUSED) for operator in _OPERATORS},
    )


def symbol_of(terminal: str) -> int:
    """The symbol of a terminal of the grammar, such as NAME, TEXT or $END."""
    return grammar.load().numbers[terminal]


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of `text` without space and comments; `;` is a token, the end is not."""
    vocabulary = _vocabulary()
    words, symbols, operators = vocabulary.words, vocabulary.symbols, vocabulary.operators
    name_symbol = symbols["NAME"]
    line, line_start = 1, 0
    for match in vocabulary.regex.finditer(text):
        kind = match.lastgroup or ""
        start, end = match.span()
        word = match.group()
        column = start - line_start + 1
        if kind == "NAME":
            symbol, keyword = words.get(word.upper(), (name_symbol, 0))
            yield Token(symbol, keyword, word, line, column, start, end)
        elif kind == "OPERATOR" and (word != "/" or text[start : start + 2] != "/*"):
            yield Token(operators[word], 0, word, line, column, start, end)
        elif kind == "SEMICOLON":
            yield Token(SEMICOLON, 0, word, line, column, start, end)
        elif kind == "VARIABLE":
            yield Token(VARIABLE, 0, word, line, column, start, end)
        elif kind in ("ERROR", "OPERATOR"):
            if word in _UNTERMINATED:
                yield Token(ERROR, 0, word, line, column, start, len(text))
                return
            yield Token(ERROR, 0, word, line, column, start, end)
        elif kind not in _SKIPPED:
            yield Token(symbols[kind], 0, word, line, column, start, end)
        if kind in _MULTILINE and "\n" in word:
            line += word.count("\n")
            line_start = start + word.rindex("\n") + 1


_SKIPPED = frozenset({"WHITESPACE", "LINE_COMMENT", "BLOCK_COMMENT"})
_MULTILINE = frozenset({"WHITESPACE", "BLOCK_COMMENT", "TEXT", "NAME"})


def describe_error(token: Token) -> tuple[str, str | None]:
    """What is wrong with an ERROR token, and a way out."""
    if token.text in _UNTERMINATED:
        what, closing = _UNTERMINATED[token.text]
        return f"{what} is not terminated", f"add the closing {closing}"
    shown = token.text if token.text.isprintable() else f"\\u{ord(token.text):04x}"
    return f'Unexpected character "{shown}"', _ODD_CHARACTERS.get(token.text)


_ODD_CHARACTERS = {
    "$": "write a variable as ${name}",
    "&": "write AND",
    "|": "write OR, or || to join texts",
    "!": "write NOT, or <> for unequal",
    "~": "write LIKE",
    ":": "write CAST(x AS type), and the fields of a STRUCT as name := value",
    "{": "write STRUCT(name := value), MAP(key := value) or a variable as ${name}",
    "#": "a comment begins with --",
    **dict.fromkeys("‘’“”", "write strings in straight single quotes: 'text'"),
}
