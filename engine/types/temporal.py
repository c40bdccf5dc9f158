"""DATE, TIME and TIMESTAMP as text: ISO 8601, of which trailing parts may be left out when read.

The proleptic Gregorian calendar is computed here, as `datetime` knows only the years 1 to 9999.
"""

import re

DAY_MS = 86_400_000

_DATE = r"([+-]?[0-9]{4,9})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?"
_TIME = r"([0-9]{1,2})(?::([0-9]{1,2})(?::([0-9]{1,2})(?:\.([0-9]{1,9}))?)?)?"
_ZONE = r"(Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
_DATE_TEXT = re.compile(_DATE)
_TIME_TEXT = re.compile(_TIME)
_TIMESTAMP_TEXT = re.compile(rf"{_DATE}(?:T(?:{_TIME})?{_ZONE}?)?")


class TemporalError(ValueError):
    """A text is no date or time."""


def parse_date(text: str) -> int:
    """Days since the epoch: `2020`, `2020-05` and `2020-05-17` are dates."""
    found = _DATE_TEXT.fullmatch(text)
    if found is None:
        raise TemporalError(f'"{text}" is not a DATE; the format is yyyy-MM-dd')
    return _days(text, *found.groups())


def parse_time(text: str) -> int:
    """Milliseconds of the day: `10:30`, `10:30:05` and `10:30:05.123` are times."""
    found = _TIME_TEXT.fullmatch(text)
    if found is None:
        raise TemporalError(f'"{text}" is not a TIME; the format is HH:mm:ss.SSS')
    return _milliseconds(text, *found.groups())


def parse_timestamp(text: str) -> int:
    """Milliseconds since the epoch; parts from the end may be missing, a zone offset may follow."""
    found = _TIMESTAMP_TEXT.fullmatch(text)
    if found is None:
        raise TemporalError(f"\"{text}\" is not a TIMESTAMP; the format is yyyy-MM-dd'T'HH:mm:ss.SSS")
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    clock = _milliseconds(text, hour, minute, second, fraction) if hour else 0
    return _days(text, year, month, day) * DAY_MS + clock - _offset(zone)


def date_text(days: int) -> str:
    """`yyyy-MM-dd`."""
    year, month, day = _civil(days)
    return f"{_year_text(year)}-{month:02}-{day:02}"


def time_text(milliseconds: int) -> str:
    """`HH:mm:ss`: fractions are not shown."""
    seconds = milliseconds // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def timestamp_text(milliseconds: int) -> str:
    """`yyyy-MM-dd'T'HH:mm:ss.SSS`."""
    days, clock = divmod(milliseconds, DAY_MS)
    return f"{date_text(days)}T{time_text(clock)}.{clock % 1000:03}"


def _days(text: str, year: str, month: str | None, day: str | None) -> int:
    y, m, d = int(year), int(month or 1), int(day or 1)
    if not 1 <= m <= 12 or not 1 <= d <= _month_length(y, m):
        raise TemporalError(f'"{text}" names no day of the calendar')
    return _epoch_day(y, m, d)


def _milliseconds(text: str, hour: str, minute: str | None, second: str | None, fraction: str | None) -> int:
    h, m, s = int(hour), int(minute or 0), int(second or 0)
    if h > 23 or m > 59 or s > 59:
        raise TemporalError(f'"{text}" names no time of the day')
    return ((h * 60 + m) * 60 + s) * 1000 + int((fraction or "").ljust(3, "0")[:3])


def _offset(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return (-minutes if zone[0] == "-" else minutes) * 60_000


def _year_text(year: int) -> str:
    if 0 <= year <= 9999:
        return f"{year:04}"
    return f"+{year}" if year > 0 else f"-{-year:04}"


def _month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _epoch_day(year: int, month: int, day: int) -> int:
    # Years begin in March here, so that the leap day is the last of its year; 719468 days lie before 1970-01-01.
    shifted = year - (month <= 2)
    era, of_era = divmod(shifted, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def _civil(days: int) -> tuple[int, int, int]:
    era, of_era = divmod(days + 719468, 146097)
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // 146096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    march = (5 * of_year + 2) // 153
    month = march + 3 if march < 10 else march - 9
    return year + era * 400 + (month <= 2), month, of_year - (153 * march + 2) // 5 + 1
