"""Parts of a text and the words that may follow it."""

import pytest

from headrace.parser import complete, highlight
from headrace.parser.keywords import KEYWORDS


def _parts(text: str) -> list[tuple[str, str]]:
    return [(text[start:end], kind) for start, end, kind in highlight(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select key", [("select", "keyword"), ("key", "name")]),
        ("FROM emit EMIT CHANGES", [("FROM", "keyword"), ("emit", "keyword"), ("EMIT", "keyword"), ("CHANGES", "keyword")]),
        ("PRINT emit", [("PRINT", "keyword"), ("emit", "name")]),
        ("SELECT f(x)", [("SELECT", "keyword"), ("f", "function"), ("(", "punctuation"), ("x", "name"), (")", "punctuation")]),
        ("DROP TYPE a;", [("DROP", "keyword"), ("TYPE", "keyword"), ("a", "name"), (";", "punctuation")]),
        ("CREATE TYPE a AS b", [("CREATE", "keyword"), ("TYPE", "keyword"), ("a", "name"), ("AS", "keyword"), ("b", "type")]),
        ("SELECT 1.5, 1e3", [("SELECT", "keyword"), ("1.5", "number"), (",", "punctuation"), ("1e3", "number")]),
        ("SELECT `a` -> \"b\"", [("SELECT", "keyword"), ("`a`", "quoted name"), ("->", "operator"), ('"b"', "quoted name")]),
        ("'a${b}c'", [("'a", "string"), ("${b}", "variable"), ("c'", "string")]),
        ("SELECT ${x} a", [("SELECT", "keyword"), ("${x}", "variable"), ("a", "name")]),
        ("--@test: a\n-- b\n/* c\n*/", [("--@test: a", "directive"), ("-- b", "comment"), ("/* c\n*/", "comment")]),
        ("DESCRIBE a -- b; c", [("DESCRIBE", "keyword"), ("a", "name"), ("-- b; c", "comment")]),
        ("'open", [("'open", "string")]),
        ("/* open", [("/* open", "comment")]),
        ("`open", [("`open", "quoted name")]),
        ("a # é", [("a", "name"), ("#", "error"), ("é", "error")]),
        ("", []),
    ],
)  # fmt: skip
def test_highlight(text: str, expected: list[tuple[str, str]]) -> None:
    assert _parts(text) == expected


def test_keywords_of_each_statement_are_found() -> None:
    text = "CREATE STREAM s (key INT KEY); SELECT key FROM s PARTITION BY key EMIT CHANGES;"

    assert [word for word, kind in _parts(text) if kind == "name"] == ["s", "key", "key", "s", "key"]


@pytest.mark.parametrize(
    "text", ["SELECT " + "(" * 10_000, "a b " * 20_000, "\0\ud800", "${" * 999, "EMIT " * 9_000, ";" * 9_000]
)
def test_odd_texts_are_covered_in_order(text: str) -> None:
    parts = highlight(text)

    ends = [0, *(end for _, end, _ in parts)]
    assert all(before <= start < end <= len(text) for before, (start, end, _) in zip(ends, parts))
    assert complete(text).prefix in text


@pytest.mark.parametrize(
    ("text", "keywords", "takes_name", "prefix"),
    [
        ("SHOW T", ("TABLES", "TOPICS", "TYPES"), False, "T"),
        ("CREATE ", ("OR", "SINK", "SOURCE", "STREAM", "TABLE", "TYPE"), False, ""),
        ("SHOW TABLES; drop s", ("STREAM",), False, "s"),
        ("SELECT a FROM b WI", ("WINDOW",), True, "WI"),
        ("SELECT a FROM ${b} LIM", ("LIMIT",), True, "LIM"),
        ("DESCRIBE FUNCTION ", (), True, ""),
        ("SELECT SELECT a", (), False, ""),
        ("SELECT # a", (), False, ""),
        ("SELECT 'op", (), False, ""),
    ],
)
def test_complete(text: str, keywords: tuple[str, ...], takes_name: bool, prefix: str) -> None:
    found = complete(text)

    assert (found.keywords, found.takes_name, found.prefix) == (keywords, takes_name, prefix)


def test_statements_begin_with_keywords() -> None:
    found = complete("")

    assert {"SELECT", "CREATE", "EXPLAIN", "ASSERT", "SPOOL"} <= set(found.keywords) <= KEYWORDS
