"""The text that is written: flat, lazy, and no user's words in it."""

from collections.abc import Callable
from typing import Any

import pytest

from headrace.engine.analysis.binder import bind
from headrace.engine.analysis.scope import Scope
from headrace.engine.codegen.evaluate import evaluate
from headrace.engine.codegen.expression import ExpressionWriter
from headrace.engine.codegen.source import Code
from headrace.engine.functions.registry import default_registry
from headrace.engine.types.sqltype import BIGINT, INTEGER, STRING, Struct
from headrace.parser.expressions import (
    Arithmetic,
    ArrayConstructor,
    Case,
    Cast,
    ColumnRef,
    Comparison,
    Dereference,
    DoubleLiteral,
    Expression,
    FunctionCall,
    InList,
    IntegerLiteral,
    Like,
    StringLiteral,
    StructConstructor,
    When,
)
from headrace.parser.types import NamedType

HOSTILE = [
    "'",
    '"',
    "\\",
    "\n",
    "\r\n",
    "\u2028",
    "'''",
    "a'); import os; os.abort() #",
    "\nraise SystemExit",
    "{k_0}",
    "%s",
    "\x00",
    "\ud800",
    "`",
    "c0",
    "__import__",
    "# comment",
    "é\U0001f600",
]


def plain(text: str) -> str:
    """The text without wildcards."""
    return text.replace("%", "").replace("_", "")


def test_a_guarded_product_is_one_line() -> None:
    code = Code()
    writer = _writer(code)
    price = _bound(Arithmetic("*", ColumnRef("PRICE"), DoubleLiteral(0.908)))
    assert writer.column(price, "price") == "o0"
    assert code.text == "o0 = c1 * k_0 if c1 is not None else problems.failed(0, r, null_operand_1)\n"


def test_columns_known_to_be_not_null_are_not_tested() -> None:
    code = Code()
    writer = ExpressionWriter(
        code, {"PRICE": "c1"}, nullable={"PRICE": False}, site=lambda t: 0, record="r", problems="problems"
    )
    assert writer.column(_bound(Arithmetic("*", ColumnRef("PRICE"), DoubleLiteral(0.908))), "price") == "o0"
    assert code.text == "o0 = c1 * k_0\n"


def test_a_comparison_is_an_expression() -> None:
    code = Code()
    writer = _writer(code)
    assert (
        writer.predicate(_bound(Comparison(">", ColumnRef("PRICE"), IntegerLiteral(1000))), "")
        == "(c1 is not None and c1 > k_0)"
    )
    assert code.text == "\n"


