"""Queries in SQL of other engines: the answers of SQLite are checked, the spelling for the others."""

import sqlite3
import subprocess
import sys
from typing import Any

import pytest
import sqlglot

from headrace.parser import ParseError, SqlError, format_statement, parse, parse_columns
from headrace.parser.dialect import Target, from_sql, to_sql
from headrace.parser.statements import Query

ROWS = [
    (1, "Ann", 7, 2, 1.5, 1_000),
    (2, "bob", -7, 2, None, 3_599_999),
    (3, "ANDY", None, 0, 2.5, 3_600_000),
    (4, None, 4, None, -2.5, 7_300_000),
]
COLUMNS = parse_columns("ID INT KEY, NAME STRING, A INT, B INT, X DOUBLE")


def _query(text: str) -> Query:
    (query,) = parse(text + ";")
    assert isinstance(query, Query)
    return query


def _answer(text: str) -> list[tuple[Any, ...]]:
    database = sqlite3.connect(":memory:")
    try:
        database.execute('CREATE TABLE t (id INT, name TEXT, a INT, b INT, x REAL, rowtime INT, "price" INT)')
        database.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, 5)", ROWS)
        database.execute('CREATE TABLE u (id INT, rowtime INT, "order" TEXT)')
        database.executemany("INSERT INTO u VALUES (?, ?, ?)", [(1, 2_000, "x"), (1, 9_000, "y"), (3, 3_599_000, "z")])
        return sorted(database.execute(to_sql(_query(text), "sqlite", columns=COLUMNS)).fetchall(), key=repr)
    finally:
        database.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT id FROM t WHERE a = 7 EMIT CHANGES", [(1,)]),
        ("SELECT id FROM t WHERE NOT a = 7", [(2,), (3,), (4,)]),
        ("SELECT id FROM t WHERE NOT (a = 7 AND b = 2) OR x > 2", [(2,), (3,), (4,)]),
        ("SELECT id, a = b FROM t WHERE id >= 3", [(3, 0), (4, 0)]),
        ("SELECT id FROM t WHERE a IS DISTINCT FROM 7", [(2,), (3,), (4,)]),
        ("SELECT id FROM t WHERE a NOT IN (7, 4)", [(2,), (3,)]),
        ("SELECT id FROM t WHERE a IN (7, NULL)", [(1,)]),
        ("SELECT id FROM t WHERE a BETWEEN 4 AND 7", [(1,), (4,)]),
        ("SELECT id FROM t WHERE a NOT BETWEEN 4 AND 7", [(2,), (3,)]),
        ("SELECT id FROM t WHERE name LIKE 'A%'", [(1,), (3,)]),
        ("SELECT id FROM t WHERE name NOT LIKE '%N_%'", [(1,), (2,), (4,)]),
        ("SELECT id FROM t WHERE name || '*[%' LIKE '%[*!%' ESCAPE '!'", []),
        ("SELECT id FROM t WHERE name || '*[%' LIKE 'A%*[!%' ESCAPE '!'", [(1,), (3,)]),
        ("SELECT id FROM t WHERE x IS NULL", [(2,)]),
        ("SELECT id FROM t WHERE x IS NOT NULL AND id < 3", [(1,)]),
        ("SELECT a / b, a % b FROM t WHERE id < 4", [(-3, -1), (3, 1), (None, None)]),
        ("SELECT (a + b) * 2 - -1 FROM t WHERE id = 1", [(19,)]),
        ("SELECT a - (b - 1) FROM t WHERE id = 1", [(6,)]),
        ("SELECT -(a) FROM t WHERE id = 2", [(7,)]),
        ("SELECT x / 2 FROM t WHERE id = 1", [(0.75,)]),
        ("SELECT name || '!' FROM t", [("!",), ("ANDY!",), ("Ann!",), ("bob!",)]),
        ("SELECT CONCAT(name, 'x') FROM t WHERE id = 4", [("x",)]),
        ("SELECT CAST(x AS INT), CAST(a AS STRING) FROM t WHERE id = 4", [(-2, "4")]),
        ("SELECT CASE WHEN a > 5 THEN 'big' WHEN a > 0 THEN 'small' ELSE '?' END FROM t",
         [("?",), ("?",), ("big",), ("small",)]),
        ("SELECT UCASE(name), LEN(name), SUBSTRING(name, 2, 2), IFNULL(a, 0) FROM t WHERE id = 3", [("ANDY", 4, "ND", 0)]),
        ("SELECT b, COUNT(*), SUM(a), COUNT_DISTINCT(name) FROM t GROUP BY b HAVING COUNT(*) > 1", [(2, 2, 0, 2)]),
        ("SELECT `price` p FROM t WHERE id = 1 LIMIT 1", [(5,)]),
        ("SELECT 'it''s', 1.50, 1e2, TRUE, NULL, DECIMAL '2.5' FROM t WHERE id = 1", [("it's", 1.5, 100.0, 1, None, 2.5)]),
        ("SELECT WINDOWSTART, WINDOWEND, COUNT(*) FROM t WINDOW TUMBLING (SIZE 1 HOUR, GRACE PERIOD 1 DAY) GROUP BY 1 EMIT FINAL",
         [(0, 3_600_000, 2), (3_600_000, 7_200_000, 1), (7_200_000, 10_800_000, 1)]),
        ("SELECT l.id, r.order FROM t l JOIN u AS r WITHIN 5 SECONDS ON l.id = r.id", [(1, "x"), (3, "z")]),
        ("SELECT l.id, r.order FROM t l LEFT JOIN u AS r WITHIN (2 SECONDS, 8 SECONDS) ON l.id = r.id",
         [(1, "x"), (1, "y"), (2, None), (3, "z"), (4, None)]),
        ("SELECT t.* FROM t JOIN u ON t.id = u.id JOIN t v ON v.id = t.id WHERE u.order = 'z'", [(3, "ANDY", None, 0, 2.5, 3_600_000, 5)]),
        ("SELECT * FROM u WHERE id = 3 PARTITION BY id", [(3, 3_599_000, "z")]),
        ("SELECT id FROM t WHERE " + " OR ".join(f"id = {i}" for i in range(2, 900)), [(2,), (3,), (4,)]),
    ],
)  # fmt: skip
def test_sqlite_gives_our_answers(text: str, expected: list[tuple[Any, ...]]) -> None:
    assert _answer(text) == expected


