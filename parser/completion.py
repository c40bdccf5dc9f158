"""Which words may come next, for those who offer them.

Law: it never raises, whatever the text; after a mistake it offers nothing.
"""

from typing import NamedTuple

from headrace.parser.keywords import KEYWORDS
from headrace.parser.lexer import ERROR, SEMICOLON, VARIABLE, Token, symbol_of, tokenize
from headrace.parser.reader import automaton

# A longer statement is not read at each key.
_READ_TOKENS = 5_000


class Completion(NamedTuple):
    """The keywords that may come at the end of a text, whether a name may, and the part of a word that is there already."""

    keywords: tuple[str, ...]
    takes_name: bool
    prefix: str


NOTHING = Completion((), False, "")


def complete(text: str) -> Completion:
    """What may follow `text`; a word that touches its end is taken as the beginning of what follows.

    >>> complete("SHOW STR").keywords
    ('STREAMS',)
    """
    tokens = _last_statement(text)
    prefix = ""
    if tokens and tokens[-1].end == len(text) and (tokens[-1].text[0].isalnum() or tokens[-1].text[0] == "_"):
        prefix = tokens.pop().text
    if len(tokens) > _READ_TOKENS or any(token.symbol == ERROR for token in tokens):
        return NOTHING
    name = symbol_of("NAME")
    words = [token._replace(symbol=name) if token.symbol == VARIABLE else token for token in tokens]
    machine = automaton()
    states = machine.states_after(words, start="statement")
    if states is None:
        return NOTHING
    expected = set(machine.expected(states))
    literals = machine.tables.literals.items()
    keywords = (word for word, symbol in literals if symbol in expected and word in KEYWORDS)
    fitting = tuple(sorted(word for word in keywords if word.startswith(prefix.upper())))
    return Completion(fitting, name in expected, prefix)


def _last_statement(text: str) -> list[Token]:
    tokens: list[Token] = []
    for token in tokenize(text):
        if token.symbol == SEMICOLON:
            tokens = []
        else:
            tokens.append(token)
    return tokens
