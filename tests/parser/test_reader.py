"""Every statement form of the language inventory, each with its node."""

import pytest

from headrace.parser import ParseError, Span, format_statement, parse, parse_all, parse_columns, parse_type
from headrace.parser.expressions import ColumnRef, IntegerLiteral, StringLiteral
from headrace.parser.statements import (
    AliasedSource,
    AllColumns,
    AlterSource,
    AlterSystem,
    AssertNullValues,
    AssertSchema,
    AssertSource,
    AssertTopic,
    AssertValues,
    ColumnDefinition,
    ColumnRole,
    ControlQuery,
    CreateAsSelect,
    CreateConnector,
    CreateSource,
    CreateType,
    DefineVariable,
    Describe,
    DropConnector,
    DropSource,
    DropType,
    Duration,
    Explain,
    InsertSelect,
    InsertValues,
    Join,
    Print,
    Property,
    Query,
    RunScript,
    SelectItem,
    SetProperty,
    Show,
    Spool,
    Statement,
    StructAll,
    UndefineVariable,
    UnsetProperty,
    Window,
    Within,
)
from headrace.parser.types import ArrayType, DecimalType, MapType, NamedType, StructType, TypeName

INT, STRING = NamedType("INT"), NamedType("STRING")
X = ColumnDefinition("X", INT)
FROM_A = Query((AllColumns(),), AliasedSource("A", "A"))
P = Property("P", StringLiteral("v"))
ONE = IntegerLiteral(1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * FROM a", FROM_A),
        ("SHOW PROPERTIES", Show("PROPERTIES")),
        ("LIST ALL TOPICS EXTENDED", Show("TOPICS", True, True)),
        ("SHOW STREAMS EXTENDED", Show("STREAMS", True)),
        ("SHOW TABLES", Show("TABLES")),
        ("SHOW FUNCTIONS", Show("FUNCTIONS")),
        ("SHOW SINK CONNECTORS", Show("CONNECTORS", connector_kind="SINK")),
        ("SHOW CONNECTOR PLUGINS", Show("CONNECTOR PLUGINS")),
        ("SHOW TYPES", Show("TYPES")),
        ("SHOW VARIABLES", Show("VARIABLES")),
        ("SHOW QUERIES EXTENDED", Show("QUERIES", True)),
        ("DESCRIBE a EXTENDED", Describe("SOURCE", "A", True)),
        ("DESCRIBE STREAMS", Describe("STREAMS")),
        ("DESCRIBE TABLES EXTENDED", Describe("TABLES", None, True)),
        ("DESCRIBE `TABLES`", Describe("SOURCE", "TABLES")),
        ("DESCRIBE FUNCTION abs", Describe("FUNCTION", "ABS")),
        ("DESCRIBE FUNCTION", Describe("SOURCE", "FUNCTION")),
        ("DESCRIBE CONNECTOR c", Describe("CONNECTOR", "C")),
        ("PRINT Foo FROM BEGINNING INTERVAL 3 LIMIT 4", Print("Foo", True, 3, 4)),
        ("PRINT 'a-b' SAMPLE 2", Print("a-b", interval=2)),
        ("TERMINATE csas_x_1", ControlQuery("TERMINATE", "CSAS_X_1")),
        ("PAUSE ALL", ControlQuery("PAUSE", None)),
        ("RESUME q", ControlQuery("RESUME", "Q")),
        ("SET 'a' = 'b'", SetProperty("a", "b")),
        ("UNSET 'a'", UnsetProperty("a")),
        ("ALTER SYSTEM 'a' = 'b'", AlterSystem("a", "b")),
        ("DEFINE x = 'it''s'", DefineVariable("X", "it's")),
        ("UNDEFINE x", UndefineVariable("X")),
        ("CREATE STREAM s (x INT)", CreateSource("STREAM", "S", (X,))),
        (
            "CREATE OR REPLACE SOURCE TABLE IF NOT EXISTS s (x INT) WITH (p='v')",
            CreateSource("TABLE", "S", (X,), (P,), True, True, True),
        ),
        ("CREATE STREAM if WITH ('p'='v')", CreateSource("STREAM", "IF", (), (P,))),
        (
            "CREATE OR REPLACE TABLE IF NOT EXISTS t WITH (P='v') AS SELECT * FROM a",
            CreateAsSelect("TABLE", "T", FROM_A, (P,), True, True),
        ),
        (
            "CREATE SOURCE CONNECTOR IF NOT EXISTS c WITH (\"a.B\"='v')",
            CreateConnector("SOURCE", "C", (Property("a.B", StringLiteral("v")),), True),
        ),
        ("INSERT INTO s SELECT * FROM a", InsertSelect("S", FROM_A)),
        ("INSERT INTO s WITH (p='v') SELECT * FROM a", InsertSelect("S", FROM_A, (P,))),
        ("INSERT INTO s VALUES (1, 'a')", InsertValues("S", (), (ONE, StringLiteral("a")))),
        ("INSERT INTO s (a, `b`) VALUES (1, (1))", InsertValues("S", ("A", "b"), (ONE, ONE))),
        ("DROP STREAM IF EXISTS s DELETE TOPIC", DropSource("STREAM", "S", True, True)),
        ("DROP TABLE t", DropSource("TABLE", "T")),
        ("DROP CONNECTOR IF EXISTS c", DropConnector("C", True)),
        ("EXPLAIN SELECT * FROM a", Explain(FROM_A)),
        ("EXPLAIN (CODE) SELECT * FROM a", Explain(FROM_A, True)),
        ("EXPLAIN q_1", Explain("Q_1")),
        ("EXPLAIN SHOW", Explain("SHOW")),
        ("CREATE TYPE IF NOT EXISTS t AS INT", CreateType("T", INT, True)),
        ("DROP TYPE IF EXISTS t", DropType("T", True)),
        ("ALTER STREAM s ADD x INT, ADD COLUMN x INT", AlterSource("STREAM", "S", (X, X))),
        ("ALTER TABLE s ADD COLUMN INT", AlterSource("TABLE", "S", (ColumnDefinition("COLUMN", INT),))),
        ("ASSERT TOPIC foo", AssertTopic("foo")),
        (
            "ASSERT NOT EXISTS TOPIC 'a-b' WITH (P='v') TIMEOUT 10 SECONDS",
            AssertTopic("a-b", (P,), Duration(10, "SECONDS"), False),
        ),
        ("ASSERT SCHEMA SUBJECT s ID 3 TIMEOUT 1 SECOND", AssertSchema("s", 3, Duration(1, "SECONDS"))),
        ("ASSERT NOT EXISTS SCHEMA SUBJECT id", AssertSchema("id", exists=False)),
        ("ASSERT VALUES s (x) VALUES (1)", AssertValues("S", ("X",), (ONE,))),
        ("ASSERT NULL VALUES s (x) KEY (1)", AssertNullValues("S", ("X",), (ONE,))),
        ("ASSERT STREAM s (x INT) WITH (p='v')", AssertSource("STREAM", "S", (X,), (P,))),
        ("ASSERT TABLE t", AssertSource("TABLE", "T", ())),
        ("RUN SCRIPT 'x.sql'", RunScript("x.sql")),
        ("SPOOL 'log'", Spool("log")),
        ("spool off", Spool(None)),
    ],
)
def test_statements(text: str, expected: Statement) -> None:
    (statement,) = parse(f"{text};")

    assert statement == expected
    assert statement.text == text
    assert parse(format_statement(statement) + ";") == [expected]