@pytest.mark.parametrize(
    ("target", "text", "expected"),
    [
        ("duckdb", "SELECT a / b FROM t", "SELECT A // B FROM T"),
        ("duckdb", "SELECT x / b FROM t", "SELECT X / B FROM T"),
        ("postgres", "SELECT a / b FROM t", "SELECT A / NULLIF(B, 0) FROM T"),
        ("duckdb", "SELECT CAST(x AS INT) FROM t", "SELECT TRY_CAST(TRUNC(X) AS INT) FROM T"),
        ("postgres", "SELECT CAST(name AS BIGINT) FROM t", "SELECT CAST(NAME AS BIGINT) FROM T"),
        ("postgres", "SELECT CAST(x AS DOUBLE), CAST(a AS DECIMAL(4, 2)) FROM t",
         "SELECT CAST(X AS DOUBLE PRECISION), CAST(A AS DECIMAL(4, 2)) FROM T"),
        ("postgres", "SELECT 1e3 FROM t", "SELECT CAST(1000.0E0 AS DOUBLE PRECISION) FROM T"),
        ("postgres", "SELECT * FROM t WHERE name LIKE 'a\\b'", "SELECT * FROM T WHERE NAME LIKE 'a\\b' ESCAPE ''"),
        ("duckdb", "SELECT * FROM t WHERE name LIKE 'a%'", "SELECT * FROM T WHERE NAME LIKE 'a%'"),
        ("duckdb", "SELECT s->f->g, l[1], l[-1], m['k'] FROM t", "SELECT (S).F.G, L[1], L[-1], M['k'] FROM T"),
        ("postgres", "SELECT s->f->g, l[1] FROM t", "SELECT (S).F.G, L[1] FROM T"),
        ("duckdb", "SELECT ARRAY[1, 2], MAP('a' := 1), STRUCT(f := 1) FROM t",
         "SELECT [1, 2], MAP(['a'], [1]), {'F': 1} FROM T"),
        ("postgres", "SELECT ARRAY[1, 2] FROM t", "SELECT ARRAY[1, 2] FROM T"),
        ("duckdb", "SELECT CAST(ARRAY['1'] AS ARRAY<INT>) FROM t", "SELECT TRY_CAST(['1'] AS INT[]) FROM T"),
        ("postgres", "SELECT user, `Price` FROM t", 'SELECT "user", "Price" FROM T'),
        ("duckdb", "SELECT user FROM t", 'SELECT "USER" FROM T'),
        ("postgres", "SELECT * FROM t WHERE a IS NOT DISTINCT FROM b", "SELECT * FROM T WHERE A IS NOT DISTINCT FROM B"),
        ("duckdb", "SELECT COLLECT_LIST(a) FROM t GROUP BY b", "SELECT LIST(A) FROM T GROUP BY B"),
        ("duckdb", "SELECT * FROM a FULL JOIN b ON a.x = b.x", "SELECT * FROM A FULL JOIN B ON A.X = B.X"),
    ],
)  # fmt: skip
def test_spelling(target: Target, text: str, expected: str) -> None:
    assert to_sql(_query(text), target, columns=COLUMNS) == expected


