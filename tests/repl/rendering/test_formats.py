"""The output formats, on one small result."""

import json

import pytest

from headrace.engine.results import Description
from headrace.engine.types.sqltype import BIGINT, STRING
from headrace.repl.rendering.formats import rendering
from headrace.repl.rendering.grid import Grid, Row
from headrace.repl.rendering.results import render
from headrace.repl.rendering.table import box

GRID = Grid(("NAME", "N"), (STRING, BIGINT))
ROWS = [Row(("a|b", 1)), Row((None, 20)), Row(("c", None), deleted=True)]

EXPECTED = {
    "ndjson": '{"NAME":"a|b","N":1}\n{"NAME":null,"N":20}\n{"NAME":"c","N":null}\n',
    "json": '[\n  {"NAME":"a|b","N":1},\n  {"NAME":null,"N":20},\n  {"NAME":"c","N":null}\n]\n',
    "csv": "NAME,N\na|b,1\n,20\nc,\n",
    "markdown": "| NAME | N |\n| --- | ---: |\n| a\\|b | 1 |\n| NULL | 20 |\n| c | NULL |\n",
    "table": (
        " NAME |         N\n------+-----------\n a|b  |         1\n NULL |        20\n c    | <deleted>\n3 rows\n"
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_rendering(name: str) -> None:
    assert "".join(rendering(name)(GRID, ROWS)) == EXPECTED[name]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("ndjson", ""), ("json", "[]\n"), ("csv", "NAME,N\n"), ("table", " NAME | N\n------+---\n0 rows\n")],
)
def test_rendering_of_no_rows(name: str, expected: str) -> None:
    assert "".join(rendering(name)(GRID, [])) == expected


@pytest.mark.parametrize(
    ("value", "field"),
    [("", '""'), ("a,b", '"a,b"'), ('a"b', '"a""b"'), ("a\nb", '"a\nb"'), (None, "")],
    ids=["empty", "comma", "quote", "line end", "null"],
)
def test_csv_quotes_what_needs_it(value: str | None, field: str) -> None:
    (_, line) = rendering("csv")(Grid(("A",), (STRING,)), [Row((value,))])

    assert line == field + "\n"


def test_json_of_facts_keeps_numbers() -> None:
    written = "".join(rendering("json")(Grid.plain(("Partitions", "Windowed")), [Row((3, False))]))

    assert json.loads(written) == [{"Partitions": 3, "Windowed": False}]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ndjson", '{"Field":"ID","Type":"INTEGER"}\n{"Fact":"Type","Value":"STREAM"}\n'),
        ("csv", "Field,Type\nID,INTEGER\n\nFact,Value\nType,STREAM\n"),
    ],
)
def test_descriptions_have_facts_in_every_format(name: str, expected: str) -> None:
    described = Description("source", "S", columns=(("ID", "INTEGER"),), facts=(("Type", "STREAM"),))

    assert "".join(render(described, name)) == expected


def test_rows_of_a_running_query_come_one_by_one() -> None:
    rows = iter([Row(("a", 1)), Row(("b", 2))])
    pieces = rendering("table", live=True)(GRID, rows)

    seen = [next(pieces) for _ in range(3)]

    assert seen[-1] == " a                    |              1\n"
    assert next(rows) == Row(("b", 2))


def test_box() -> None:
    written = "".join(rendering("table", style=box(80))(GRID, ROWS[:1]))

    assert written == "┌──────┬───┐\n│ NAME │ N │\n├──────┼───┤\n│ a|b  │ 1 │\n└──────┴───┘\n1 row\n"


def test_wide_table_is_clipped_to_the_terminal() -> None:
    wide = Row(("x" * 100, 1))

    lines = list(rendering("table", style=box(40))(GRID, [wide]))

    assert {len(line.rstrip("\n")) for line in lines[:-1]} == {40}
    assert "x…" in lines[3]


def test_names_in_the_first_column_stay_whole() -> None:
    grid = Grid.plain(("Property", "Value", "Meaning"))
    row = Row(("a.name.of.18.signs", "x" * 40, "y" * 40))

    line = list(rendering("table", style=box(60))(grid, [row]))[3]

    assert line.startswith("│ a.name.of.18.signs │ xxx")
    assert len(line.rstrip("\n")) == 60


def test_control_characters_never_reach_the_terminal() -> None:
    written = "".join(rendering("table")(GRID, [Row(("\x1b[31m\r\n\u202e", 1))]))

    assert "\\x1b[31m\\r\\n\\u202e" in written


def test_wide_characters_keep_columns_aligned() -> None:
    written = "".join(rendering("table")(GRID, [Row(("日本", 1)), Row(("abcd", 2))]))

    assert " 日本 | 1\n abcd | 2\n" in written
