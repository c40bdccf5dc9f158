"""Time zones by their IANA names, by offsets (`+0200`, `UTC+2`) and, in text only, by abbreviations (`PST`, `BST`)."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from headrace.engine.functions.errors import FunctionError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)
_MS = timedelta(milliseconds=1)

ABBREVIATIONS = {
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "PT": "America/Los_Angeles",
    "MST": "America/Denver",
    "MDT": "America/Denver",
    "MT": "America/Denver",
    "CST": "America/Chicago",
    "CDT": "America/Chicago",
    "CT": "America/Chicago",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "ET": "America/New_York",
    "AKST": "America/Anchorage",
    "AKDT": "America/Anchorage",
    "HST": "Pacific/Honolulu",
    "BST": "Europe/London",
    "WET": "Europe/Lisbon",
    "WEST": "Europe/Lisbon",
    "CET": "Europe/Paris",
    "CEST": "Europe/Paris",
    "EET": "Europe/Athens",
    "EEST": "Europe/Athens",
    "MSK": "Europe/Moscow",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "AEST": "Australia/Sydney",
    "AEDT": "Australia/Sydney",
    "ACST": "Australia/Adelaide",
    "AWST": "Australia/Perth",
    "NZST": "Pacific/Auckland",
    "NZDT": "Pacific/Auckland",
}
"""What the abbreviations mean that Java's US locale reads; an abbreviation names the zone, not the offset."""

LONG_NAMES = {
    "UTC": "Coordinated Universal Time",
    "GMT": "Greenwich Mean Time",
    "BST": "British Summer Time",
    "PST": "Pacific Standard Time",
    "PDT": "Pacific Daylight Time",
    "MST": "Mountain Standard Time",
    "MDT": "Mountain Daylight Time",
    "CST": "Central Standard Time",
    "CDT": "Central Daylight Time",
    "EST": "Eastern Standard Time",
    "EDT": "Eastern Daylight Time",
    "CET": "Central European Standard Time",
    "CEST": "Central European Summer Time",
    "EET": "Eastern European Standard Time",
    "EEST": "Eastern European Summer Time",
    "JST": "Japan Standard Time",
    "IST": "India Standard Time",
}

_OFFSET = re.compile(r"(?:(UTC|GMT|UT)(?=[+-]))?([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?")


@lru_cache(maxsize=1000)
def zone_of(name: str) -> tzinfo:
    """The zone of an id, as `ZoneId.of` takes it; raises FunctionError."""
    if name in ("Z", "UTC", "GMT", "UT"):
        return UTC
    offset = _OFFSET.fullmatch(name)
    if offset:
        return timezone(timedelta(seconds=_seconds(offset)))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise FunctionError(
            f'unknown time zone "{name}"; use names like "Europe/London" or offsets like "+02:00"'
        ) from error


def offset_seconds(zone: tzinfo, timestamp: int) -> int:
    """The zone's offset from UTC at a time (ms since the epoch)."""
    if zone is UTC:
        return 0
    offset = moment(timestamp, zone).utcoffset()
    return 0 if offset is None else offset.days * 86_400 + offset.seconds


def moment(timestamp: int, zone: tzinfo) -> datetime:
    """The date and time that clocks of the zone show; raises FunctionError outside the years 1 to 9999."""
    try:
        return (EPOCH + timestamp * _MS).astimezone(zone)
    except OverflowError as error:
        raise FunctionError(f"timestamp {timestamp} is outside the years 1 to 9999") from error


def instant(local: datetime, zone: tzinfo) -> int:
    """The timestamp (ms) at which clocks of the zone show a date and time; the earlier one where they show it twice."""
    if zone is UTC:
        return (local - _NAIVE_EPOCH) // _MS
    return (local.replace(tzinfo=zone) - EPOCH) // _MS


def _seconds(offset: re.Match[str]) -> int:
    hours, minutes, seconds = int(offset[3]), int(offset[4] or 0), int(offset[5] or 0)
    total = hours * 3600 + minutes * 60 + seconds
    if total > 18 * 3600:
        raise FunctionError(f'offset "{offset[0]}" is beyond 18 hours')
    return -total if offset[2] == "-" else total
