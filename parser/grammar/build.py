"""Compile the .lark documents into tables.json: `python -m headrace.parser.grammar.build`.

Law: the tables are plain data and depend on the documents alone (states and rules are numbered in an order of their own, not
in the order that sets happen to have), so that "stale" can be tested by building again.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lark import Lark
from lark.grammar import NonTerminal, Rule, Symbol, Terminal
from lark.lexer import Lexer
from lark.parsers.lalr_analysis import Shift

DOCUMENTS = ("lexical", "types", "expressions", "queries", "statements")
STARTS = ("statement", "expression", "type", "column_list")
FOLDER = Path(__file__).parent
TABLES = FOLDER / "tables.json"

# How the value of a rule comes from the values of its symbols.
PASS, GATHER, CALL = 0, 1, 2

Row = dict[str, tuple[Any, Any]]


class _NoLexer(Lexer):
    """Tells lark that tokens come from elsewhere (headrace.parser.lexer)."""

    def __init__(self, _configuration: object) -> None:
        pass

    def lex(self, _lexer_state: object, _parser_state: object) -> Iterator[Any]:
        return iter(())


def document() -> str:
    """The five documents as one grammar."""
    return "\n".join((FOLDER / f"{name}.lark").read_text(encoding="utf-8") for name in DOCUMENTS)


def build(text: str) -> dict[str, Any]:
    """Everything that the reader needs of a grammar, as JSON-able data."""
    lark = Lark(text, parser="lalr", lexer=_NoLexer, strict=True, maybe_placeholders=True, start=list(STARTS))
    table = lark.parser.parser._parse_table  # lark has no public name for it
    # lark stops when it reaches an end state; here the end of the text is a token that such a state takes.
    accepting: dict[int, Row] = {end: {**table.states[end], "$END": (Shift, end)} for end in table.end_states.values()}
    states: dict[int, Row] = {**table.states, **accepting}
    order = _state_order(states, [table.start_states[start] for start in STARTS])
    terminals = sorted({symbol for row in states.values() for symbol in row if symbol.isupper()})
    rules = sorted(
        {rule for row in states.values() for action, rule in row.values() if action is not Shift}, key=_rule_key
    )
    nonterminals = sorted({rule.origin.name for rule in rules})
    symbols = {name: number for number, name in enumerate([*terminals, *nonterminals])}
    rule_numbers = {rule: number for number, rule in enumerate(rules)}
    rows = [_row(states[state], symbols, order, rule_numbers) for state in order]
    unique = {tuple(row): None for row in rows}
    row_numbers = {row: number for number, row in enumerate(unique)}
    return {
        "patterns": _patterns(lark, text),
        "literals": {t.pattern.value: symbols[t.name] for t in lark.terminals if t.pattern.type == "str"},
        "terminals": terminals,
        "rules": [_rule(rule, symbols) for rule in rules],
        "rows": [list(row) for row in unique],
        "states": [row_numbers[tuple(row)] for row in rows],
        "starts": {start: order[table.start_states[start]] for start in STARTS},
    }


def _state_order(states: Mapping[int, Row], starts: list[int]) -> dict[int, int]:
    """Numbers states in the order of a walk from the starts, symbols in alphabetical order."""
    order: dict[int, int] = {}
    queue = list(starts)
    for state in queue:
        if state in order:
            continue
        order[state] = len(order)
        row = states[state]
        queue += [row[symbol][1] for symbol in sorted(row) if row[symbol][0] is Shift]
    return order


def _row(row: Row, symbols: Mapping[str, int], order: Mapping[int, int], rules: Mapping[Rule, int]) -> list[int]:
    """A state's actions, flat: symbol, then the next state or the complement of a rule's number."""
    flat: list[int] = []
    for symbol in sorted(row, key=symbols.__getitem__):
        action, argument = row[symbol]
        flat += [symbols[symbol], order[argument] if action is Shift else ~rules[argument]]
    return flat


def _rule_key(rule: Rule) -> tuple[str, int, str]:
    return (rule.origin.name, rule.order, " ".join(symbol.name for symbol in rule.expansion))


def _rule(rule: Rule, symbols: Mapping[str, int]) -> list[Any]:
    """`[symbol, size, kind, name, plan]`; a plan lists children: 2 * i, 2 * i + 1 to splice a list in, -1 for None."""
    plan = _plan(rule)
    name = rule.alias or rule.origin.name
    if rule.origin.name.startswith("_"):
        kind = GATHER
    elif rule.options.expand1 and not rule.alias:
        assert len(plan) == 1, f"{name}: an alternative of several parts needs a name"
        assert plan[0] % 2 == 0, f"{name}: an alternative that is a list needs a name"
        kind = PASS
    else:
        kind = CALL
    return [symbols[rule.origin.name], len(rule.expansion), kind, name, plan]


def _plan(rule: Rule) -> list[int]:
    plan: list[int] = []
    children = list(enumerate(rule.expansion))
    for is_absent in rule.options.empty_indices or [False] * len(children):
        if is_absent:
            plan.append(-1)
            continue
        index, symbol = children.pop(0)
        plan += _child(rule, index, symbol)
    return plan + [step for index, symbol in children for step in _child(rule, index, symbol)]


def _child(rule: Rule, index: int, symbol: Symbol) -> list[int]:
    if isinstance(symbol, Terminal):
        return [2 * index] if rule.options.keep_all_tokens or not symbol.filter_out else []
    assert isinstance(symbol, NonTerminal)
    return [2 * index + symbol.name.startswith("_")]


def _patterns(lark: Lark, text: str) -> list[list[str]]:
    """The regular expressions of the lexical document, in its order."""
    patterns = [[t.name, t.pattern.value] for t in lark.terminals if t.pattern.type == "re"]
    return sorted(patterns, key=lambda pattern: text.index(f"\n{pattern[0]}: "))


def dump(tables: Mapping[str, Any]) -> str:
    """The text of tables.json: one entry of each list a line, so that a diff can be read."""
    parts = []
    for key, value in tables.items():
        if isinstance(value, list) and key in ("rows", "rules", "patterns"):
            lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in value)
            parts.append(f"{json.dumps(key)}:[\n{lines}\n]")
        else:
            parts.append(f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'), sort_keys=key == 'literals')}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Write tables.json anew."""
    TABLES.write_text(dump(build(document())), encoding="utf-8")


if __name__ == "__main__":
    main()
