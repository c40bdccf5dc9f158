"""Every form of the language inventory is read and has a name."""

from pathlib import Path

import pytest

from headrace.parser import form_of, parse
from headrace.parser.forms import FORMS

CORPUS = Path(__file__).with_name("corpus.sql")


def test_there_are_57_forms() -> None:
    assert len(FORMS) == len(set(FORMS)) == 57


def test_the_corpus_has_every_form() -> None:
    statements = parse(CORPUS.read_text(encoding="utf-8"))

    assert {form_of(statement) for statement in statements} == set(FORMS)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("LIST SINK CONNECTORS;", "SHOW CONNECTORS"),
        ("SPOOL OFF;", "SPOOL"),
        ("EXPLAIN (CODE) a;", "EXPLAIN query id"),
        ("DESCRIBE a EXTENDED;", "DESCRIBE"),
    ],
)
def test_form(text: str, form: str) -> None:
    (statement,) = parse(text)

    assert form_of(statement) == form
