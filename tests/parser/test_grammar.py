"""The tables belong to the documents, and the words of the grammar to the keyword table."""

import json
import subprocess
import sys

import pytest

from headrace.parser import grammar
from headrace.parser.actions import ACTIONS
from headrace.parser.grammar.build import TABLES, build, document, dump
from headrace.parser.keywords import AMBIGUOUS, EXTENSIONS, KEYWORDS, NON_RESERVED, RESERVED, is_reserved

_UNUSED_RESERVED = [
    "CATALOG",
    "EXPORT",
    "LOAD",
    "MATERIALIZED",
    "MONTHS",
    "NAMESPACE",
    "QUERY",
    "RENAME",
    "TO",
    "VIEW",
    "YEARS",
]


def test_tables_are_not_stale() -> None:
    assert TABLES.read_text(encoding="utf-8") == dump(build(document())), "run python -m headrace.parser.grammar.build"


def test_tables_are_plain_data() -> None:
    assert set(json.loads(TABLES.read_text(encoding="utf-8"))) == {
        "patterns",
        "literals",
        "terminals",
        "rules",
        "rows",
        "states",
        "starts",
    }


def test_a_grammar_that_leaves_a_choice_is_refused() -> None:
    ambiguous = document() + '\nchoice: "A" choice | choice "A" | "A"\n'

    with pytest.raises(Exception, match="Shift/Reduce"):
        build(ambiguous.replace("?statement: query", "?statement: query | choice"))


def test_every_rule_has_an_action_and_every_action_a_rule() -> None:
    called = {rule.name for rule in grammar.load().rules if rule.kind == grammar.CALL}

    assert called == set(ACTIONS)


def test_keywords_of_the_grammar_are_in_the_table() -> None:
    words = {word for word in grammar.load().literals if word.isalpha()}

    assert words <= KEYWORDS
    assert RESERVED - words == set(_UNUSED_RESERVED)


def test_keyword_counts_are_those_of_the_inventory() -> None:
    assert (len(RESERVED), len(NON_RESERVED)) == (88, 57)
    assert not RESERVED & (NON_RESERVED | EXTENSIONS)
    assert AMBIGUOUS <= NON_RESERVED | EXTENSIONS


@pytest.mark.parametrize(("word", "reserved"), [("select", True), ("Size", True), ("emit", False), ("orders", False)])
def test_reserved_words(word: str, reserved: bool) -> None:
    assert is_reserved(word) is reserved


def test_reading_needs_no_lark() -> None:
    program = "import sys, headrace.parser as p; p.parse('SHOW TABLES;'); sys.exit('lark' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