HOUR = Duration(1, "HOURS")


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ("WINDOW TUMBLING (SIZE 1 HOUR)", {"window": Window("TUMBLING", HOUR)}),
        (
            "WINDOW w HOPPING (SIZE 1 HOUR, ADVANCE BY 1 HOUR, RETENTION 1 HOUR, GRACE PERIOD 1 HOUR)",
            {"window": Window("HOPPING", HOUR, HOUR, HOUR, HOUR, "W")},
        ),
        ("WINDOW session SESSION (1 HOURS)", {"window": Window("SESSION", HOUR, name="SESSION")}),
        ("WHERE x", {"where": ColumnRef("X")}),
        ("GROUP BY x, y", {"group_by": (ColumnRef("X"), ColumnRef("Y"))}),
        ("GROUP BY (x, y)", {"group_by": (ColumnRef("X"), ColumnRef("Y"))}),
        ("GROUP BY (x), y", {"group_by": (ColumnRef("X"), ColumnRef("Y"))}),
        ("PARTITION BY x", {"partition_by": (ColumnRef("X"),)}),
        ("HAVING x", {"having": ColumnRef("X")}),
        ("EMIT CHANGES", {"emit": "CHANGES"}),
        ("EMIT FINAL LIMIT 3", {"emit": "FINAL", "limit": 3}),
        ("emit", {"relation": AliasedSource("A", "EMIT")}),
        ("partition", {"relation": AliasedSource("A", "PARTITION")}),
        ("emit EMIT CHANGES", {"relation": AliasedSource("A", "EMIT"), "emit": "CHANGES"}),
        ("AS b", {"relation": AliasedSource("A", "B")}),
        (
            "JOIN b ON x",
            {"relation": Join(AliasedSource("A", "A"), "INNER", AliasedSource("B", "B"), None, ColumnRef("X"))},
        ),
        (
            "FULL OUTER JOIN b WITHIN (1 HOUR, 2 DAYS) GRACE PERIOD 1 HOUR ON x",
            {
                "relation": Join(
                    AliasedSource("A", "A"),
                    "FULL",
                    AliasedSource("B", "B"),
                    Within(HOUR, Duration(2, "DAYS"), HOUR),
                    ColumnRef("X"),
                )
            },
        ),
    ],
)
def test_clauses(clauses: str, expected: dict[str, object]) -> None:
    (query,) = parse(f"SELECT * FROM a {clauses};")

    assert {name: getattr(query, name) for name in expected} == expected
    assert parse(format_statement(query) + ";") == [query]


