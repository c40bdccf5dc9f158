"""Compiled Java patterns, kept for reuse, and Java replacement texts."""

import re
from dataclasses import dataclass
from functools import lru_cache

from headrace.engine.functions.errors import FunctionError
from headrace.engine.functions.java_regex.safety import length_limit
from headrace.engine.functions.java_regex.translate import translate


@dataclass(frozen=True, slots=True)
class Matcher:
    """A compiled pattern and the longest text that it may be given."""

    pattern: re.Pattern[str]
    limit: int

    def on(self, text: str) -> re.Pattern[str]:
        """The pattern, if it is safe on this text."""
        if len(text) > self.limit:
            raise FunctionError(
                f"the pattern may take too long on {len(text)} characters (at most {self.limit}); "
                "avoid repetitions within repetitions"
            )
        return self.pattern


@lru_cache(maxsize=1000)
def matcher(pattern: str) -> Matcher:
    """The matcher of a Java pattern."""
    translated = translate(pattern)
    try:
        return Matcher(re.compile(translated, re.ASCII), length_limit(translated, re.ASCII))
    except (re.error, RecursionError, OverflowError) as error:
        raise FunctionError(f'"{pattern}" is not a regular expression: {error}') from error


@lru_cache(maxsize=1000)
def template(replacement: str, groups: int) -> tuple[str | int, ...]:
    """A Java replacement text (`$1`, `\\$`) as texts and group references."""
    parts: list[str | int] = []
    position = 0
    while position < len(replacement):
        character = replacement[position]
        if character == "\\":
            if position + 1 == len(replacement):
                raise FunctionError(f'replacement "{replacement}" ends with a backslash')
            parts.append(replacement[position + 1])
            position += 2
        elif character == "$":
            reference, position = _reference(replacement, position + 1, groups)
            parts.append(reference)
        else:
            parts.append(character)
            position += 1
    return tuple(parts)


def _reference(replacement: str, position: int, groups: int) -> tuple[int, int]:
    digits = replacement[position : position + 1]
    if not (digits.isascii() and digits.isdigit()):
        raise FunctionError(
            f'replacement "{replacement}" has "$" without a group number; write "\\$" for the sign itself'
        )
    position += 1
    # As in Java, more digits belong to the number only while there is such a group.
    while replacement[position : position + 1].isdigit() and int(digits + replacement[position]) <= groups:
        digits += replacement[position]
        position += 1
    if int(digits) > groups:
        raise FunctionError(f'replacement "{replacement}" refers to group {digits}; the pattern has {groups}')
    return int(digits), position
