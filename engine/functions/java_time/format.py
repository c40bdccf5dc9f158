"""Writing dates and times by a pattern."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from headrace.engine.functions.errors import FunctionError
from headrace.engine.functions.java_time import names
from headrace.engine.functions.java_time.pattern import Element, Field, Literal, Section
from headrace.engine.functions.java_time.zones import LONG_NAMES

DATE_LETTERS = frozenset("GuyDMLdQqYwWEecF")
TIME_LETTERS = frozenset("aBhKkHmsSAnN")
ZONE_LETTERS = frozenset("VvzOXxZ")


@dataclass(frozen=True, slots=True)
class Moment:
    """What a value offers to a pattern: a date, a time of the day, a zone; None for what it does not have."""

    day: date | None = None
    millis: int | None = None
    """Milliseconds of the day."""
    offset: int | None = None
    """Seconds east of UTC."""
    zone_id: str = ""
    zone_name: str = ""


T = TypeVar("T")

Writer = Callable[[Moment], str]


def writer(elements: tuple[Element, ...]) -> Writer:
    """The function that formats moments; it raises FunctionError for fields that a moment does not have."""
    writers = [_element(element) for element in elements]
    return lambda moment: "".join([write(moment) for write in writers])


def _element(element: Element) -> Writer:
    match element:
        case Literal(text):
            return lambda moment: text
        case Field(letter, count, pad):
            write = _field(letter, count)
            return (lambda moment: write(moment).rjust(pad)) if pad else write
        case Section(elements):
            return _section(elements)


def _section(elements: tuple[Element, ...]) -> Writer:
    inner = writer(elements)

    def write(moment: Moment) -> str:
        try:
            return inner(moment)
        except FunctionError:
            return ""

    return write


def _field(letter: str, count: int) -> Writer:
    if letter in DATE_LETTERS:
        write_date = _date_field(letter, count)
        return lambda moment: write_date(_needed(moment.day, letter))
    if letter in TIME_LETTERS:
        write_time = _time_field(letter, count)
        return lambda moment: write_time(_needed(moment.millis, letter))
    if letter in "zVv":
        return lambda moment: _zone(moment, letter, count)
    return lambda moment: offset_text(_needed(moment.offset, letter), letter, count)


def _needed(value: T | None, letter: str) -> T:
    if value is None:
        raise FunctionError(f'the value has no field "{letter}"')
    return value


def _date_field(letter: str, count: int) -> Callable[[date], str]:
    match letter:
        case "y" | "u" | "Y":
            year: Callable[[date], int] = (lambda d: week_date(d)[0]) if letter == "Y" else (lambda d: d.year)
            return (lambda d: f"{year(d) % 100:02}") if count == 2 else (lambda d: f"{year(d):0{count}}")
        case "M" | "L":
            return _named(names.MONTHS, count, lambda d: d.month)
        case "d":
            return lambda d: f"{d.day:0{count}}"
        case "D":
            return lambda d: f"{d.timetuple().tm_yday:0{count}}"
        case "E":
            return _named(names.DAYS, max(count, 3), lambda d: d.isoweekday())
        case "e" | "c":
            # In Java's US locale weeks begin on Sunday.
            sunday_first = (names.DAYS[-1], *names.DAYS[:-1])
            return _named(sunday_first, count, lambda d: d.isoweekday() % 7 + 1)
        case "Q" | "q":
            if count == 3:
                return lambda d: f"Q{(d.month + 2) // 3}"
            return (
                (lambda d: f"{(d.month + 2) // 3:0{count}}")
                if count != 4
                else (lambda d: names.QUARTERS[(d.month - 1) // 3])
            )
        case "w":
            return lambda d: f"{week_date(d)[1]:0{count}}"
        case "W":
            return lambda d: str((d.day + d.replace(day=1).isoweekday() % 7 - 1) // 7 + 1)
        case "F":
            return lambda d: str((d.day - 1) % 7 + 1)
    return lambda d: names.LONG_ERAS[1] if count == 4 else names.ERAS[1][0] if count == 5 else names.ERAS[1]


def _named(full: tuple[str, ...], count: int, number: Callable[[date], int]) -> Callable[[date], str]:
    if count < 3:
        return lambda d: f"{number(d):0{count}}"
    shown = {3: names.short(full), 4: full}.get(count, names.narrow(full))
    return lambda d: shown[number(d) - 1]


def _time_field(letter: str, count: int) -> Callable[[int], str]:
    match letter:
        case "H":
            return lambda ms: f"{ms // 3_600_000:0{count}}"
        case "k":
            return lambda ms: f"{ms // 3_600_000 or 24:0{count}}"
        case "K":
            return lambda ms: f"{ms // 3_600_000 % 12:0{count}}"
        case "h":
            return lambda ms: f"{ms // 3_600_000 % 12 or 12:0{count}}"
        case "m":
            return lambda ms: f"{ms // 60_000 % 60:0{count}}"
        case "s":
            return lambda ms: f"{ms // 1000 % 60:0{count}}"
        case "S":
            return lambda ms: f"{ms % 1000:03}".ljust(count, "0")[:count]
        case "A":
            return lambda ms: f"{ms:0{count}}"
        case "n":
            return lambda ms: f"{ms % 1000 * 1_000_000:0{count}}"
        case "N":
            return lambda ms: f"{ms * 1_000_000:0{count}}"
    return lambda ms: names.HALVES[ms >= 43_200_000]


def week_date(day: date) -> tuple[int, int]:
    """Week-based year and week, by the rule of Java's US locale: weeks begin on Sunday, the first holds January 1."""
    year = day.year
    if year < 9999 and day.toordinal() >= _first_week(year + 1):
        year += 1
    return year, (day.toordinal() - _first_week(year)) // 7 + 1


def _first_week(year: int) -> int:
    first = date(year, 1, 1)
    return first.toordinal() - first.isoweekday() % 7


def offset_text(offset: int, letter: str, count: int) -> str:
    """An offset as the letters X, x, Z and O show it."""
    sign = "-" if offset < 0 else "+"
    hours, minutes, seconds = abs(offset) // 3600, abs(offset) // 60 % 60, abs(offset) % 60
    if letter == "O":
        if offset == 0:
            return "GMT"
        if count == 1:
            return f"GMT{sign}{hours}" + (f":{minutes:02}" if minutes else "")
        return f"GMT{sign}{hours:02}:{minutes:02}"
    if letter == "Z":
        if count < 4:
            return f"{sign}{hours:02}{minutes:02}"
        if count == 4:
            return offset_text(offset, "O", 4)
    if offset == 0 and letter in "XZ":
        return "Z"
    if count == 1 and letter != "Z":
        return f"{sign}{hours:02}" + (f"{minutes:02}" if minutes else "")
    colon = ":" if count in (3, 5) else ""
    text = f"{sign}{hours:02}{colon}{minutes:02}"
    return text + f"{colon}{seconds:02}" if seconds and count in (4, 5) else text


def _zone(moment: Moment, letter: str, count: int) -> str:
    _needed(moment.offset, letter)
    if letter == "V":
        return moment.zone_id
    return LONG_NAMES.get(moment.zone_name, moment.zone_name) if count >= 4 else moment.zone_name