def test_a_column_is_its_variable() -> None:
    code = Code()
    assert _writer(code).column(_bound(ColumnRef("PRICE")), "") == "c1"
    assert code.text == "\n"


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
@pytest.mark.parametrize(
    "wrap",
    [
        lambda t: StringLiteral(t),
        lambda t: Arithmetic("+", StringLiteral(t), ColumnRef(t)),
        lambda t: Comparison("=", ColumnRef(t), StringLiteral(t)),
        lambda t: InList(ColumnRef(t), (StringLiteral(t), ColumnRef(t))),
        lambda t: Like(ColumnRef(t), StringLiteral(plain(t) + "%")),
        lambda t: Like(ColumnRef(t), StringLiteral("%" + plain(t) + "x%")),
        lambda t: Dereference(StructConstructor(((t, StringLiteral(t)),)), t),
        lambda t: FunctionCall("CONCAT", (ColumnRef(t), StringLiteral(t))),
        lambda t: FunctionCall("REPLACE", (ColumnRef(t), StringLiteral(t), StringLiteral("x"))),
        lambda t: ArrayConstructor((StringLiteral(t), ColumnRef(t))),
        lambda t: Cast(ColumnRef(t), NamedType("INT")),
        lambda t: Case((When(Comparison("=", ColumnRef(t), StringLiteral(t)), StringLiteral(t)),), ColumnRef(t)),
    ],
    ids=["literal", "plus", "equal", "in", "like", "contains", "field", "concat", "replace", "array", "cast", "case"],
)
def test_no_users_words_are_in_the_text(wrap: Callable[[str], Expression], text: str) -> None:
    bound = bind(wrap(text), Scope.of({text: STRING}), default_registry())
    plain = bind(wrap("WORD"), Scope.of({"WORD": STRING}), default_registry())
    assert _source(bound, text) == _source(plain, "WORD")


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_text_comes_through(text: str) -> None:
    bound = bind(Dereference(StructConstructor(((text, StringLiteral(text)),)), text), Scope(), default_registry())
    assert evaluate(bound) == text


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        (" + ".join(["I"] * 150), {"I": 1}, 150),
        (" OR ".join(f"I = {n}" for n in range(150)), {"I": 149}, True),
        ("(" * 45 + "I" + " + 1) * 1" * 45, {"I": 1}, 46),
        (
            "".join(f"CASE WHEN I > {n} THEN " for n in range(45)) + "1 " + "ELSE CAST(S AS INT) END " * 45,
            {"I": 100, "S": "4"},
            1,
        ),
        ("ABS(CAST(S AS INT) + " * 45 + "1" + ")" * 45, {"S": "4"}, 181),
        (
            "".join(f"ABS(CASE WHEN I > {n} THEN CAST(S AS INT) + " for n in range(30)) + "1" + " END)" * 30,
            {"I": 100, "S": "4"},
            121,
        ),
        (
            "CASE " + " ".join(f"WHEN I = {n} THEN CAST(S AS INT) + {n}" for n in range(1500)) + " END",
            {"I": 1499, "S": "1"},
            1500,
        ),
        ("CASE " + " ".join(f"WHEN I = {n} THEN {n}" for n in range(1500)) + " END", {"I": 1499}, 1499),
        ("I IN (" + ", ".join(map(str, range(2000))) + ")", {"I": 1999}, True),
    ],
    ids=[
        "sum",
        "or",
        "parentheses",
        "nested case",
        "nested calls",
        "nested lazy calls",
        "long case",
        "long plain case",
        "long in",
    ],
)
def test_deep_and_long_expressions_compile(
    compute: Callable[..., Any], text: str, row: dict[str, object], expected: object
) -> None:
    found = compute(text, **row)
    assert found.value == expected
    assert found.reports == 0


def test_lambdas_make_no_cells_of_loop_variables(compute: Callable[..., Any]) -> None:
    found = compute("TRANSFORM(ARR, x => x + I)", ARR=[1], I=2)
    assert "=c1:" in found.source


def test_evaluate_raises() -> None:
    with pytest.raises(ValueError, match='"x" is not an INTEGER'):
        evaluate(_bound(Cast(ColumnRef("S"), NamedType("INT"))), {"S": "x"})
    with pytest.raises(ValueError, match="NULL"):
        evaluate(_bound(Arithmetic("+", ColumnRef("PRICE"), IntegerLiteral(1))), {"PRICE": None})


def test_evaluate_needs_no_columns() -> None:
    assert evaluate(_bound(Arithmetic("*", IntegerLiteral(6), IntegerLiteral(7)))) == 42


def _bound(expression: Expression) -> Any:
    types = {"I": INTEGER, "PRICE": BIGINT, "S": STRING, "ST": Struct((("F", INTEGER),))}
    return bind(expression, Scope.of(types), default_registry())


def _writer(code: Code) -> ExpressionWriter:
    return ExpressionWriter(code, {"PRICE": "c1"}, nullable=None, site=lambda t: 0, record="r", problems="problems")


def _source(bound: Any, key: str) -> str:
    code = Code()
    writer = ExpressionWriter(code, {key: "c0"}, nullable=None, site=lambda t: 0, record="r", problems="problems")
    code.line(f"x = {writer.column(bound, key)}")
    code.compile("test")
    return code.text
