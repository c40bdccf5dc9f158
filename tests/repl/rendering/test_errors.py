"""Mistakes shown with their line and a caret."""

from headrace.parser.errors import Span, SqlError
from headrace.repl.rendering.errors import describe, moved


def test_describe_names_file_line_and_column() -> None:
    error = SqlError("no such column", span=Span(2, 8, 17, 21), hint='did you mean "NAME"?')

    shown = describe(error, "SELECT *\nSELECT nmae FROM s;", file="a.sql")

    assert shown == 'a.sql:2:8: no such column; did you mean "NAME"?\n  SELECT nmae FROM s;\n         ^^^^'


def test_describe_leaves_the_place_out_of_a_single_line() -> None:
    assert describe(SqlError("bad", span=Span(1, 1, 0, 3)), "abc;") == "bad\n  abc;\n  ^^^"


def test_describe_without_a_place() -> None:
    assert describe(SqlError("bad"), "abc", file="a.sql") == "a.sql: bad"


def test_tabs_keep_the_caret_below_its_word() -> None:
    assert describe(SqlError("bad", span=Span(1, 2, 1, 2)), "\tx").endswith("  \tx\n  \t^")


def test_long_lines_are_cut_around_the_place() -> None:
    text = "x" * 300 + "HERE" + "y" * 300

    line, caret = describe(SqlError("bad", span=Span(1, 301, 300, 304)), text).split("\n")[1:]

    assert line[caret.index("^") : caret.rindex("^") + 1] == "HERE"
    assert len(line) < 200


def test_moved_counts_from_where_the_statement_starts() -> None:
    first_line = moved(SqlError("bad", span=Span(1, 8, 7, 9)), Span(5, 3, 100, 150)).span
    later_line = moved(SqlError("bad", span=Span(2, 8, 20, 22)), Span(5, 3, 100, 150)).span

    assert (first_line, later_line) == (Span(5, 10, 107, 109), Span(6, 8, 120, 122))
