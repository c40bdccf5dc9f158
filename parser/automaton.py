"""The LALR(1) automaton: tokens to the value of a start rule.

Law: it never recurses, and it never chooses silently. Its one freedom is a non-reserved word, which is read as a keyword
where the keyword and the two words after it fit, else as a name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headrace.parser.errors import Span
from headrace.parser.grammar import CALL, PASS, Rule, Tables
from headrace.parser.lexer import Token

# `action(span, *children)` makes the value of a rule.
Action = Callable[..., Any]

# How many words after a keyword must fit: COLUMN in `ADD COLUMN a INT` against `ADD COLUMN INT` takes two.
LOOK_AHEAD = 2


# Twenty symbols for each of two hundred levels of nesting: the work for one word stays bounded.
MAX_STACK = 4_000


class Overflowed(Exception):
    """The token at `position` is nested too deep."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class Rejected(Exception):
    """The token at `position` fits no rule."""

    def __init__(self, states: list[int], position: int) -> None:
        super().__init__(position)
        self.states = states
        self.position = position


@dataclass(frozen=True, slots=True)
class Automaton:
    """Tables joined to the actions that make values."""

    tables: Tables
    actions: tuple[Action | None, ...]

    @classmethod
    def of(cls, tables: Tables, actions: Mapping[str, Action]) -> "Automaton":
        """Joins rules to actions by name."""
        return cls(tables, tuple(actions[rule.name] if rule.kind == CALL else None for rule in tables.rules))

    def run(self, tokens: Sequence[Token], *, start: str) -> Any:
        """The value of `tokens`, of which the last is the end."""
        rows, rules, actions = self.tables.rows, self.tables.rules, self.actions
        states = [self.tables.starts[start]]
        values: list[Any] = []
        begins: list[int] = []  # the position of the first token of each value
        last = len(tokens) - 1
        for position, token in enumerate(tokens):
            symbol = token.symbol
            if token.keyword and self._is_keyword(states, tokens, position):
                symbol = token.keyword
            while (action := rows[states[-1]].get(symbol)) is not None and action < 0:
                rule = rules[~action]
                size = rule.size
                if size == 0:
                    children, begin = [], position
                elif size == 1 and rule.kind == PASS:
                    states[-1] = rows[states[-2]][rule.symbol]
                    continue
                else:
                    children, begin = values[-size:], begins[-size]
                    del states[-size:], values[-size:], begins[-size:]
                values.append(_value(rule, actions[~action], children, tokens, begin, position))
                begins.append(begin)
                states.append(rows[states[-1]][rule.symbol])
            if action is None:
                raise Rejected(states, position)
            if position == last:
                return values[-1]
            if len(states) > MAX_STACK:
                raise Overflowed(position)
            states.append(action)
            values.append(token)
            begins.append(position)
        raise AssertionError("the last token must be the end")

    def readings(self, tokens: Sequence[Token], *, start: str) -> Iterator[tuple[int, list[int]]]:
        """The symbol that each token is read as and the states before it, up to the first that does not fit."""
        states = [self.tables.starts[start]]
        for position, token in enumerate(tokens):
            is_keyword = token.keyword and self._is_keyword(states, tokens, position)
            symbol = token.keyword if is_keyword else token.symbol
            after = self.advance(states, symbol)
            if after is None or len(after) > MAX_STACK:
                return
            yield symbol, states
            states = after

    def states_after(self, tokens: Sequence[Token], *, start: str) -> list[int] | None:
        """The states after `tokens`, or None where they do not fit."""
        read = list(self.readings(tokens, start=start))
        if len(read) < len(tokens):
            return None
        return self.advance(read[-1][1], read[-1][0]) if read else [self.tables.starts[start]]

    def _is_keyword(self, states: list[int], tokens: Sequence[Token], position: int) -> bool:
        token = tokens[position]
        row = self.tables.rows[states[-1]]
        if token.keyword not in row:
            return False
        if token.symbol not in row:
            return True
        after = self.advance(states, token.keyword)
        if after is None:
            return False
        # a keyword with something wrong behind it is still better than a name that cannot stand here
        return self._fits(after, tokens[position + 1 : position + 1 + LOOK_AHEAD]) or not self.advance(
            states, token.symbol
        )

    def _fits(self, states: list[int], tokens: Sequence[Token]) -> bool:
        """Whether `tokens` may follow, each non-reserved word as a keyword or as a name."""
        if not tokens:
            return True
        token = tokens[0]
        for symbol in (token.keyword or token.symbol, token.symbol):
            after = self.advance(states, symbol)
            if after is not None and self._fits(after, tokens[1:]):
                return True
        return False

    def advance(self, states: list[int], symbol: int) -> list[int] | None:
        """The states after `symbol`, or None where it does not fit."""
        rows, rules = self.tables.rows, self.tables.rules
        after = states.copy()
        while (action := rows[after[-1]].get(symbol)) is not None:
            if action >= 0:
                after.append(action)
                return after
            rule = rules[~action]
            if rule.size:
                del after[-rule.size :]
            after.append(rows[after[-1]][rule.symbol])
        return None

    def follows(self, states: list[int], terminal: str, tokens: Sequence[Token]) -> bool:
        """Whether `terminal` and then `tokens` may follow after `states`."""
        after = self.advance(states, self.tables.numbers[terminal])
        return after is not None and self._fits(after, tokens)

    def expected(self, states: list[int]) -> list[int]:
        """The terminals that really fit after `states` (a row alone may promise more: LALR merges look-aheads)."""
        count = len(self.tables.terminals)
        return [symbol for symbol in self.tables.rows[states[-1]] if symbol < count and self.advance(states, symbol)]


def _value(
    rule: Rule, action: Action | None, values: list[Any], tokens: Sequence[Token], begin: int, position: int
) -> Any:
    if rule.kind == PASS:
        return values[rule.plan[0] // 2]
    children = values if rule.is_plain else _children(rule.plan, values)
    if action is None:
        return children
    first = tokens[begin]
    end = tokens[position - 1].end if begin < position else first.start
    return action(Span(first.line, first.column, first.start, end), *children)


def _children(plan: tuple[int, ...], values: list[Any]) -> list[Any]:
    children: list[Any] = []
    for step in plan:
        if step < 0:
            children.append(None)
        elif step % 2 == 0:
            children.append(values[step // 2])
        elif children:
            children += values[step // 2]
        else:  # the list of a left-recursive rule grows in place, so that n items cost n steps
            children = values[step // 2]
    return children
