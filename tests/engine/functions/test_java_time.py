"""Java's date and time patterns."""

import pytest

from headrace.engine.functions.errors import FunctionError
from headrace.engine.functions.java_time.formatter import (
    format_date,
    format_time,
    format_timestamp,
    parse_date,
    parse_time,
    parse_timestamp,
    timestamp_parser,
)
from headrace.engine.functions.java_time.simple_date import parse_simple_date

MAY = 1526075913123  # 2018-05-11T21:58:33.123Z, a Friday


@pytest.mark.parametrize(
    ("pattern", "zone", "expected"),
    [
        ("yyyy-MM-dd'T'HH:mm:ss.SSSX", "GMT", "2018-05-11T21:58:33.123Z"),
        ("yy-M-d H:m:s", "GMT", "18-5-11 21:58:33"),
        ("EEE EEEE MMM MMMM", "GMT", "Fri Friday May May"),
        ("h:mm a K k", "GMT", "9:58 PM 9 21"),
        ("SSSSSS S", "GMT", "123000 1"),
        ("zzz", "America/Los_Angeles", "PDT"),
        ("zzzz", "America/Los_Angeles", "Pacific Daylight Time"),
        ("VV", "America/Los_Angeles", "America/Los_Angeles"),
        ("Z X XX XXX x O", "+0530", "+0530 +0530 +0530 +05:30 +0530 GMT+5:30"),
        ("zzz", "Europe/London", "BST"),
        ("'it''s' yyyy", "GMT", "it's 2018"),
        ("HH''mm", "GMT", "21'58"),
        ("D Q w e", "GMT", "131 2 19 6"),
        ("G GGGG", "GMT", "AD Anno Domini"),
        ("[yyyy][-MM]", "GMT", "2018-05"),
        ("pppH", "GMT", " 21"),
        ("A n", "GMT", "79113123 123000000"),
    ],
    ids=lambda value: str(value),
)
def test_timestamps_are_formatted(pattern: str, zone: str, expected: str) -> None:
    assert format_timestamp(MAY, pattern, zone) == expected


@pytest.mark.parametrize(
    ("text", "pattern", "zone", "expected"),
    [
        ("2018-05-11T21:58:33.123Z", "yyyy-MM-dd'T'HH:mm:ss.SSSX", "GMT", MAY),
        ("20180511215833123", "yyyyMMddHHmmssSSS", "GMT", MAY),
        ("2018-05-11T21:58:33.1230000+0000", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSSX", "GMT", MAY),
        ("2018-05-11 21:58:33", "yyyy-MM-dd HH:mm:ss", "America/Los_Angeles", MAY - 123 + 25_200_000),
        ("2018-05-11T21:58:33 PST", "yyyy-MM-dd'T'HH:mm:ss zzz", "GMT", MAY - 123 + 25_200_000),
        ("2018-05-11T21:58:33 Europe/London", "yyyy-MM-dd'T'HH:mm:ss VV", "GMT", MAY - 123 - 3_600_000),
        ("May 11, 2018 9:58 PM", "MMM d, yyyy h:mm a", "GMT", MAY - 33_123),
        ("2018", "yyyy", "GMT", 1514764800000),
        ("2018-05", "yyyy[-MM][-dd]", "GMT", 1525132800000),
        ("10:00", "HH:mm", "GMT", 36_000_000),
        ("18-05-11 21:58:33+02", "yy-MM-dd HH:mm:ssX", "GMT", MAY - 123 - 7_200_000),
        ("2018-02-31", "yyyy-MM-dd", "GMT", 1519776000000),
    ],
    ids=lambda value: str(value),
)
def test_timestamps_are_parsed(text: str, pattern: str, zone: str, expected: int) -> None:
    assert parse_timestamp(text, pattern, zone) == expected


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("2018-5-11", "yyyy-MM-dd"),
        ("2018-05-11x", "yyyy-MM-dd"),
        ("2018-13-11", "yyyy-MM-dd"),
        ("2018-05-32", "yyyy-MM-dd"),
        ("x", "yyyy"),
        ("2018", "yyyyb"),
        ("2018", "'open"),
        ("2018", "yyyy]"),
        ("Mon 2018-05-11", "EEE yyyy-MM-dd"),
        ("2018-05-11 Mars/Base", "yyyy-MM-dd VV"),
    ],
    ids=lambda value: str(value),
)
def test_text_and_patterns_that_do_not_fit_are_refused(text: str, pattern: str) -> None:
    with pytest.raises(FunctionError):
        parse_timestamp(text, pattern)


def test_a_parser_is_checked_when_it_is_made() -> None:
    assert timestamp_parser("yyyy")("1970") == 0
    with pytest.raises(FunctionError, match="unknown letter"):
        timestamp_parser("b")


def test_dates() -> None:
    assert format_date(18993, "dd-MMM-yyyy") == "01-Jan-2022"
    assert format_date(-1, "dd-MM-yyyy'Sophia'") == "31-12-1969Sophia"
    assert parse_date("01-jan-2022", "dd-MMM-yyyy") == 18993
    with pytest.raises(FunctionError, match='no field "H"'):
        format_date(0, "HH")
    with pytest.raises(FunctionError, match="year, month and day"):
        parse_date("2022", "yyyy")


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("2018-05-11Lit", "yyyy-MM-dd'Lit'", 17662),
        ("1/2/2022", "dd/MM/yyyy", 19024),
        ("JANUARY-2022", "MMM-yyyy", 18993),
        ("20220101", "yyyyMMdd", 18993),
        ("2022-02-30", "yyyy-MM-dd", 19053),
        ("2022-01-01 and more", "yyyy-MM-dd", 18993),
        ("2022-01-01 00:00", "yyyy-MM-dd HH:mm", 18993),
    ],
    ids=lambda value: str(value),
)
def test_simple_dates_are_lenient(text: str, pattern: str, expected: int) -> None:
    assert parse_simple_date(text, pattern) == expected


def test_a_simple_date_with_a_time_is_refused() -> None:
    with pytest.raises(FunctionError, match="it has a time"):
        parse_simple_date("2022-01-01 10:00", "yyyy-MM-dd HH:mm")


def test_times() -> None:
    assert format_time(45_296_789, "HH:mm:ss.SSS") == "12:34:56.789"
    assert parse_time("12:34:56.789", "HH:mm:ss.SSS") == 45_296_789
    assert parse_time("9:05 pm", "h:mm a") == 75_900_000
    with pytest.raises(FunctionError, match="fields of a date"):
        parse_time("2022 10", "yyyy HH")
