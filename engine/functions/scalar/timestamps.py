"""Functions of timestamps: a TIMESTAMP is the number of milliseconds since 1970-01-01T00:00 UTC."""

from headrace.engine.functions.definition import Call, Family
from headrace.engine.functions.interval import in_milliseconds
from headrace.engine.functions.java_time.formatter import format_timestamp, parse_timestamp
from headrace.engine.functions.java_time.zones import offset_seconds, zone_of

family = Family("DATE / TIME")


@family.scalar(
    "CONVERT_TZ(timestamp TIMESTAMP, fromTimeZone STRING, toTimeZone STRING) -> TIMESTAMP",
    examples=(("UNIX_TIMESTAMP(CONVERT_TZ(FROM_UNIXTIME(100), '+0200', '+0500'))", "10800100"),),
)
def convert_tz(timestamp: int, source: str, target: str) -> int:
    """Converts a timestamp from one time zone to another."""
    shift = offset_seconds(zone_of(target), timestamp) - offset_seconds(zone_of(source), timestamp)
    return timestamp + shift * 1000


@family.scalar(
    "TIMESTAMPADD(unit INTERVALUNIT, interval INT, timestamp TIMESTAMP) -> TIMESTAMP",
    examples=(("UNIX_TIMESTAMP(TIMESTAMPADD(SECONDS, 2, FROM_UNIXTIME(100)))", "2100"),),
)
def timestampadd(unit: str, interval: int, timestamp: int) -> int:
    """Adds a duration to a timestamp."""
    return timestamp + in_milliseconds(unit, interval)


@family.scalar(
    "TIMESTAMPSUB(unit INTERVALUNIT, interval INT, timestamp TIMESTAMP) -> TIMESTAMP",
    examples=(("UNIX_TIMESTAMP(TIMESTAMPSUB(MILLISECONDS, 5, FROM_UNIXTIME(2)))", "-3"),),
)
def timestampsub(unit: str, interval: int, timestamp: int) -> int:
    """Subtracts a duration from a timestamp."""
    return timestamp - in_milliseconds(unit, interval)


@family.scalar(
    "FORMAT_TIMESTAMP(timestamp TIMESTAMP, formatPattern STRING[, timeZone STRING]) -> STRING",
    examples=(
        (
            "FORMAT_TIMESTAMP(FROM_UNIXTIME(1526075913000), 'yyyy-MM-dd HH:mm:ss zzz', 'America/Los_Angeles')",
            "2018-05-11 14:58:33 PDT",
        ),
    ),
)
def format_timestamp_value(timestamp: int, pattern: str, zone: str = "GMT") -> str:
    """Converts a timestamp to text by a pattern such as 'yyyy-MM-dd HH:mm:ss', in a time zone (GMT by default)."""
    return format_timestamp(timestamp, pattern, zone)


@family.scalar(
    "PARSE_TIMESTAMP(formattedTimestamp STRING, formatPattern STRING[, timeZone STRING]) -> TIMESTAMP",
    examples=(
        ("UNIX_TIMESTAMP(PARSE_TIMESTAMP('2018-05-11T21:58:33 PST', 'yyyy-MM-dd''T''HH:mm:ss zzz'))", "1526101113000"),
    ),
)
def parse_timestamp_text(text: str, pattern: str, zone: str = "GMT") -> int:
    """Converts text to a timestamp by a pattern such as 'yyyy-MM-dd HH:mm:ss', in a time zone (GMT by default)."""
    return parse_timestamp(text, pattern, zone)


@family.scalar(
    "FROM_UNIXTIME(epochMilli BIGINT) -> TIMESTAMP",
    can_fail=False,
    examples=(("CAST(FROM_UNIXTIME(100) AS STRING)", "1970-01-01T00:00:00.100"),),
)
def from_unixtime(milliseconds: int) -> int:
    """Converts milliseconds since 1970-01-01T00:00 UTC to a timestamp."""
    return milliseconds


@family.scalar("UNIX_TIMESTAMP() -> BIGINT", can_fail=False, deterministic=False, made=True)
def unix_timestamp_now(call: Call) -> object:
    """Returns the current time, or a timestamp, as milliseconds since 1970-01-01T00:00 UTC."""
    return call.clock.now_ms


@family.scalar(
    "UNIX_TIMESTAMP(timestamp TIMESTAMP) -> BIGINT",
    can_fail=False,
    examples=(("UNIX_TIMESTAMP(FROM_UNIXTIME(100))", "100"),),
)
def unix_timestamp(timestamp: int) -> int:
    """Returns the current time, or a timestamp, as milliseconds since 1970-01-01T00:00 UTC."""
    return timestamp


@family.scalar(
    "STRINGTOTIMESTAMP(formattedTimestamp STRING, formatPattern STRING[, timeZone STRING]) -> BIGINT",
    made=True,
    examples=(("STRINGTOTIMESTAMP('2019-08-27T13:31:09.2+0000', 'yyyy-MM-dd''T''HH:mm:ss.SX')", "1566912669200"),),
)
def stringtotimestamp(call: Call) -> object:
    """Converts text to milliseconds since 1970-01-01T00:00 UTC by a pattern (deprecated: use PARSE_TIMESTAMP)."""
    if len(call.types) == 3:
        return parse_timestamp
    zone = call.clock.zone
    return lambda text, pattern: parse_timestamp(text, pattern, zone)


@family.scalar(
    "TIMESTAMPTOSTRING(epochMilli BIGINT, formatPattern STRING[, timeZone STRING]) -> STRING",
    made=True,
    examples=(
        ("TIMESTAMPTOSTRING(1526075913000, 'yyyy-MM-dd HH:mm:ss zzz', 'Europe/London')", "2018-05-11 22:58:33 BST"),
    ),
)
def timestamptostring(call: Call) -> object:
    """Converts milliseconds since 1970-01-01T00:00 UTC to text by a pattern (deprecated: use FORMAT_TIMESTAMP)."""
    if len(call.types) == 3:
        return format_timestamp
    zone = call.clock.zone
    return lambda timestamp, pattern: format_timestamp(timestamp, pattern, zone)