def test_select_items() -> None:
    (query,) = parse("SELECT a b, a AS b, *, s.*, a->b->*, a emit FROM c;")

    assert isinstance(query, Query)
    assert [type(item) for item in query.items] == [
        SelectItem,
        SelectItem,
        AllColumns,
        AllColumns,
        StructAll,
        SelectItem,
    ]
    assert query.items[5] == SelectItem(ColumnRef("A"), "EMIT")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("int", INT),
        ("VARCHAR(10)", NamedType("VARCHAR", (10,))),
        ("VARCHAR(STRING)", NamedType("VARCHAR", ("STRING",))),
        ("DECIMAL(4, 2)", DecimalType(4, 2)),
        ("INT ARRAY ARRAY", ArrayType(ArrayType(INT))),
        ("MAP<STRING, ARRAY<INT>>", MapType(STRING, ArrayType(INT))),
        ("STRUCT<a INT, `b` STRUCT<>>", StructType((("A", INT), ("b", StructType(()))))),
        ("STRUCT< >", StructType(())),
        ("`my type`", NamedType("my type")),
    ],
)
def test_types(text: str, expected: TypeName) -> None:
    assert parse_type(text) == expected


def test_columns() -> None:
    columns = parse_columns("k INT KEY, p INT PRIMARY KEY, h INT HEADERS, `h` INT HEADER('x'), key INT")

    assert [(column.name, column.role, column.header_key) for column in columns] == [
        ("K", ColumnRole.KEY, None),
        ("P", ColumnRole.PRIMARY_KEY, None),
        ("H", ColumnRole.HEADERS, None),
        ("h", ColumnRole.HEADERS, "x"),
        ("KEY", ColumnRole.VALUE, None),
    ]
    assert parse_columns(" ") == ()


def test_texts_and_places_of_nested_statements() -> None:
    (statement,) = parse("-- first\nCREATE STREAM s AS /* why */ SELECT * FROM a ;")

    assert isinstance(statement, CreateAsSelect)
    assert statement.text == "CREATE STREAM s AS /* why */ SELECT * FROM a"
    assert statement.query.text == "SELECT * FROM a"
    assert statement.span == Span(2, 1, 9, 53)


def test_the_errors_of_a_text_are_collected() -> None:
    statements, errors = parse_all("SHOW TABLES;\nSELEC 1;\nSELECT FROM a;\nSHOW STREAMS;\nSHOW")

    assert statements == [Show("TABLES"), Show("STREAMS")]
    assert [(error.span.line, error.span.column) for error in errors if error.span] == [(2, 1), (3, 8), (5, 5)]


def test_a_statement_needs_its_semicolon() -> None:
    with pytest.raises(ParseError, match="not terminated"):
        parse("SHOW TABLES")
