"""Canonical SQL is one spelling for each statement, and is read as the same statement."""

import pytest

from headrace.parser import format_name, format_statement, format_string, parse
from headrace.parser.keywords import KEYWORDS


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (
            "create or replace stream if not exists s (id bigint key, `v` array<int>, h bytes header('k')) with (format='json', partitions=1)",
            "CREATE OR REPLACE STREAM IF NOT EXISTS S (ID BIGINT KEY, `v` ARRAY<INT>, H BYTES HEADER('k'))"
            " WITH (FORMAT = 'json', PARTITIONS = 1)",
        ),
        (
            "select a.x b, count(*) from a left outer join b within 1 hour on a.x=b.x window session (10 second) where"
            " x is not null group by (a.x, y) having count(*)>1 emit final limit 3",
            "SELECT A.X AS B, COUNT(*) FROM A LEFT JOIN B WITHIN 1 HOURS ON A.X = B.X WINDOW SESSION (10 SECONDS)"
            " WHERE X IS NOT NULL GROUP BY A.X, Y HAVING COUNT(*) > 1 EMIT FINAL LIMIT 3",
        ),
        (
            "create sink connector c with (a.b='x')".replace("a.b", '"a.b"'),
            "CREATE SINK CONNECTOR C WITH ('a.b' = 'x')",
        ),
        ("print Foo from beginning sample 3", "PRINT Foo FROM BEGINNING INTERVAL 3"),
        ("print 'a-b'", "PRINT `a-b`"),
        ("list topics", "SHOW TOPICS"),
        ("explain (code) select * from a", "EXPLAIN (CODE) SELECT * FROM A"),
        ("create stream s with (`p`=1)", "CREATE STREAM S WITH (P = 1)"),
    ],
)
def test_canonical(text: str, canonical: str) -> None:
    (statement,) = parse(f"{text};")

    assert format_statement(statement) == canonical
    assert parse(f"{canonical};") == [statement]


_PLACES = [
    "SELECT {0} FROM a;",
    "SELECT a {0} FROM a;",
    "SELECT {0}.{0}, {0}.*, {0}->{0}, {0}[{0}], {0}->* FROM {0};",
    "SELECT {0} < 5, {0} LIKE {0}, f({0}, {0} => {0}), f(({0}, a) => {0}), {0}({0}) FROM a {0} JOIN {0} ON {0};",
    "SELECT DATEADD({0}, 1, {0}), {0} 'x', STRUCT({0} := 1), CAST({0} AS {0}) FROM a {0} EMIT CHANGES;",
    "SELECT * FROM a {0} WINDOW {0} SESSION (1 HOUR) GROUP BY {0} PARTITION BY {0};",
    "CREATE STREAM {0} ({0} {0} KEY, a STRUCT<{0} {0}>) WITH ({0} = 1);",
    "ALTER STREAM {0} ADD {0} {0};",
    "EXPLAIN {0};",
    "DESCRIBE {0};",
    "DESCRIBE FUNCTION {0};",
    "DROP STREAM {0};",
    "CREATE TYPE {0} AS {0};",
    "PRINT {0};",
    "DEFINE {0} = 'x';",
    "TERMINATE {0};",
    "INSERT INTO {0} ({0}) VALUES ({0});",
    "ASSERT SCHEMA SUBJECT {0};",
    "ASSERT NULL VALUES {0} KEY ({0});",
]


@pytest.mark.parametrize("place", _PLACES)
def test_every_keyword_can_be_a_quoted_name(place: str) -> None:
    statements = [statement for word in sorted(KEYWORDS) for statement in parse(place.format(f"`{word}`"))]

    assert [parse(format_statement(statement) + ";") for statement in statements] == [[s] for s in statements]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("A_1", "A_1"), ("a", "`a`"), ("1A", "`1A`"), ("SIZE", "`SIZE`"), ("EMIT", "`EMIT`"), ("`", "````"), ("É", "`É`")],
)
def test_names(name: str, expected: str) -> None:
    assert format_name(name) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("it's", "'it''s'"), ("${a}", "'$${a}'"), ("$${a}", "'$$${a}'"), ("${", "'${'")]
)
def test_strings(text: str, expected: str) -> None:
    assert format_string(text) == expected
