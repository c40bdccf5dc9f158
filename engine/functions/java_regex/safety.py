"""Which patterns may take exponential time, and how long a text each may be given.

Python's `re` backtracks and cannot be interrupted, so a pattern is judged before it runs: where an endless repetition is
nested in another one and nothing that must stand between them tells where one ends, work may double with every character.
Such patterns get short texts only; the more endless repetitions another pattern has, the shorter its texts.
"""

import re
from collections.abc import Iterable, Iterator
from re import _constants as sre
from re import _parser
from typing import Any

EXPONENTIAL_LIMIT = 20
"""Longest text (characters) for a pattern that may take exponential time: about 2^20 steps, some milliseconds."""

LENGTH_LIMITS = (1_000_000, 200_000, 10_000, 10_000, 2_000)
"""Longest text (characters) by the number of endless repetitions; the last one holds for more."""

FEW, MANY = 8, 100
"""Up to how many times a repetition is harmless even if ambiguous; from how many on it counts as endless."""

_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)
_SAMPLES = [*map(chr, range(128)), "é", "ß", "中", "\u2028", "😀"]


def length_limit(pattern: str, flags: int) -> int:
    """The longest text that the (Python) pattern may be matched against."""
    tree = _parser.parse(pattern, flags)
    repetitions = list(_repetitions(tree))
    if any(most > FEW and _is_ambiguous(body) for most, body in repetitions):
        return EXPONENTIAL_LIMIT
    endless = sum(most > MANY for most, _ in repetitions)
    return LENGTH_LIMITS[min(endless, len(LENGTH_LIMITS) - 1)]


def _repetitions(tree: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    """Most times and body of all repetitions (possessive ones do not backtrack and do not count)."""
    for operator, argument in tree:
        if operator in _REPEATS:
            yield int(argument[1]), argument[2]
        for child in _children(operator, argument):
            yield from _repetitions(child)


def _children(operator: Any, argument: Any) -> list[Any]:
    if operator in (*_REPEATS, sre.POSSESSIVE_REPEAT):
        return [argument[2]]
    if operator is sre.SUBPATTERN:
        return [argument[3]]
    if operator is sre.BRANCH:
        return list(argument[1])
    if operator in (sre.ASSERT, sre.ASSERT_NOT):
        return [argument[1]]
    return [argument] if operator is sre.ATOMIC_GROUP else []


def _is_ambiguous(body: Any) -> bool:
    """Whether a text may be cut into repetitions of the body in several ways."""
    for sequence in _alternatives(body):
        for index, (operator, argument) in enumerate(sequence):
            if operator in _REPEATS and argument[0] != argument[1]:
                others = sequence[:index] + sequence[index + 1 :]
                if not any(_separates(item, argument[2]) for item in others):
                    return True
    return _branches_overlap(body)


def _alternatives(body: Any) -> list[list[Any]]:
    """The sequences that the body stands for, groups and alternatives opened."""
    sequences: list[list[Any]] = [[]]
    for operator, argument in body:
        if operator is sre.SUBPATTERN:
            inner = _alternatives(argument[3])
        elif operator is sre.BRANCH:
            inner = [sequence for branch in argument[1] for sequence in _alternatives(branch)]
        else:
            inner = [[(operator, argument)]]
        if len(sequences) * len(inner) > 256:
            return [[(sre.MAX_REPEAT, (0, sre.MAXREPEAT, body))]]  # too many to look at: take it for ambiguous
        sequences = [before + after for before in sequences for after in inner]
    return sequences


def _separates(item: Any, repeated: Any) -> bool:
    """Whether the item must match a character that the repeated body cannot."""
    own = _characters([item])
    return bool(own) and not own & _characters(repeated)


def _branches_overlap(body: Any) -> bool:
    first = [_first(sequence) for sequence in _alternatives(body)]
    return any(a & b for i, a in enumerate(first) for b in first[i + 1 :])


def _first(sequence: list[Any]) -> set[str]:
    found: set[str] = set()
    for operator, argument in sequence:
        found |= _characters([(operator, argument)])
        if not (operator in _REPEATS and argument[0] == 0):
            break
    return found


def _characters(items: Iterable[Any]) -> set[str]:
    """The sample characters that the items can match; nothing for what may match no character."""
    found: set[str] = set()
    for operator, argument in items:
        match operator:
            case sre.LITERAL:
                found |= {chr(argument)}
            case sre.NOT_LITERAL:
                found |= {c for c in _SAMPLES if c != chr(argument)}
            case sre.ANY:
                found |= set(_SAMPLES)
            case sre.IN:
                found |= {c for c in _SAMPLES if _in_set(c, argument)}
            case sre.MAX_REPEAT | sre.MIN_REPEAT | sre.POSSESSIVE_REPEAT:
                found |= _characters(argument[2]) if argument[0] > 0 else set()
            case _:
                for child in _children(operator, argument):
                    found |= _characters(child)
    return found


def _in_set(character: str, members: Any) -> bool:
    inside = False
    for operator, argument in members:
        match operator:
            case sre.LITERAL:
                inside = inside or argument == ord(character)
            case sre.RANGE:
                inside = inside or argument[0] <= ord(character) <= argument[1]
            case sre.CATEGORY:
                inside = inside or bool(re.match(_CATEGORIES[argument], character, re.ASCII))
    return inside != any(operator is sre.NEGATE for operator, _ in members)


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}
