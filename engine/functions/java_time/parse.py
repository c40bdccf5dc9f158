"""Reading text by a pattern: what the text says of each field.

The law: numbers are as wide as the pattern says (`yyyy` four digits and more, `MM` exactly two), a field that can be
wider leaves the digits of the fields right after it alone, and the whole text must be read.
"""

import re
from collections.abc import Callable, Sequence
from datetime import tzinfo

from headrace.engine.functions.errors import FunctionError
from headrace.engine.functions.java_time import names
from headrace.engine.functions.java_time.pattern import Element, Field, Literal, Section
from headrace.engine.functions.java_time.zones import ABBREVIATIONS, zone_of

Fields = dict[str, int]
"""What was read, by letter; the zone comes apart."""

MAX_DIGITS = 19
_ZONE_TEXT = re.compile(r"[A-Za-z][A-Za-z0-9_+\-/:]*|[+-]\d{2}:?\d{2}|[+-]\d{1,2}")
_OFFSET = re.compile(r"([+-])(\d{2}):?(?:(\d{2}):?(?:(\d{2}))?)?")
_NAMED = {
    "M": names.MONTHS,
    "L": names.MONTHS,
    "E": names.DAYS,
    "a": names.HALVES,
    "G": names.ERAS,
}


class Reading:
    """A text being read."""

    __slots__ = ("fields", "ignore_case", "position", "text", "zone")

    def __init__(self, text: str, *, ignore_case: bool) -> None:
        self.text = text
        self.position = 0
        self.fields: Fields = {}
        self.zone: tzinfo | None = None
        self.ignore_case = ignore_case

    def matches(self, expected: str) -> bool:
        """Whether the text goes on with `expected`."""
        found = self.text[self.position : self.position + len(expected)]
        return found == expected or (self.ignore_case and found.lower() == expected.lower())

    def refuse(self) -> FunctionError:
        """The error that the text does not fit here."""
        return FunctionError(f'text "{self.text}" does not fit the pattern at index {self.position}')


Reader = Callable[[Reading], None]


def reader(elements: tuple[Element, ...]) -> Reader:
    """The function that reads text by these elements; it raises FunctionError where the text does not fit."""
    readers = [_element(element, elements[index + 1 :]) for index, element in enumerate(elements)]

    def read(reading: Reading) -> None:
        for step in readers:
            step(reading)

    return read


def read_all(read: Reader, text: str, *, ignore_case: bool = False) -> Reading:
    """Read a whole text."""
    reading = Reading(text, ignore_case=ignore_case)
    read(reading)
    if reading.position < len(text):
        raise reading.refuse()
    return reading


def _element(element: Element, following: Sequence[Element]) -> Reader:
    match element:
        case Literal(expected):
            return lambda reading: _literal(reading, expected)
        case Section(inner):
            return _optional(reader(inner))
        case Field(letter, count, pad):
            read = _field(letter, count, following)
            return _skipping_blanks(read) if pad else read


def _literal(reading: Reading, expected: str) -> None:
    if not reading.matches(expected):
        raise reading.refuse()
    reading.position += len(expected)


def _optional(inner: Reader) -> Reader:
    def read(reading: Reading) -> None:
        position, fields, zone = reading.position, dict(reading.fields), reading.zone
        try:
            inner(reading)
        except FunctionError:
            reading.position, reading.fields, reading.zone = position, fields, zone

    return read


def _skipping_blanks(inner: Reader) -> Reader:
    def read(reading: Reading) -> None:
        while reading.text[reading.position : reading.position + 1] == " ":
            reading.position += 1
        inner(reading)

    return read


def _field(letter: str, count: int, following: Sequence[Element]) -> Reader:
    if letter in _NAMED and (count >= 3 or letter in "aGE"):
        return lambda reading: _name(reading, letter, count)
    if letter in "zVv":
        return _zone
    if letter in "XxZO":
        return lambda reading: _offset(reading, letter)
    if letter == "S":
        return lambda reading: _fraction(reading, count)
    widths = width(letter, count)
    if widths is None:
        raise FunctionError(f'"{letter * count}" cannot be parsed')
    least, most = widths
    reserved = _reserved(following)
    reduced = letter in "yuY" and count == 2
    return lambda reading: _number(reading, letter, least, most, reserved, reduced=reduced)


def width(letter: str, count: int) -> tuple[int, int] | None:
    """Fewest and most digits of a numeric field; None for one that is no number."""
    if letter in "yuY":
        return (2, 2) if count == 2 else (count, MAX_DIGITS)
    if letter == "S":
        return count, count
    if letter == "D":
        return count, (MAX_DIGITS, 3, 3)[count - 1]
    if letter in "AnN":
        return count, MAX_DIGITS
    if letter in "MLdHhkKmsQqwWFec" and count <= 2:
        return (1, MAX_DIGITS) if count == 1 else (2, 2)
    return None


def _reserved(following: Sequence[Element]) -> int:
    """How many digits belong to the fixed-width fields right after a field."""
    digits = 0
    for element in following:
        widths = width(element.letter, element.count) if isinstance(element, Field) else None
        if widths is None or widths[0] != widths[1]:
            break
        digits += widths[0]
    return digits


def _number(reading: Reading, letter: str, least: int, most: int, reserved: int, *, reduced: bool) -> None:
    text, start = reading.text, reading.position
    negative = letter in "uy" and not reduced and text[start : start + 1] == "-"
    signed = negative or (letter in "uy" and least >= 4 and text[start : start + 1] == "+")
    start += signed
    end = start
    while end < len(text) and end - start < most + reserved and "0" <= text[end] <= "9":
        end += 1
    if least != most:
        end = max(end - reserved, start + least)
    end = min(end, start + most)
    digits = text[start:end]
    if len(digits) < least or not digits.isdigit():
        raise reading.refuse()
    value = int(digits)
    reading.fields[letter] = -value if negative else 2000 + value if reduced else value
    reading.position = end


def _fraction(reading: Reading, count: int) -> None:
    digits = reading.text[reading.position : reading.position + count]
    if len(digits) < count or not (digits.isascii() and digits.isdigit()):
        raise reading.refuse()
    reading.fields["S"] = int(digits.ljust(9, "0")[:3])
    reading.position += count


def _name(reading: Reading, letter: str, count: int) -> None:
    full = _NAMED[letter]
    shown = full if count == 4 or letter in "aG" else names.short(full)
    for number, name in enumerate(shown):
        if reading.matches(name):
            reading.fields[letter] = number + (letter in "MLE")
            reading.position += len(name)
            return
    raise reading.refuse()


def _zone(reading: Reading) -> None:
    found = _ZONE_TEXT.match(reading.text, reading.position)
    if found is None:
        raise reading.refuse()
    reading.zone = zone_of(ABBREVIATIONS.get(found[0].upper(), found[0]))
    reading.position = found.end()


def _offset(reading: Reading, letter: str) -> None:
    if letter == "O" or reading.matches("GMT"):
        _literal(reading, "GMT")
    elif reading.matches("Z"):
        reading.position += 1
        reading.zone = zone_of("UTC")
        return
    found = _OFFSET.match(reading.text, reading.position)
    if found is None and letter == "O":
        reading.zone = zone_of("UTC")
        return
    if found is None:
        raise reading.refuse()
    reading.zone = zone_of(found[0])
    reading.position = found.end()
