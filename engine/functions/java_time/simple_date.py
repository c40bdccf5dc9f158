"""PARSE_DATE's parser: ksqlDB reads dates with Java's `SimpleDateFormat`.

It differs from `DateTimeFormatter`: numbers may have any number of digits unless another number follows directly, names
may be short or long in any case, days and months beyond their range roll over, and text after the pattern is ignored.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from headrace.engine.functions.errors import FunctionError
from headrace.engine.functions.java_time import names
from headrace.engine.functions.java_time.parse import Reading
from headrace.engine.functions.java_time.pattern import Element, Field, Literal, read_pattern
from headrace.engine.functions.java_time.zones import ABBREVIATIONS, zone_of

_DIGITS = re.compile(r"[+-]?\d+")
_ZONE = re.compile(r"[A-Za-z][A-Za-z_/]*(?:[+-]\d{1,2}:\d{2})?|[+-]\d{2}:?(?:\d{2})?")
_TEXTS = {"M": names.MONTHS, "L": names.MONTHS, "E": names.DAYS, "a": names.HALVES, "G": names.ERAS}
_EPOCH_DAY = date(1970, 1, 1).toordinal()

Fields = dict[str, int]


def parse_simple_date(text: str, pattern: str) -> int:
    """Days since the epoch; raises FunctionError."""
    elements = _elements(pattern)
    reading = Reading(text, ignore_case=True)
    for index, element in enumerate(elements):
        _read(reading, element, elements[index + 1 :])
    fields = reading.fields
    hours = fields.get("H", fields.get("k", 0) % 24) or fields.get("h", fields.get("K", 0)) % 12 + 12 * fields.get(
        "a", 0
    )
    if hours or any(fields.get(letter) for letter in "msS") or reading.zone not in (None, zone_of("UTC")):
        raise FunctionError(f'"{text}" is more than a date: it has a time')
    return _days(fields)


@lru_cache(maxsize=1000)
def _elements(pattern: str) -> tuple[Element, ...]:
    return read_pattern(pattern.replace("[", "'['").replace("]", "']'"))


def _read(reading: Reading, element: Element, following: Sequence[Element]) -> None:
    match element:
        case Literal(text):
            if not reading.text.startswith(text, reading.position):
                raise reading.refuse()
            reading.position += len(text)
        case Field(letter, _, _) if letter in "zZX":
            found = _ZONE.match(reading.text, reading.position)
            if found is None:
                raise reading.refuse()
            reading.zone = zone_of(ABBREVIATIONS.get(found[0].upper(), found[0]))
            reading.position = found.end()
        case Field(letter, count, _):
            if letter in _TEXTS and (count >= 3 or letter in "EaG"):
                _name(reading, letter)
            else:
                _number(reading, letter, count, following)
        case _:
            raise reading.refuse()


def _number(reading: Reading, letter: str, count: int, following: Sequence[Element]) -> None:
    while reading.text[reading.position : reading.position + 1] in (" ", "\t"):
        reading.position += 1
    found = _DIGITS.match(reading.text, reading.position)
    if found is None:
        raise reading.refuse()
    digits = found[0]
    if following and isinstance(following[0], Field) and following[0].letter not in "EaGzZX":
        digits = digits[:count]
    value = int(digits)
    if letter in "yY" and count <= 2 and len(digits) == 2 and digits.isdigit():
        value += 2000
    reading.fields[letter] = value
    reading.position += len(digits)


def _name(reading: Reading, letter: str) -> None:
    full = _TEXTS[letter]
    for shown in (full, names.short(full)):
        for number, name in enumerate(shown):
            if reading.matches(name):
                reading.fields[letter] = number + (letter in "ML")
                reading.position += len(name)
                return
    raise reading.refuse()


def _days(fields: Fields) -> int:
    months = fields.get("M", fields.get("L", 1)) - 1
    year = fields.get("y", fields.get("Y", 1970)) + months // 12
    if fields.get("G") == 0:
        year = 1 - year
    if not 1 <= year <= 9999:
        raise FunctionError(f"year {year} is outside 1 to 9999")
    first = date(year, 1 if "D" in fields else months % 12 + 1, 1).toordinal() - _EPOCH_DAY
    return first + fields.get("D", fields.get("d", 1)) - 1
