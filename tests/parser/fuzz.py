"""Statements cut up and put together anew, to see whether the parser keeps its word.

What it must keep: the only exception is ParseError, at a place, within a second; what is read is printed as text that is
read as the same. `python tests/parser/fuzz.py --count 200000` prints one line and exits with 1 where a fault was found.
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from headrace.parser import ParseError, describe, format_statement, highlight, parse, parse_all
from headrace.parser.keywords import KEYWORDS
from headrace.parser.lexer import tokenize
from headrace.parser.statements import Statement

CORPUS = Path(__file__).with_name("corpus.sql")
CONFORMANCE = Path(os.environ.get("HEADRACE_CONFORMANCE") or Path(__file__).resolve().parents[3] / "shared/conformance")
SLOWEST_S = 1.0
SHOWN_FAULTS = 5

Reader = Callable[[str], tuple[list[Statement], list[ParseError]]]
Words = list[str]

_PIECES = [
    *sorted(KEYWORDS),
    *"()[],.;<>=-+*/%'\"`$@!|:~\\\0é",
    *(
        "=>",
        ":=",
        "->",
        "--",
        "/*",
        "*/",
        "${x}",
        "$${x}",
        "1",
        "-1",
        "1e5",
        "1e999",
        ".5",
        "'a'",
        "`b`",
        "x",
        "''",
        "``",
    ),
    *(
        "99999999999999999999",
        "\u2018a\u2019",
        "\ud800",
        "\n",
        "((((((((",
        "STRUCT<",
        "ARRAY<",
        "NOT NOT",
        "- -",
        "[1]",
        "->b",
    ),
]


@dataclass
class Tally:
    """What a run has seen."""

    mutants: int = 0
    read: int = 0
    faults: list[str] = field(default_factory=list)
    slowest_s: float = 0.0


def corpus(folder: Path = CONFORMANCE) -> list[Words]:
    """The statements of corpus.sql and, where they are there, those of the conformance cases, as words."""
    texts = [CORPUS.read_text(encoding="utf-8")]
    for file in sorted([*folder.glob("qtt/*.json"), *folder.glob("rest/*.json")]):
        texts += [text for case in json.loads(file.read_text(encoding="utf-8"))["tests"] for text in case["statements"]]
    return [words for text in texts for words in _statements(text) if len(words) < 200]


def _statements(text: str) -> Iterator[Words]:
    words: Words = []
    for token in tokenize(text):
        if token.text != ";":
            words.append(token.text)
        elif words:
            yield words
            words = []


def mutants(count: int, seed: int, statements: list[Words]) -> Iterator[str]:
    """`count` mutated statements; the same seed and statements give the same mutants."""
    chance = random.Random(seed)
    by_word: dict[str, list[tuple[Words, int]]] = {}
    for words in statements:
        for place, word in enumerate(words):
            by_word.setdefault(word.upper(), []).append((words, place))
    kinds = _kinds(statements)
    for _ in range(count):
        words = list(chance.choice(statements))
        for _ in range(chance.choice((1, 1, 1, 2))):
            words = _mutant(chance, words, by_word, kinds) or ["SHOW"]
        yield " ".join(words) + ";"


def _mutant(
    chance: random.Random, words: Words, by_word: dict[str, list[tuple[Words, int]]], kinds: dict[str, Words]
) -> Words:
    place = chance.randrange(len(words))
    choice = chance.random()
    if choice < 0.45:  # another word of the same kind: mostly a statement
        alike = kinds.get(_kind(words[place]))
        return [*words[:place], chance.choice(alike) if alike else words[place], *words[place + 1 :]]
    if choice < 0.70:  # another statement's end behind the same word: often a statement
        other, there = chance.choice(by_word.get(words[place].upper()) or [(words, place)])
        return [*words[:place], *other[there:]]
    if choice < 0.78:
        return [*words[:place], chance.choice(_PIECES), *words[place + 1 :]]
    if choice < 0.86:
        return [*words[:place], chance.choice(_PIECES), *words[place:]]
    if choice < 0.91:
        return words[:place] + words[place + 1 :]
    if choice < 0.95:
        return [*words[:place], *reversed(words[place : place + 2]), *words[place + 2 :]]
    length = chance.randint(1, 6)  # a part many times over: depth and width
    return [*words[:place], *words[place : place + length] * chance.randint(2, 60), *words[place + length :]]


def _kinds(statements: Iterable[Words]) -> dict[str, Words]:
    kinds: dict[str, Words] = {}
    for words in statements:
        for word in words:
            kinds.setdefault(_kind(word), []).append(word)
    return {kind: sorted(set(words)) for kind, words in kinds.items()}


def _kind(word: str) -> str:
    if word[0] in "'`\"":
        return "text" if word[0] == "'" else "name"
    if word[0].isdigit() or word[0] == ".":
        return "number" if word[0] in "0123456789" else "."
    if word.upper() in KEYWORDS:
        return f"keyword {len(word) % 3}"
    return (
        "name" if word[0].isalpha() else "operator" if word in ("+", "-", "*", "/", "%", "||", "=", "<", ">") else word
    )


def fault(text: str, read: Reader = parse_all) -> tuple[str | None, int]:
    """What is wrong with how `text` is read, if anything, and how many statements it was read as."""
    try:
        statements, errors = read(text)
        if any(type(error) is not ParseError or error.span is None for error in errors):
            return f"no place: {text!r}", 0
        if any(not describe(error, text) or not error.ksql_message for error in errors):
            return f"no words: {text!r}", 0
        highlight(text)
        if any(parse(format_statement(statement) + ";", limit=None) != [statement] for statement in statements):
            return f"does not round-trip: {text!r}", 0
    except Exception as error:  # whatever it is, it is what is looked for
        return f"{error!r}: {text!r}", 0
    return None, len(statements)


def run(count: int, seed: int, statements: list[Words], read: Reader = parse_all) -> Tally:
    """Read `count` mutants."""
    tally = Tally()
    for text in mutants(count, seed, statements):
        start = time.perf_counter()
        found, read_count = fault(text, read)
        taken = time.perf_counter() - start
        tally.mutants += 1
        tally.read += read_count > 0
        tally.slowest_s = max(tally.slowest_s, taken)
        if found is None and taken > SLOWEST_S:
            found = f"took {taken:.2f} s: {text[:200]!r}"
        if found is not None:
            tally.faults.append(found)
    return tally


def read_with_planted_crash(text: str) -> tuple[list[Statement], list[ParseError]]:
    """A reader that crashes at one rare form: a run that finds nothing in it would find nothing anywhere."""
    statements, errors = parse_all(text)
    for statement in statements:
        if statement.text.count("->") > 2:
            raise KeyError("planted")
    return statements, errors


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    statements = corpus()
    start = time.perf_counter()
    tally = run(arguments.count, arguments.seed, statements)
    planted = run(min(arguments.count, 5_000), arguments.seed, statements, read_with_planted_crash)
    for found in tally.faults[:SHOWN_FAULTS]:
        print(found[:1_000], file=sys.stderr)
    print(
        f"parser fuzz: {tally.mutants} mutants of {len(statements)} statements (seed {arguments.seed}), {tally.read} parsed, "
        f"{len(tally.faults)} faults, slowest {tally.slowest_s:.3f} s, planted crash found {len(planted.faults)} times, "
        f"{time.perf_counter() - start:.0f} s"
    )
    return 0 if not tally.faults and planted.faults else 1


if __name__ == "__main__":
    sys.exit(main())