@pytest.mark.parametrize(
    ("target", "text", "message"),
    [
        ("sqlite", "SELECT s->f FROM t", "SQLite cannot say fields of a STRUCT"),
        ("sqlite", "SELECT l[1] FROM t", "SQLite cannot say elements of an ARRAY or MAP"),
        ("sqlite", "SELECT ARRAY[1] FROM t", "SQLite cannot say an ARRAY"),
        ("sqlite", "SELECT MAP('a' := 1) FROM t", "SQLite cannot say a MAP"),
        ("sqlite", "SELECT STRUCT(a := 1) FROM t", "SQLite cannot say that STRUCT"),
        ("sqlite", "SELECT CAST(a AS DATE) FROM t", "SQLite cannot say that type"),
        ("sqlite", "SELECT 1.5 % 2 FROM t", 'SQLite cannot say "%" of fractions'),
        ("sqlite", "SELECT * FROM t WHERE a LIKE b", "its LIKE ignores case"),
        ("postgres", "SELECT l[-1] FROM t", "Postgres cannot say an element but by its positive number"),
        ("duckdb", "SELECT a / z FROM t", "give the types of the columns, or CAST its operands"),
        ("duckdb", "SELECT CAST(z AS INT) FROM t", "give the types of the columns"),
        ("duckdb", "SELECT TRANSFORM(l, x => x + 1) FROM t", "DuckDB cannot say a lambda"),
        ("duckdb", "SELECT DATEADD(DAYS, 1, d) FROM t", "DuckDB cannot say a time unit as an argument"),
        ("duckdb", "SELECT GEO_DISTANCE(1, 2) FROM t", 'DuckDB cannot say the function "GEO_DISTANCE"'),
        ("duckdb", "SELECT a AT TIME ZONE 'x' FROM t", "DuckDB cannot say AT TIME ZONE"),
        ("duckdb", "SELECT DATE '2020-01-01' FROM t", "DuckDB cannot say DATE literals"),
        ("duckdb", "SELECT s->* FROM t", 'DuckDB cannot say "->*"; list the fields'),
        ("duckdb", "SELECT 1 FROM t WINDOW SESSION (1 HOUR) GROUP BY a", "DuckDB cannot say a SESSION window"),
        ("duckdb", "SELECT 1 FROM t JOIN u ON t.a = u.a WINDOW TUMBLING (SIZE 1 HOUR) GROUP BY a", "a window over a join"),
        ("duckdb", "SELECT 1 FROM a JOIN b ON x JOIN c WITHIN 1 HOUR ON y", "WITHIN after another join"),
        ("sqlite", "SELECT " + "a + " * 3_000 + "1 FROM t", "too long a chain to be translated"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_named(target: Target, text: str, message: str) -> None:
    with pytest.raises(SqlError) as caught:
        to_sql(_query(text), target, columns=COLUMNS)

    assert message in str(caught.value)
    assert caught.value.span is not None


@pytest.mark.parametrize(
    ("read", "text", "expected"),
    [
        ("duckdb", "select id, price * 2 as p from bids where price > 10",
         "SELECT ID, PRICE * 2 AS P FROM BIDS WHERE PRICE > 10"),
        ("duckdb", "select a // b, a / b from t", "SELECT A / B, CAST(A AS DOUBLE) / B FROM T"),
        ("sqlite", "select a / b from t", "SELECT A / B FROM T"),
        ("duckdb", "select l[1], l[-1], m['k'], [1, 2], {'f': 1}, map {'a': 1} from t",
         "SELECT L[1], L[-1], M['k'], ARRAY[1, 2], STRUCT(F := 1), MAP('a' := 1) FROM T"),
        ("duckdb", "select s.f.g, (s).f, t.s.f, t.a from t", "SELECT S->F->G, S->F, T.S->F, T.A FROM T"),
        ("postgres", "select upper(a), lower(a), length(a), substring(a from 2 for 3), coalesce(a, 'x') from t",
         "SELECT UCASE(A), LCASE(A), LEN(A), SUBSTRING(A, 2, 3), COALESCE(A, 'x') FROM T"),
        ("postgres", 'select cast("A" as varchar), a::double precision, a::int from "T"',
         "SELECT CAST(A AS STRING), CAST(A AS DOUBLE), CAST(A AS INTEGER) FROM T"),
        ("postgres", "select a is not distinct from b, a is distinct from b from t",
         "SELECT A IS NOT DISTINCT FROM B, A IS DISTINCT FROM B FROM T"),
        ("postgres", "select b, count(*), count(distinct a), sum(x) from t group by b having count(*) > 1 limit 3",
         "SELECT B, COUNT(*), COUNT_DISTINCT(A), SUM(X) FROM T GROUP BY B HAVING COUNT(*) > 1 LIMIT 3"),
        ("sqlite", "select * from a left join b on a.x = b.x where y in (1, 2) and z not between 1 and 2",
         "SELECT * FROM A LEFT JOIN B ON A.X = B.X WHERE Y IN (1, 2) AND NOT Z BETWEEN 1 AND 2"),
        ("sqlite", "select case when a then 'it''s ${x}' else null end from t where b like 'x!%' escape '!'",
         "SELECT CASE WHEN A THEN 'it''s $${x}' ELSE NULL END FROM T WHERE B LIKE 'x!%' ESCAPE '!'"),
    ],
)  # fmt: skip
def test_from_sql(read: Target, text: str, expected: str) -> None:
    assert format_statement(from_sql(text, read)) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("select * from a order by b", "there is no ORDER BY"),
        ("select * from (select 1)", "there are no subqueries"),
        ("with x as (select 1 as a) select * from x", "there are no common table expressions"),
        ("select distinct a from b", "use GROUP BY"),
        ("select * from a, b", "there are no comma joins"),
        ("select a from b group by 1", "GROUP BY takes no positions"),
        ("select 1", "expected"),
        ("insert into a values (1)", "not one SELECT of DuckDB"),
        ("select 1 from a; select 2 from a", "not one SELECT of DuckDB"),
        ("select from from from", "DuckDB"),
        ("select (" * 500, "nested too deeply"),
        ("", "not one SELECT of DuckDB"),
    ],
)
def test_what_is_not_ours_is_refused(text: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        from_sql(text, "duckdb")

    assert message in str(caught.value)


@pytest.mark.parametrize("target", ["duckdb", "postgres"])
def test_there_and_back(target: Target) -> None:
    query = _query(
        "SELECT A.ID, LEN(A.NAME) AS L, COUNT(*) FROM A JOIN B ON A.ID = B.ID WHERE A.X > 1.5 AND A.N LIKE 'x%' GROUP BY A.ID"
    )

    assert from_sql(to_sql(query, target), target) == query


def test_the_dialect_is_known_to_sqlglot() -> None:
    assert sqlglot.transpile("SELECT UPPER(a) FROM b", read="duckdb", write="headrace") == ["SELECT UCASE(A) FROM B"]


def test_the_parser_does_not_load_sqlglot() -> None:
    program = "import sys, headrace.parser as p; p.parse('SHOW TABLES;'); sys.exit('sqlglot' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
