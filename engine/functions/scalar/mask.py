"""Functions that hide text: letters, digits and other characters are replaced class by class.

A mask of NULL keeps the characters of its class.
"""

from headrace.engine.functions.definition import Family
from headrace.engine.functions.errors import FunctionError

family = Family("STRING")

_MASKS = "upper STRING, lower STRING, digit STRING, other STRING"


@family.scalar(
    "MASK(input STRING) -> STRING",
    f"MASK(input STRING, {_MASKS}) -> STRING",
    null_strict=False,
    examples=(("MASK('My Test $123')", "Xx-Xxxx--nnn"), ("MASK('aB1', NULL, 'q', NULL, NULL)", "qB1")),
)
def mask(
    text: str | None, upper: str | None = "X", lower: str | None = "x", digit: str | None = "n", other: str | None = "-"
) -> str | None:
    """Hides a text by replacing its letters, digits and other characters."""
    return None if text is None else _masked(text, upper, lower, digit, other)


@family.scalar(
    "MASK_LEFT(input STRING, numChars INT) -> STRING",
    f"MASK_LEFT(input STRING, numChars INT, {_MASKS}) -> STRING",
    null_strict=False,
    examples=(("MASK_LEFT('My Test $123', 4)", "Xx-Xest $123"),),
)
def mask_left(
    text: str | None,
    count: int | None,
    upper: str | None = "X",
    lower: str | None = "x",
    digit: str | None = "n",
    other: str | None = "-",
) -> str | None:
    """Hides a number of characters at the left of a text."""
    count = _checked(count)
    return None if text is None else _masked(text[:count], upper, lower, digit, other) + text[count:]


@family.scalar(
    "MASK_RIGHT(input STRING, numChars INT) -> STRING",
    f"MASK_RIGHT(input STRING, numChars INT, {_MASKS}) -> STRING",
    null_strict=False,
    examples=(("MASK_RIGHT('My Test $123', 4)", "My Test -nnn"),),
)
def mask_right(
    text: str | None,
    count: int | None,
    upper: str | None = "X",
    lower: str | None = "x",
    digit: str | None = "n",
    other: str | None = "-",
) -> str | None:
    """Hides a number of characters at the right of a text."""
    count = _checked(count)
    if text is None:
        return None
    start = max(len(text) - count, 0)
    return text[:start] + _masked(text[start:], upper, lower, digit, other)


@family.scalar(
    "MASK_KEEP_LEFT(input STRING, numChars INT) -> STRING",
    f"MASK_KEEP_LEFT(input STRING, numChars INT, {_MASKS}) -> STRING",
    null_strict=False,
    examples=(("MASK_KEEP_LEFT('My Test $123', 4)", "My Txxx--nnn"),),
)
def mask_keep_left(
    text: str | None,
    count: int | None,
    upper: str | None = "X",
    lower: str | None = "x",
    digit: str | None = "n",
    other: str | None = "-",
) -> str | None:
    """Hides a text except for a number of characters at its left."""
    count = _checked(count)
    return None if text is None else text[:count] + _masked(text[count:], upper, lower, digit, other)


@family.scalar(
    "MASK_KEEP_RIGHT(input STRING, numChars INT) -> STRING",
    f"MASK_KEEP_RIGHT(input STRING, numChars INT, {_MASKS}) -> STRING",
    null_strict=False,
    examples=(("MASK_KEEP_RIGHT('My Test $123', 4)", "Xx-Xxxx-$123"),),
)
def mask_keep_right(
    text: str | None,
    count: int | None,
    upper: str | None = "X",
    lower: str | None = "x",
    digit: str | None = "n",
    other: str | None = "-",
) -> str | None:
    """Hides a text except for a number of characters at its right."""
    count = _checked(count)
    if text is None:
        return None
    start = max(len(text) - count, 0)
    return _masked(text[:start], upper, lower, digit, other) + text[start:]


def _masked(text: str, upper: str | None, lower: str | None, digit: str | None, other: str | None) -> str:
    for character in (upper, lower, digit, other):
        if character is not None and len(character) != 1:
            raise FunctionError(f'a mask must be one character, got "{character}"')

    def hidden(character: str) -> str:
        if character.isupper() or character.istitle():
            chosen = upper
        elif character.islower():
            chosen = lower
        elif character.isdecimal():
            chosen = digit
        else:
            chosen = other
        return character if chosen is None else chosen

    return "".join(map(hidden, text))


def _checked(count: int | None) -> int:
    if count is None or count < 0:
        raise FunctionError(f"the number of characters must not be negative, got {count}")
    return count
