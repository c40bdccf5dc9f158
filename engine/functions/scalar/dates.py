"""Functions of dates: a DATE is the number of days since 1970-01-01."""

from datetime import datetime

from headrace.engine.functions.definition import Call, Family
from headrace.engine.functions.interval import in_milliseconds
from headrace.engine.functions.java_time.formatter import DAY_MS, format_date, parse_date
from headrace.engine.functions.java_time.simple_date import parse_simple_date
from headrace.engine.functions.java_time.zones import moment, zone_of

family = Family("DATE / TIME")


@family.scalar(
    "DATEADD(unit INTERVALUNIT, interval INT, date DATE) -> DATE",
    examples=(("FORMAT_DATE(DATEADD(DAYS, 5, FROM_DAYS(10)), 'yyyy-MM-dd')", "1970-01-16"),),
)
def dateadd(unit: str, interval: int, days: int) -> int:
    """Adds a duration to a date."""
    # Computed in milliseconds and floored, so units below a day may not move the date.
    return (days * DAY_MS + in_milliseconds(unit, interval)) // DAY_MS


@family.scalar(
    "DATESUB(unit INTERVALUNIT, interval INT, date DATE) -> DATE",
    examples=(("UNIX_DATE(DATESUB(DAYS, 5, FROM_DAYS(10)))", "5"),),
)
def datesub(unit: str, interval: int, days: int) -> int:
    """Subtracts a duration from a date."""
    return (days * DAY_MS - in_milliseconds(unit, interval)) // DAY_MS


@family.scalar(
    "FORMAT_DATE(date DATE, formatPattern STRING) -> STRING",
    examples=(("FORMAT_DATE(FROM_DAYS(18993), 'dd-MMM-yyyy')", "01-Jan-2022"),),
)
def format_date_value(days: int, pattern: str) -> str:
    """Converts a date to text by a pattern such as 'yyyy-MM-dd'."""
    return format_date(days, pattern)


@family.scalar(
    "PARSE_DATE(formattedDate STRING, formatPattern STRING) -> DATE",
    examples=(("UNIX_DATE(PARSE_DATE('01-JAN-2022', 'dd-MMM-yyyy'))", "18993"),),
)
def parse_date_text(text: str, pattern: str) -> int:
    """Converts text to a date by a pattern such as 'yyyy-MM-dd'."""
    return parse_simple_date(text, pattern)


@family.scalar("FROM_DAYS(days INT) -> DATE", can_fail=False, examples=(("UNIX_DATE(FROM_DAYS(10))", "10"),))
def from_days(days: int) -> int:
    """Converts a number of days since 1970-01-01 to a date."""
    return days


@family.scalar("UNIX_DATE() -> INT", deterministic=False, made=True)
def unix_date_now(call: Call) -> object:
    """Returns today, or a date, as the number of days since 1970-01-01."""
    clock = call.clock
    epoch = datetime(1970, 1, 1).toordinal()
    return lambda: moment(clock.now_ms(), zone_of(clock.zone)).toordinal() - epoch


@family.scalar("UNIX_DATE(date DATE) -> INT", can_fail=False, examples=(("UNIX_DATE(FROM_DAYS(10))", "10"),))
def unix_date(days: int) -> int:
    """Returns today, or a date, as the number of days since 1970-01-01."""
    return days


@family.scalar(
    "DATETOSTRING(epochDays INT, formatPattern STRING) -> STRING",
    examples=(("DATETOSTRING(18993, 'yyyy-MM-dd')", "2022-01-01"),),
)
def datetostring(days: int, pattern: str) -> str:
    """Converts a number of days since 1970-01-01 to text by a pattern (deprecated: use FORMAT_DATE)."""
    return format_date(days, pattern)


@family.scalar(
    "STRINGTODATE(formattedDate STRING, formatPattern STRING) -> INT",
    examples=(("STRINGTODATE('2022-01-01', 'yyyy-MM-dd')", "18993"),),
)
def stringtodate(text: str, pattern: str) -> int:
    """Converts text to a number of days since 1970-01-01 by a pattern (deprecated: use PARSE_DATE)."""
    return parse_date(text, pattern)
