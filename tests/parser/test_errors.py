"""What a user reads: one row for each hint and each kind of message."""

import pytest

from headrace.parser import ParseError, Span, SqlError, describe, parse


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("SELECT a == b FROM c;", 11, "equality is written with one ="),
        ("SELECT a < b < c FROM d;", 14, "comparisons do not chain"),
        ('CREATE STREAM s WITH (p="x");', 25, "write text as 'x'"),
        ("CREATE STREAM s WITH (p=json);", 25, "write text in single quotes: 'json'"),
        ("SET a = 'b';", 5, "write text in single quotes: 'a'"),
        ("SELECT * FROM 'a';", 15, "as a or, to keep its case, as `a`"),
        ("SELECT * FROM (SELECT * FROM b);", 15, "there are no subqueries"),
        ("SELECT DISTINCT a FROM b;", 8, "use GROUP BY"),
        ("SELECT * FROM a ORDER BY b;", 23, "there is no ORDER BY"),
        ("SELECT * FROM a UNION SELECT * FROM b;", 23, "there is no UNION"),
        ("SELECT * FROM a, b;", 16, "there are no comma joins"),
        ("UPDATE a SET b = 1;", 1, "there is no UPDATE"),
        ("WITH a AS (SELECT 1) SELECT * FROM a;", 1, "there are no common table expressions"),
        ("SELECT a FROM b WHERE c = 'it's';", 31, "a quote inside a string is doubled: 'it''s'"),
        ("SELECT a, FROM b;", 11, 'drop the "," before "FROM"'),
        ("CREATE STREAM s (a INT, );", 25, 'drop the "," before ")"'),
        ("INSERT INTO s VALUES (1), (2);", 25, "an INSERT has one row"),
        ("CREATE STREAM s (a INT NOT NULL);", 24, "columns have no constraints"),
        ("CREATE STREAM s (a INT DEFAULT 1);", 24, "columns have no constraints"),
        ("SELECT [1, 2] FROM s;", 8, "write an array as ARRAY[1, 2]"),
        ("SELECT MAP('a' = 1) FROM s;", 19, "written name := value"),
        ("SELECT a.b.c FROM a;", 11, "a field of a STRUCT is written a->b"),
        ("SELECT COUNT(DISTINCT a) FROM b;", 14, "write COUNT_DISTINCT(x)"),
        ("CREATE MATERIALIZED VIEW v AS SELECT * FROM a;", 8, "CREATE TABLE … AS SELECT is kept up to date"),
        ("CREATE TOPIC x;", 8, "a topic comes with CREATE STREAM"),
        ("SELECT a FROM b WINDOW HOPPING (SIZE 1 HOUR ADVANCE BY 1 DAY) GROUP BY a;", 45, 'a "," seems to be missing'),
        ("CREATE TABLE t AS SELECT a FROM b GROUP BY a WITH (x='y');", 46, "the order is CREATE name"),
        ("SELECT a::INT FROM b;", 9, "write CAST(x AS type)"),
        ("SELECT a FROM b WHERE a && b;", 25, "write AND"),
        ("SELECT STRUCT(a: 1) FROM s;", 16, "name := value"),
        ("# SHOW TABLES;", 1, "a comment begins with --"),
        ("SELECT * FROM a GROPU BY b;", 23, 'did you mean "GROUP" for "GROPU"?'),
        ("DROP STREAM IF EXIST s;", 16, 'did you mean "IF EXISTS"?'),
        ("INSERT INT s VALUES (1);", 8, 'did you mean "INTO"?'),
        ("SELECT * FROM a HAVING x GROUP BY y;", 26, "the order is FROM, JOIN"),
        ("SHOW STREAMS SHOW TABLES;", 14, 'a ";" seems to be missing before "SHOW"'),
        ("SELECT * FROM a SELECT * FROM b;", 17, 'a ";" seems to be missing before "SELECT"'),
        ("SELECT * FROM a\nSHOW TABLES;", 6, 'a ";" seems to be missing before "SHOW"'),
        ("PRINT my-topic;", 9, "written in backquotes: `my-topic`"),
        ("SELECT * FROM a EMIT CHANGE;", 22, 'did you mean "EMIT CHANGES"?'),
        ("SELECT size FROM a;", 8, '"size" is a reserved word; write the name as `SIZE`'),
        ("SELECT a FROM table;", 15, '"table" is a reserved word'),
        ("SELEC * FROM a;", 1, 'Unknown statement "SELEC"; did you mean "SELECT"?'),
        ("SELECT * FORM a;", 10, 'did you mean "FROM"?'),
        ("SELECT a FRM b;", 14, 'did you mean "FROM" for "FRM"?'),
        ("SELECT * FROM a WERE b = 1;", 22, 'did you mean "WHERE" for "WERE"?'),
        ("CREATE STRAEM s (a INT);", 8, 'did you mean "STREAM"?'),
        ("SELECT * FROM a LIMIT 1 WHERE b;", 25, "the order is FROM, JOIN, WINDOW, WHERE"),
        ("CREATE STREAM s AS SELECT * FROM a WITH (p='v');", 36, "the order is CREATE name (columns) WITH"),
        ("SELECT a FROM b WINDOW TUMBLING (SIZE 1 HOUR, GRACE PERIOD 1 DAY, RETENTION 1 DAY);", 65, "RETENTION, GRACE"),
        ("SELECT f(a FROM b;", 12, 'the "(" of line 1, column 9 is not closed'),
        ("SELECT a b c FROM d;", 12, 'a "," seems to be missing before "c"'),
        ("SHOW TABLES", 12, 'The statement is not terminated; add a ";"'),
        ("SELECT a FROM b WHERE;", 22, "Unexpected end of the statement; expected an expression"),
        ("CREATE STREAM s (a);", 19, "expected a type"),
        ("SELECT 'a FROM b;", 8, "String is not terminated; add the closing '"),
        ("SELECT `a FROM b;", 8, "Quoted name is not terminated; add the closing `"),
        ("SELECT /* a FROM b;", 8, "Comment is not terminated; add the closing */"),
        ("SELECT a ? b FROM c;", 10, 'Unexpected character "?"'),
        ("SELECT “a” FROM b;", 8, "straight single quotes"),
        ("SELECT $x FROM b;", 8, "write a variable as ${name}"),
        ("SELECT * FROM a LIMIT -1;", 23, "Pull queries don't support negative integers"),
        ("SELECT * FROM a EMIT CHANGES LIMIT -1;", 36, "Push queries don't support negative integers"),
        ("SELECT * FROM a LIMIT 2.5;", 23, "Value must be integer for command: LIMIT"),
        ("SELECT * FROM a LIMIT 3000000000;", 17, "the largest limit is 2147483647"),
        ("SELECT * FROM a GROUP BY b AND c;", 28, 'Unexpected "AND"'),
        ("SELECT * FROM a GROUP BY b, (c, d);", 31, 'Unexpected ","; expected ")"'),
        ("SELECT * FROM a WINDOW TUMBLING (SIZE 1 YEAR);", 41, "expected a time unit"),
    ],
)
def test_messages(text: str, place: int, expected: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)

    assert expected in str(caught.value)
    assert caught.value.span is not None
    assert caught.value.span.column == place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FOO 'x';", ["line 1:1: Syntax Error", "Unknown statement 'FOO'", "Statement: FOO 'x';", "Unknown statement"]),
        ("SELEC * FROM a;", ["line 1:1: Syntax Error", "Unknown statement 'SELEC'", "Did you mean 'SELECT'?"]),
        ("SELECT * FROM s\nORDER BY a;", ["line 2:7: Syntax Error", "Statement: SELECT * FROM s\nORDER BY a;", "there is no ORDER BY"]),
        ("SELECT a FROM s GROUP BY b, (c, d);", ["line 1:31: Syntax Error", "missing ')' at ','"]),
        ("CREATE STREAM s (k STRING (KEY));", ["line 1:28: Syntax Error", "Expecting {'STRING', INTEGER_VALUE}"]),
        ("CREATE STREAM s (k VARCHAR(STRING) (KEY));", ["line 1:36: Syntax Error", "Expecting {',', ')'}"]),
        ("SELECT size FROM s;", ['"size" is a reserved keyword and it can\'t be used as an identifier']),
        ("SELECT ARRAY[] FROM s;", ["line 1:8: Array constructor cannot be empty. Please supply at least one element"]),
        ("SELECT 1e999 FROM s;", ["line 1:8: Number overflows DOUBLE: 1e999"]),
        ("SHOW TABLES", ["line 1:12: Syntax Error", "missing ';' at '<EOF>'", 'add a ";"']),
    ],
)  # fmt: skip
def test_ksql_clients_find_their_words(text: str, expected: list[str]) -> None:
    with pytest.raises(ParseError) as caught:
        parse(text)

    message = caught.value.ksql_message
    assert [part for part in expected if part not in message] == []
    assert message.endswith(str(caught.value))


