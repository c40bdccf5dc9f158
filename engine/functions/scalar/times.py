"""Functions of times: a TIME is the number of milliseconds since midnight and wraps around it."""

from headrace.engine.functions.definition import Family
from headrace.engine.functions.interval import in_milliseconds
from headrace.engine.functions.java_time.formatter import DAY_MS, format_time, parse_time

family = Family("DATE / TIME")


@family.scalar(
    "TIMEADD(unit INTERVALUNIT, interval INT, time TIME) -> TIME",
    examples=(("FORMAT_TIME(TIMEADD(HOURS, 2, PARSE_TIME('23:30', 'HH:mm')), 'HH:mm')", "01:30"),),
)
def timeadd(unit: str, interval: int, milliseconds: int) -> int:
    """Adds a duration to a time."""
    return (milliseconds + in_milliseconds(unit, interval)) % DAY_MS


@family.scalar(
    "TIMESUB(unit INTERVALUNIT, interval INT, time TIME) -> TIME",
    examples=(("FORMAT_TIME(TIMESUB(HOURS, 2, PARSE_TIME('01:30', 'HH:mm')), 'HH:mm')", "23:30"),),
)
def timesub(unit: str, interval: int, milliseconds: int) -> int:
    """Subtracts a duration from a time."""
    return (milliseconds - in_milliseconds(unit, interval)) % DAY_MS


@family.scalar(
    "FORMAT_TIME(time TIME, formatPattern STRING) -> STRING",
    examples=(("FORMAT_TIME(PARSE_TIME('23:05', 'HH:mm'), 'h:mm a')", "11:05 PM"),),
)
def format_time_value(milliseconds: int, pattern: str) -> str:
    """Converts a time to text by a pattern such as 'HH:mm:ss.SSS'."""
    return format_time(milliseconds, pattern)


@family.scalar(
    "PARSE_TIME(formattedTime STRING, formatPattern STRING) -> TIME",
    examples=(("CAST(PARSE_TIME('1:05 pm', 'h:mm a') AS STRING)", "13:05:00"),),
)
def parse_time_text(text: str, pattern: str) -> int:
    """Converts text to a time by a pattern such as 'HH:mm:ss.SSS'."""
    return parse_time(text, pattern)
