"""Long and deep texts: a statement or an error at a place, soon."""

import time

import pytest

from headrace.parser import ParseError, parse

DEEP = 10_000
SECONDS_ALLOWED = 2.0


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT {'(' * DEEP}1{')' * DEEP} FROM a;",
        f"SELECT {'f(' * DEEP}1{')' * DEEP} FROM a;",
        f"SELECT a{'[' * DEEP}1{']' * DEEP} FROM a;",
        f"SELECT {'NOT ' * DEEP}a FROM a;",
        f"SELECT {'- ' * DEEP}a FROM a;",
        f"SELECT {'CASE WHEN ' * DEEP}1 FROM a;",
        f"SELECT a{' + a' * DEEP} FROM a;",
        f"SELECT a{'->b' * DEEP} FROM a;",
        f"SELECT {'MAP(1:=' * DEEP}1{')' * DEEP} FROM a;",
        f"CREATE STREAM s (a {'ARRAY<' * DEEP}INT{'>' * DEEP});",
        f"CREATE STREAM s (a INT{' ARRAY' * DEEP});",
        f"SELECT * FROM a{' JOIN b ON c' * DEEP};",
        f"{'EXPLAIN ' * DEEP}SELECT * FROM a;",
    ],
    ids=[
        "parentheses",
        "calls",
        "subscripts",
        "not",
        "minus",
        "case",
        "sum",
        "fields",
        "maps",
        "types",
        "arrays",
        "joins",
        "explain",
    ],
)
def test_nesting_is_limited(text: str) -> None:
    with pytest.raises(ParseError, match="more than 200 levels deep") as caught:
        parse(text, limit=None)

    assert caught.value.kind == "too deep"
    assert caught.value.span is not None


def test_nesting_below_the_limit() -> None:
    assert parse(f"SELECT {'(' * 150}1{')' * 150}{' + 1' * 150} FROM a;")


def test_length_is_limited() -> None:
    text = f"SELECT '{'x' * 1_000_000}' FROM a;"

    with pytest.raises(ParseError, match="1000016 characters, more than the 131072 allowed"):
        parse(text)
    assert parse(text, limit=None)


@pytest.mark.parametrize(
    "text",
    [
        f"CREATE STREAM s ({', '.join(f'c{i} INT' for i in range(DEEP))});",
        f"SELECT * FROM a WHERE b IN ({', '.join(map(str, range(DEEP)))});",
        "SHOW TABLES;" * DEEP,
        ";" * 100_000,
        f"SELECT {'MAP(1:=2),' * DEEP}1 FROM a;",
    ],
    ids=["columns", "in", "statements", "semicolons", "maps"],
)
def test_wide_texts_are_read_quickly(text: str) -> None:
    start = time.process_time()
    parse(text)

    assert time.process_time() - start < SECONDS_ALLOWED


@pytest.mark.parametrize(
    "text", ["'" * 100_001, "/*" * 50_000, "`" * 100_001, "SELECT " + "9" * 100_000 + " FROM a;", "\0" * 1000]
)
def test_hostile_texts_are_refused_quickly(text: str) -> None:
    start = time.process_time()
    with pytest.raises(ParseError):
        parse(text)

    assert time.process_time() - start < SECONDS_ALLOWED


def test_a_small_query_is_read_within_half_a_millisecond() -> None:
    text = "SELECT id, price * 2 AS p FROM bids WHERE price > 10 EMIT CHANGES;"
    parse(text)
    start = time.process_time()
    for _ in range(100):
        parse(text)

    assert (time.process_time() - start) / 100 < 0.000_5
