"""A token that fits no rule, among its neighbours: what the messages and hints look at."""

from collections.abc import Sequence
from dataclasses import dataclass

from headrace.parser.automaton import Automaton
from headrace.parser.errors import printable
from headrace.parser.keywords import word_set
from headrace.parser.lexer import Token

TYPE_STARTS = frozenset({"NAME", "ARRAY", "MAP", "STRUCT", "DECIMAL"})
OPERATORS = word_set("= <> != < <= > >= + - * / % || [ -> . AND OR IS IN NOT LIKE BETWEEN AT")


@dataclass(frozen=True, slots=True)
class Problem:
    """A token that fits no rule, among its neighbours."""

    automaton: Automaton
    states: list[int]
    tokens: Sequence[Token]
    position: int
    expected: frozenset[str]
    """Keywords and operators as they are written, NAME, TEXT, the kinds of number, $END."""

    @property
    def token(self) -> Token:
        """What was found."""
        return self.tokens[self.position]

    @property
    def found(self) -> str:
        """What was found, upper case."""
        return self.token.text.upper()

    def before(self, distance: int = 1) -> Token | None:
        """The token `distance` places before."""
        return self.tokens[self.position - distance] if self.position >= distance else None

    def after(self) -> Token | None:
        """The token after the one that was found."""
        return self.tokens[self.position + 1] if self.position + 1 < len(self.tokens) else None

    def word_before(self, distance: int = 1) -> str:
        """The text of the token `distance` places before, upper case, or nothing."""
        token = self.before(distance)
        return token.text.upper() if token else ""

    def terminal(self, word: str) -> str:
        """The name of the terminal that is written as `word`."""
        tables = self.automaton.tables
        return tables.terminals[tables.literals[word]]

    @property
    def statement_starts(self) -> frozenset[str]:
        """The words that begin statements."""
        return terminals_after(self.automaton, [self.automaton.tables.starts["statement"]])


def terminals_after(automaton: Automaton, states: list[int]) -> frozenset[str]:
    """The terminals that fit after `states`, as they are written."""
    tables = automaton.tables
    spellings = {symbol: literal for literal, symbol in tables.literals.items()}
    return frozenset(spellings.get(symbol, tables.terminals[symbol]) for symbol in automaton.expected(states))


def shown(token: Token) -> str:
    """A token in double quotes."""
    text = printable(token.text)
    return text if text.startswith('"') else f'"{text}"'