def test_long_statements_are_not_repeated() -> None:
    with pytest.raises(ParseError) as caught:
        parse(f"SELECT {'a, ' * 5_000} FROM b;")

    assert len(caught.value.ksql_message) < 500


def test_describe_shows_the_line_and_a_caret() -> None:
    text = "SHOW TABLES;\n\tSELECT size FROM a;"

    with pytest.raises(ParseError) as caught:
        parse(text)

    lines = describe(caught.value, text, "a.sql").split("\n")
    assert lines[0].startswith('a.sql:2:9: Unexpected "size"')
    assert lines[1:] == ["   SELECT size FROM a;", "          ^^^^"]


@pytest.mark.parametrize(
    ("error", "text", "expected"),
    [
        (SqlError("No"), "a", "No"),
        (SqlError("No", hint="try"), "a", "No; try"),
        (SqlError("No", span=Span(1, 2, 1, 1)), "ab", "1:2: No\n  ab\n   ^"),
        (SqlError("No", span=Span(1, 2, 1, 5)), "a\x1b[m", "1:2: No\n  a [m\n   ^^^"),
        (SqlError("No", span=Span(9, 1, 0, 1)), "a", "9:1: No"),
        (SqlError("No", span=Span(1, 501, 500, 501)), "x" * 1000, f"1:501: No\n  {'x' * 160}\n  {' ' * 80}^"),
    ],
    ids=["no place", "hint", "empty span", "control characters", "line beyond the text", "long line"],
)
def test_describe(error: SqlError, text: str, expected: str) -> None:
    assert describe(error, text) == expected
