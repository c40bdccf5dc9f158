"""`${name}` is one name, one literal, or text in quotes: never more."""

import pytest

from headrace.parser import ParseError, format_statement, parse


@pytest.mark.parametrize(
    ("text", "value", "canonical"),
    [
        ("SELECT ${x} FROM a", "price", "SELECT PRICE FROM A"),
        ("SELECT ${X} FROM a", "`price`", "SELECT `price` FROM A"),
        ("SELECT a-${x} FROM a", "-5", "SELECT A - -5 FROM A"),
        ("SELECT ${x} FROM a", "'it''s'", "SELECT 'it''s' FROM A"),
        ("SELECT ${x} FROM a", "true", "SELECT TRUE FROM A"),
        ("SELECT ${x} FROM a", "1e3", "SELECT 1000.0E0 FROM A"),
        ("SELECT ${x} FROM a", "emit", "SELECT `EMIT` FROM A"),
        ("SELECT '<${x}>' FROM a", "' OR 1=1; --", "SELECT '<'' OR 1=1; -->' FROM A"),
        ("SELECT `<${x}>` FROM a", "b`c", "SELECT `<b``c>` FROM A"),
        ("SELECT '${y}' FROM a", "z", "SELECT '$${y}' FROM A"),
        ("SELECT '$${x}' FROM a", "z", "SELECT '$${x}' FROM A"),
        ("CREATE STREAM ${x} WITH (p='t_${x}')", "s", "CREATE STREAM S WITH (P = 't_s')"),
    ],
)
def test_substitution(text: str, value: str, canonical: str) -> None:
    (statement,) = parse(f"{text};", variables={"x": value})

    assert format_statement(statement) == canonical
    assert parse(f"{statement.text};") == [statement]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("a, b", "neither a name nor a literal"),
        ("a FROM b; DROP STREAM c", "neither a name nor a literal"),
        ("", "neither a name nor a literal"),
        ("select", "neither a name nor a literal"),
        ("-a", "neither a name nor a literal"),
        ("1 -- x", "neither a name nor a literal"),
        ("'open", "neither a name nor a literal"),
    ],
)
def test_values_cannot_change_the_shape(value: str, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        parse("SELECT ${x} FROM a;", variables={"X": value})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT ${y} FROM a;", 'Variable "y" is not defined'),
        ("SELECT $${x} FROM a;", "stands outside quotes"),
        ("DEFINE y = 'a'; UNDEFINE y; SELECT ${y} FROM a;", 'Variable "y" is not defined'),
    ],
)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(ParseError, match=message.replace("$", r"\$")):
        parse(text, variables={"x": "b"})


def test_definitions_hold_for_the_statements_after_them() -> None:
    statements = parse("DEFINE a = 'b'; DEFINE c = '${a}_d'; SELECT ${C} FROM ${a};")

    assert format_statement(statements[2]) == "SELECT B_D FROM B"
    assert statements[2].text == "SELECT b_d FROM b"


def test_text_in_which_values_meet() -> None:
    (statement,) = parse("SELECT ${x}${x} FROM a;", variables={"x": "b"})

    assert statement.text == "SELECT b b FROM a"


def test_values_that_double_each_other_are_stopped() -> None:
    text = "DEFINE a = '0123456789';" + "DEFINE a = '${a}${a}';" * 40

    with pytest.raises(ParseError, match="more than 1000000 characters"):
        parse(text)
