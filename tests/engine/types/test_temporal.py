"""Dates and times as text."""

import pytest

from headrace.engine.types.temporal import (
    TemporalError,
    date_text,
    parse_date,
    parse_time,
    parse_timestamp,
    timestamp_text,
)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1970-01-01", 0),
        ("2020", 18262),
        ("2020-05", 18383),
        ("2000-02-29", 11016),
        ("1969-12-31", -1),
        ("0001-01-01", -719162),
    ],
)
def test_parse_date(text: str, days: int) -> None:
    assert parse_date(text) == days


@pytest.mark.parametrize("days", [0, -1, 11016, -719162, -719529, 2932896, 3_000_000, -1_000_000])
def test_dates_survive_their_text(days: int) -> None:
    assert parse_date(date_text(days)) == days


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("10", 36_000_000), ("00:00:00.010", 10), ("00:00:01", 1000), ("00:01", 60_000), ("23:59:59.9999", 86_399_999)],
)
def test_parse_time(text: str, milliseconds: int) -> None:
    assert parse_time(text) == milliseconds


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("2018-01-01T00:00:00.001", 1514764800001),
        ("2019-01-01T00:00:00+0445", 1546283700000),
        ("2020-02-10T08:31:44.001+00:00", 1581323504001),
        ("2020-02-10T08Z", 1581321600000),
        ("2020", 1577836800000),
    ],
)
def test_parse_timestamp(text: str, milliseconds: int) -> None:
    assert parse_timestamp(text) == milliseconds


def test_timestamp_text_has_milliseconds() -> None:
    assert timestamp_text(-1) == "1969-12-31T23:59:59.999"


@pytest.mark.parametrize("text", ["", "x", "2020-13", "2020-1-1T25", "1900-02-29"])
def test_what_is_no_time_raises(text: str) -> None:
    with pytest.raises(TemporalError):
        parse_timestamp(text)
