"""From the fields that were read to a date and a time of the day.

The law (Java's "smart" resolving): every field must be in its range, but a day after the end of its month is the last.
"""

from calendar import monthrange
from datetime import date, timedelta

from headrace.engine.functions.errors import FunctionError
from headrace.engine.functions.java_time.format import week_date
from headrace.engine.functions.java_time.parse import Fields

_RANGES = {
    "M": (1, 12),
    "d": (1, 31),
    "D": (1, 366),
    "H": (0, 23),
    "k": (1, 24),
    "K": (0, 11),
    "h": (1, 12),
    "m": (0, 59),
    "s": (0, 59),
}


def resolve_date(fields: Fields, *, default: date | None) -> date:
    """The date; parts that are missing come from `default`, where there is one."""
    _check(fields)
    if "Y" in fields and "w" in fields:
        return _week(fields)
    year = fields.get("u", fields.get("y", default.year if default else None))
    if "G" in fields and year is not None and fields["G"] == 0:
        year = 1 - year
    if year is not None and "D" in fields:
        return _checked(fields, _day(year, 1, 1) + timedelta(days=fields["D"] - 1))
    month = fields.get("M", fields.get("L", default.month if default else None))
    day = fields.get("d", default.day if default else None)
    if year is None or month is None or day is None:
        raise FunctionError("the text does not say all of year, month and day")
    return _checked(fields, _day(year, month, day))


def resolve_time(fields: Fields, *, required: bool) -> int:
    """Milliseconds of the day; without a required hour, midnight counts."""
    _check(fields)
    if "A" in fields:
        return fields["A"]
    if "N" in fields:
        return fields["N"] // 1_000_000
    hour = _hour(fields)
    if hour is None:
        if required:
            raise FunctionError("the text does not say the hour")
        hour = 0
    millis = fields["n"] // 1_000_000 if "n" in fields else fields.get("S", 0)
    return ((hour * 60 + fields.get("m", 0)) * 60 + fields.get("s", 0)) * 1000 + millis


def _hour(fields: Fields) -> int | None:
    if "H" in fields:
        return fields["H"]
    if "k" in fields:
        return fields["k"] % 24
    half = 12 * fields.get("a", 0)
    if "h" in fields:
        return fields["h"] % 12 + half
    return fields["K"] + half if "K" in fields else None


def _check(fields: Fields) -> None:
    for letter, (low, high) in _RANGES.items():
        if letter in fields and not low <= fields[letter] <= high:
            raise FunctionError(f'{fields[letter]} is out of range for "{letter}" ({low} to {high})')


def _day(year: int, month: int, day: int) -> date:
    if not 1 <= year <= 9999:
        raise FunctionError(f"year {year} is outside 1 to 9999")
    return date(year, month, min(day, monthrange(year, month)[1]))


def _week(fields: Fields) -> date:
    start = _day(fields["Y"], 1, 1)
    first = start - timedelta(days=start.isoweekday() % 7)
    weekday = fields["E"] % 7 if "E" in fields else fields.get("e", fields.get("c", 1)) - 1
    found = first + timedelta(days=7 * (fields["w"] - 1) + weekday)
    if week_date(found)[1] != fields["w"]:
        raise FunctionError(f"week {fields['w']} is not in {fields['Y']}")
    return found


def _checked(fields: Fields, day: date) -> date:
    if "E" in fields and day.isoweekday() != fields["E"]:
        raise FunctionError(f"{day} is not the day of the week that the text says")
    return day
