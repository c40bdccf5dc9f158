"""Each form of expression becomes its node; format_expression shows the shape."""

import pytest

from headrace.parser import ParseError, format_expression, parse_expression
from headrace.parser.expressions import (
    Arithmetic,
    ArrayConstructor,
    AtTimeZone,
    Between,
    BooleanLiteral,
    Case,
    Cast,
    ColumnRef,
    Comparison,
    DecimalLiteral,
    Dereference,
    DoubleLiteral,
    Expression,
    FunctionCall,
    InList,
    IntegerLiteral,
    IsNull,
    Lambda,
    Like,
    Logical,
    MapConstructor,
    Negate,
    Not,
    NullLiteral,
    StringLiteral,
    StructConstructor,
    Subscript,
    TimeUnit,
    TypedLiteral,
    When,
)
from headrace.parser.types import ArrayType, NamedType

A, B, C = ColumnRef("A"), ColumnRef("B"), ColumnRef("C")
ONE, TWO = IntegerLiteral(1), IntegerLiteral(2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null", NullLiteral()),
        ("TRUE", BooleanLiteral(True)),
        ("false", BooleanLiteral(False)),
        ("1", ONE),
        ("007", IntegerLiteral(7)),
        ("9223372036854775807", IntegerLiteral(2**63 - 1)),
        ("-9223372036854775808", IntegerLiteral(-(2**63))),
        ("- 1", IntegerLiteral(-1)),
        ("+1", ONE),
        ("1.50", DecimalLiteral("1.50")),
        (".5", DecimalLiteral(".5")),
        ("1.", DecimalLiteral("1.")),
        ("-1.5", DecimalLiteral("-1.5")),
        ("1e3", DoubleLiteral(1000.0)),
        ("-.5E-2", DoubleLiteral(-0.005)),
        ("'it''s\nhere'", StringLiteral("it's\nhere")),
        ("DECIMAL '1.2'", TypedLiteral("DECIMAL", "1.2")),
        ("date '2020-01-01'", TypedLiteral("DATE", "2020-01-01")),
        ("a", A),
        ("`a`", ColumnRef("a")),
        ('"a""b"', ColumnRef('a"b')),
        ("s.`x``y`", ColumnRef("x`y", "S")),
        ("1a", ColumnRef("1A")),
        ("2020_q@1", ColumnRef("2020_Q@1")),
        ("a->b", Dereference(A, "B")),
        ("a[1]", Subscript(A, ONE)),
        ("abs(a)", FunctionCall("ABS", (A,))),
        ("`abs`()", FunctionCall("ABS", ())),
        ("count(*)", FunctionCall("COUNT", (), True)),
        ("f(days, hours)", FunctionCall("F", (TimeUnit("DAYS"), TimeUnit("HOURS")))),
        ("dateadd(day, a, b)", FunctionCall("DATEADD", (TimeUnit("DAYS"), A, B))),
        ("dateadd(`DAY`, a, b)", FunctionCall("DATEADD", (ColumnRef("DAY"), A, B))),
        ("f(day)", FunctionCall("F", (ColumnRef("DAY"),))),
        ("f(a => b)", FunctionCall("F", (Lambda(("A",), B),))),
        ("f((a) => b)", FunctionCall("F", (Lambda(("A",), B),))),
        ("f(c, (a, b) => a)", FunctionCall("F", (C, Lambda(("A", "B"), A)))),
        ("g((a), b)", FunctionCall("G", (A, B))),
        ("CAST(a AS INT ARRAY)", Cast(A, ArrayType(NamedType("INT")))),
        ("-a", Negate(A)),
        ("-(1)", Negate(ONE)),
        ("- -1", Negate(IntegerLiteral(-1))),
        ("a AT TIME ZONE 'UTC'", AtTimeZone(A, StringLiteral("UTC"))),
        ("a - 1", Arithmetic("-", A, ONE)),
        ("a -1", Arithmetic("-", A, ONE)),
        ("a * -1", Arithmetic("*", A, IntegerLiteral(-1))),
        ("CASE WHEN a THEN b END - 1", Arithmetic("-", Case((When(A, B),)), ONE)),
        ("a || b", Arithmetic("||", A, B)),
        ("a != b", Comparison("<>", A, B)),
        ("a IS DISTINCT FROM b", Comparison("IS DISTINCT FROM", A, B)),
        ("a IS NOT DISTINCT FROM b", Comparison("IS NOT DISTINCT FROM", A, B)),
        ("a BETWEEN 1 AND 2", Between(A, ONE, TWO)),
        ("a NOT BETWEEN 1 AND 2 AND b", Logical("AND", Between(A, ONE, TWO, True), B)),
        ("a IN (1, 2)", InList(A, (ONE, TWO))),
        ("a NOT IN (1)", InList(A, (ONE,), True)),
        ("a LIKE 'x'", Like(A, StringLiteral("x"))),
        ("a NOT LIKE b ESCAPE '!'", Like(A, B, "!", True)),
        ("a IS NULL", IsNull(A)),
        ("a IS NOT NULL", IsNull(A, True)),
        ("NOT a = b", Not(Comparison("=", A, B))),
        ("a OR b AND c", Logical("OR", A, Logical("AND", B, C))),
        ("CASE WHEN a THEN 1 ELSE 2 END", Case((When(A, ONE),), TWO)),
        ("CASE a WHEN 1 THEN 2 END", Case((When(ONE, TWO),), None, A)),
        ("ARRAY[1, 2]", ArrayConstructor((ONE, TWO))),
        ("MAP('k' := 1)", MapConstructor(((StringLiteral("k"), ONE),))),
        ("STRUCT(a := 1, b := 2)", StructConstructor((("A", ONE), ("B", TWO)))),
        ("STRUCT()", StructConstructor(())),
        ("array < 5", Comparison("<", ColumnRef("ARRAY"), IntegerLiteral(5))),
        ("map", ColumnRef("MAP")),
    ],
)
def test_forms(text: str, expected: Expression) -> None:
    parsed = parse_expression(text)

    assert parsed == expected
    assert parse_expression(format_expression(parsed)) == expected


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("a + b * c", "A + B * C"),
        ("(a + b) * c", "(A + B) * C"),
        ("a - b - c", "A - B - C"),
        ("a - (b - c)", "A - (B - C)"),
        ("a || b + c", "A || B + C"),
        ("(a || b) + c", "(A || B) + C"),
        ("-a->b[1]", "-A->B[1]"),
        ("(-a)->b", "(-A)->B"),
        ("NOT (a AND b)", "NOT (A AND B)"),
        ("(a OR b) AND c", "(A OR B) AND C"),
        ("(a = b) = (c = d)", "(A = B) = (C = D)"),
        ("a AND (b OR c) AND NOT d", "A AND (B OR C) AND NOT D"),
        ("(a AND b) IN (c)", "(A AND B) IN (C)"),
        ("a[b + 1]", "A[B + 1]"),
        ("1e16 + 5e-1", "1E+16 + 0.5E0"),
        ("`Size` = `SIZE`", "`Size` = `SIZE`"),
    ],
)
def test_precedence(text: str, canonical: str) -> None:
    assert format_expression(parse_expression(text)) == canonical


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = b = c", "comparisons do not chain"),
        ("(a, b)", 'Unexpected ","'),
        ("f(x => x, 1)", "lambdas come last"),
        ("f((x + 1) => x)", "not a name"),
        ("a => b", 'Unexpected "=>"'),
        ("ARRAY[]", "Array constructor cannot be empty"),
        ("MAP()", "Map constructor cannot be empty"),
        ("9223372036854775808", "Invalid numeric literal: 9223372036854775808"),
        ("-9223372036854775809", "Invalid numeric literal: -9223372036854775809"),
        ("a - 9223372036854775808", "Invalid numeric literal"),
        ("1e999", "Number overflows DOUBLE: 1e999"),
        ('""', "A name cannot be empty"),
        ("", "The text is empty"),
        ("1;", 'Unexpected ";"'),
    ],
)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_expression(text)

    assert message in str(caught.value)
    assert caught.value.span is not None


def test_spans_know_their_place() -> None:
    parsed = parse_expression("a +\n  foo(b)")

    assert isinstance(parsed, Arithmetic)
    assert parsed.right.span is not None
    assert (parsed.right.span.line, parsed.right.span.column) == (2, 3)
    assert (parsed.right.span.start, parsed.right.span.end) == (6, 12)
