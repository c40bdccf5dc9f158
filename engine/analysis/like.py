"""LIKE: `%` is any run and `_` any one character, neither of which crosses a line; the whole text must match."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal

_ANY = "[^\n\r\u0085\u2028\u2029]"


class LikeError(ValueError):
    """A pattern that means nothing."""


def like(value: str, pattern: str, escape: str | None) -> bool:
    """Whether the text matches the pattern; raises LikeError for a pattern that ends in its escape character."""
    return like_matcher(pattern, escape)(value) is not None


@lru_cache(maxsize=512)
def like_matcher(pattern: str, escape: str | None) -> Callable[[str], re.Match[str] | None]:
    """The function that matches texts with the pattern."""
    return re.compile("".join(_expressions(pattern, escape))).fullmatch


def simple_form(pattern: str, escape: str | None) -> tuple[Literal["contains", "starts", "ends"], str] | None:
    """What `%text%`, `text%` and `%text` ask of a text without line ends, which is much cheaper to see than to match."""
    text = pattern.strip("%")
    if not text or escape is not None or "%" in text or "_" in text:
        return None
    match (pattern[0] == "%", pattern[-1] == "%"):
        case (True, True):
            return "contains", text
        case (False, True):
            return "starts", text
        case (True, False):
            return "ends", text
    return None


def _expressions(pattern: str, escape: str | None) -> Iterator[str]:
    characters = iter(pattern)
    for character in characters:
        if character == escape:
            following = next(characters, None)
            if following is None:
                raise LikeError(f'LIKE pattern "{pattern}" must not end in its escape character')
            yield re.escape(following)
        elif character == "%":
            yield _ANY + "*"
        elif character == "_":
            yield _ANY
        else:
            yield re.escape(character)
