"""Long and deep texts: a statement or an error at a place, soon."""

import time

import pytest

from headrace.parser import ParseError, format_statement, parse
from headrace.parser.expressions import ColumnRef
from headrace.parser.statements import Query, SelectItem
from headrace.parser.walk import rewrite, walk

DEEP = 10_000
B, C = ColumnRef("B"), ColumnRef("C")
SECONDS_ALLOWED = 1.0


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT {'(' * DEEP}1{')' * DEEP} FROM a;",
        f"SELECT {'f(' * DEEP}1{')' * DEEP} FROM a;",
        f"SELECT a{'[' * DEEP}1{']' * DEEP} FROM a;",
        f"SELECT {'NOT ' * DEEP}a FROM a;",
        f"SELECT {'- ' * DEEP}a FROM a;",
        f"SELECT {'CASE WHEN ' * DEEP}1 FROM a;",
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


@pytest.mark.parametrize("operator", ["AND", "OR", "+", "-", "*", "||"])
def test_a_chain_is_no_nesting(operator: str) -> None:
    text = f"SELECT a{f' {operator} b' * DEEP} FROM a;"

    (statement,) = parse(text)

    assert parse(format_statement(statement) + ";") == [statement]
    assert len({statement, *parse(text)}) == 1
    assert repr(statement).count("operator=") == DEEP


def test_walkers_survive_chains() -> None:
    (query,) = parse(f"SELECT a{' AND b' * DEEP} FROM a;")
    assert isinstance(query, Query)
    assert isinstance(query.items[0], SelectItem)
    chain = query.items[0].expression

    assert sum(1 for _ in walk(chain)) == 2 * DEEP + 1
    assert rewrite(chain, lambda e: None) is chain
    assert C in walk(rewrite(chain, lambda e: C if e == B else None))


def test_long_chains_of_conditions_are_read() -> None:
    conditions = " OR ".join(f"(a = {i} AND NOT b < {i} + 1)" for i in range(3_000))

    (statement,) = parse(f"SELECT * FROM s WHERE {conditions};")

    assert parse(format_statement(statement) + ";") == [statement]


def test_length_is_limited() -> None:
    text = f"SELECT '{'x' * 1_000_000}' FROM a;"

    with pytest.raises(ParseError, match="1000016 characters, more than the 131072 allowed") as caught:
        parse("SHOW TABLES;\n" + text)
    assert caught.value.kind == "too long"
    assert caught.value.span is not None
    assert caught.value.span.line == 2
    assert parse(text, limit=None)


@pytest.mark.parametrize(
    "text",
    [
        f"CREATE STREAM s ({', '.join(f'c{i} INT' for i in range(DEEP))});",
        f"SELECT * FROM a WHERE b IN ({', '.join(map(str, range(DEEP)))});",
        f"SELECT {', '.join(f'c{i}+1' for i in range(DEEP))} FROM s;",
        "SHOW TABLES;" * DEEP,
        ";" * 100_000,
        f"SELECT {'MAP(1:=2),' * DEEP}1 FROM a;",
    ],
    ids=["columns", "in", "select", "statements", "semicolons", "maps"],
)
def test_wide_texts_are_read_quickly(text: str) -> None:
    start = time.process_time()
    parse(text)

    assert time.process_time() - start < SECONDS_ALLOWED


def test_too_many_columns_are_refused_by_the_limit_of_length() -> None:
    columns = ", ".join(f"column_{i} STRUCT<a INT, b ARRAY<STRING>>" for i in range(DEEP))
    start = time.process_time()

    with pytest.raises(ParseError, match="more than the 131072 allowed"):
        parse(f"CREATE STREAM s ({columns});")

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
