"""Formatters by pattern, kept for reuse: the entry to Java's date and time patterns.

DATE is days since the epoch, TIME milliseconds of the day, TIMESTAMP milliseconds since the epoch; zones are named as in
`ZoneId.of`. Everything here raises FunctionError for text, patterns and zones that do not fit.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from headrace.engine.functions.errors import FunctionError
from headrace.engine.functions.java_time.format import DATE_LETTERS, Moment, Writer, writer
from headrace.engine.functions.java_time.parse import Reader, read_all, reader
from headrace.engine.functions.java_time.pattern import letters, read_pattern
from headrace.engine.functions.java_time.resolve import resolve_date, resolve_time
from headrace.engine.functions.java_time.zones import instant, moment, zone_of

CACHED_PATTERNS = 1000
DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1)
_EPOCH_DAY = _EPOCH.toordinal()


def format_date(days: int, pattern: str) -> str:
    """A DATE as text."""
    try:
        day = date.fromordinal(days + _EPOCH_DAY)
    except (ValueError, OverflowError) as error:
        raise FunctionError(f"day {days} is outside the years 1 to 9999") from error
    return _writer(pattern)(Moment(day=day))


def format_time(milliseconds: int, pattern: str) -> str:
    """A TIME as text."""
    return _writer(pattern)(Moment(millis=milliseconds))


def format_timestamp(timestamp: int, pattern: str, zone: str = "GMT") -> str:
    """A TIMESTAMP as text that clocks of the zone show."""
    tz = zone_of(zone)
    local = moment(timestamp, tz)
    offset = local.utcoffset() or timedelta()
    name = _zone_name(local, zone)
    of_day = ((local.hour * 60 + local.minute) * 60 + local.second) * 1000 + local.microsecond // 1000
    return _writer(pattern)(Moment(local.date(), of_day, offset.days * 86_400 + offset.seconds, zone, name))


def parse_date(text: str, pattern: str) -> int:
    """The DATE that a text means."""
    reading = read_all(_reader(pattern), text, ignore_case=True)
    return resolve_date(reading.fields, default=None).toordinal() - _EPOCH_DAY


def parse_time(text: str, pattern: str) -> int:
    """The TIME that a text means; the pattern must not have fields of a date."""
    if letters(read_pattern(pattern)) & DATE_LETTERS:
        raise FunctionError(f'pattern "{pattern}" has fields of a date, a TIME has none')
    return resolve_time(read_all(_reader(pattern), text, ignore_case=True).fields, required=True)


def parse_timestamp(text: str, pattern: str, zone: str = "GMT") -> int:
    """The TIMESTAMP that a text means; a zone in the text wins, and what is missing is that of 1970-01-01T00:00."""
    reading = read_all(_reader(pattern), text)
    day = resolve_date(reading.fields, default=_EPOCH)
    of_day = resolve_time(reading.fields, required=False)
    return instant(datetime.combine(day, time()) + timedelta(milliseconds=of_day), reading.zone or zone_of(zone))


def timestamp_parser(pattern: str, zone: str = "GMT") -> Callable[[str], int]:
    """The function that parses TIMESTAMPs by a pattern; raises FunctionError now if the pattern is wrong."""
    _reader(pattern)
    return lambda text: parse_timestamp(text, pattern, zone)


def _zone_name(local: datetime, zone: str) -> str:
    """What `z` shows: an abbreviation, or the id of a zone that is a mere offset."""
    has_region = zone[:1].isalpha() and zone not in ("UTC", "GMT", "UT", "Z")
    return (local.tzname() or zone) if has_region else zone


@lru_cache(maxsize=CACHED_PATTERNS)
def _writer(pattern: str) -> Writer:
    return writer(read_pattern(pattern))


@lru_cache(maxsize=CACHED_PATTERNS)
def _reader(pattern: str) -> Reader:
    return reader(read_pattern(pattern))
