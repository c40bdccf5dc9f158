"""The grammar: readable .lark documents, and the tables made from them.

Law: reading the tables needs neither lark nor pickle; they are one JSON file, loaded at the first parse.
"""

import json
import os
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

PASS, GATHER, CALL = 0, 1, 2


class Rule(NamedTuple):
    """One alternative of the grammar: what it reduces to, how many symbols it takes, how its value is made."""

    symbol: int
    size: int
    kind: int
    name: str
    plan: tuple[int, ...]
    is_plain: bool
    """Whether the plan is simply "every child"."""


@dataclass(frozen=True, slots=True)
class Tables:
    """An LALR(1) automaton: `rows[state][symbol]` is the next state, or the complement of a rule's number."""

    patterns: tuple[tuple[str, str], ...]
    literals: dict[str, int]
    terminals: tuple[str, ...]
    rules: tuple[Rule, ...]
    rows: tuple[dict[int, int], ...]
    starts: dict[str, int]
    numbers: dict[str, int]
    """Terminal names to symbols."""


@cache
def load() -> Tables:
    """The tables that `headrace.parser.grammar.build` has made."""
    with open(os.path.join(os.path.dirname(__file__), "tables.json"), encoding="utf-8") as file:
        raw = json.load(file)
    rows = [dict(zip(row[::2], row[1::2])) for row in raw["rows"]]
    terminals = tuple(raw["terminals"])
    return Tables(
        patterns=tuple((name, pattern) for name, pattern in raw["patterns"]),
        literals=raw["literals"],
        terminals=terminals,
        rules=tuple(
            Rule(symbol, size, kind, name, tuple(plan), plan == list(range(0, 2 * size, 2)))
            for symbol, size, kind, name, plan in raw["rules"]
        ),
        rows=tuple(rows[number] for number in raw["states"]),
        starts=raw["starts"],
        numbers={name: number for number, name in enumerate(terminals)},
    )
