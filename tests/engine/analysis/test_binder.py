"""Types of expressions, and what is refused with which words."""

from collections.abc import Callable
from decimal import Decimal as D

import pytest

from headrace.engine.analysis.bound import Between, Bound, Case, Column, Compare, InList, Literal, Logical, columns_of
from headrace.engine.types.sqltype import BIGINT, DOUBLE, INTEGER
from headrace.parser.errors import SqlError

Bind = Callable[[str], Bound]


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("1", "INTEGER"),
        ("2147483648", "BIGINT"),
        ("1.5", "DECIMAL(2, 1)"),
        ("1e3", "DOUBLE"),
        ("DECIMAL '1.23'", "DECIMAL(3, 2)"),
        ("I + L", "BIGINT"),
        ("I / 2", "INTEGER"),
        ("I + DEC", "DECIMAL(13, 2)"),
        ("DEC * DEC", "DECIMAL(9, 4)"),
        ("DEC / DEC", "DECIMAL(11, 7)"),
        ("DEC + D", "DOUBLE"),
        ("S + 'x'", "STRING"),
        ("S || 'x' || S", "STRING"),
        ("-DEC", "DECIMAL(4, 2)"),
        ("I BETWEEN 1 AND 2.5", "BOOLEAN"),
        ("ST->G->X", "STRING"),
        ("ARR[1]", "INTEGER"),
        ("M['a']", "BIGINT"),
        ("ARRAY[NULL, 10, '2e1', I, L]", "ARRAY<DECIMAL(19, 0)>"),
        ("ARRAY[1, 2.5e0]", "ARRAY<DOUBLE>"),
        ("ARRAY[STRUCT(x := I), STRUCT(y := L)]", "ARRAY<STRUCT<`X` INTEGER, `Y` BIGINT>>"),
        ("MAP(S := B, 10 := 'no')", "MAP<STRING, BOOLEAN>"),
        ("STRUCT(a := 1, b := S)", "STRUCT<`A` INTEGER, `B` STRING>"),
        ("CASE WHEN B THEN 'x' WHEN I = 1 THEN NULL END", "STRING"),
        ("CAST(NULL AS ARRAY<INT>)", "ARRAY<INTEGER>"),
        ("CAST(I AS DECIMAL(12, 2))", "DECIMAL(12, 2)"),
        ("TRANSFORM(ARR, x => CAST(x AS STRING))", "ARRAY<STRING>"),
        ("TRANSFORM(M, (k, v) => k, (k, v) => v + I)", "MAP<STRING, BIGINT>"),
        ("FILTER(ARR, x => x > I)", "ARRAY<INTEGER>"),
        ("EXPLODE(ARR)", "ARRAY<INTEGER>"),
        ("NULL", "null"),
    ],
)
def test_type(bound: Bind, text: str, type: str) -> None:
    assert str(bound(text).type) == type


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("I = NULL", "Comparison with NULL not supported: INTEGER = NULL\nUse 'IS NULL' or 'IS NOT NULL' instead."),
        ("I >= 'x'", "Cannot compare I (INTEGER) to 'x' (STRING) with GREATER_THAN_OR_EQUAL."),
        ("M < M", "Cannot compare M (MAP<STRING, BIGINT>) to M (MAP<STRING, BIGINT>) with LESS_THAN."),
        ("B > TRUE", "Cannot compare B (BOOLEAN) to true (BOOLEAN) with GREATER_THAN."),
        ("TS = L", "Cannot compare TS (TIMESTAMP) to L (BIGINT) with EQUAL."),
        ("S BETWEEN 10 AND 'x'", "Cannot compare S (STRING) to 10 (INTEGER) with GREATER_THAN_OR_EQUAL"),
        ("TRUE + 1.5", "Error processing expression: (true + 1.5). Unsupported arithmetic types. BOOLEAN DECIMAL"),
        (
            "1 + NULL",
            "Error processing expression: (1 + null). Arithmetic on types INTEGER and null are not supported.",
        ),
        ("ARRAY[1, 2] + NULL", "(ARRAY[1, 2] + null). Arithmetic on types ARRAY<INTEGER> and null are not supported."),
        (
            "MAP(1 := 'cat') + NULL",
            "(MAP(1:='cat') + null). Arithmetic on types MAP<INTEGER, STRING> and null are not supported.",
        ),
        ("-S", "Negation is only supported for numbers"),
        ("NOT I", "NOT takes BOOLEAN, but I is INTEGER."),
        ("B AND S", "AND takes BOOLEAN, but S is STRING."),
        ("I IN (10, 'ten')", 'Invalid Predicate: invalid input syntax for type INTEGER: "ten".'),
        ("DEC IN (10.0, 'ten')", 'invalid input syntax for type DECIMAL: "ten".'),
        (
            "L IN (10, TRUE)",
            "Invalid Predicate: operator does not exist: BIGINT = BOOLEAN (true)\nHint: You might need to add explicit type casts.",
        ),
        ("S IN (10, D)", "operator does not exist: STRING = DOUBLE (D)"),
        ("B IN (TRUE, 'maybe')", 'invalid input syntax for type BOOLEAN: "maybe".'),
        ("M IN (M, MAP('10' := 'not 10'))", 'invalid input syntax for type BIGINT: "not 10"'),
        ("ARR IN (ARR, ARRAY[B])", "operator does not exist: ARRAY<INTEGER> = ARRAY<BOOLEAN> (ARRAY[B])"),
        ("I LIKE 'x'", "The column type for Like condition must be VARCHAR. The column type is INTEGER"),
        ("S LIKE 12", "Like condition must be between strings"),
        ("S LIKE 'x!' ESCAPE '!'", "must not end in its escape character"),
        ("ARRAY[]", "Array constructor cannot be empty"),
        ("ARRAY[NULL, NULL]", "Cannot construct an array with all NULL elements"),
        ("ARRAY[1, 'not a number']", 'invalid input syntax for type INTEGER: "not a number"'),
        ("MAP()", "Map constructor cannot be empty"),
        ("MAP(NULL := 1)", "Cannot construct a map with all NULL keys"),
        ("MAP('a' := NULL)", "Cannot construct a map with all NULL values"),
        ("STRUCT(a := 1, a := 2)", "Duplicate field names found in STRUCT: 'STRUCT(A:=1, A:=2)'"),
        ("CASE WHEN B THEN NULL ELSE NULL END", "Invalid Case expression. All case branches have NULL type"),
        ("CASE WHEN B THEN 1 ELSE 'x' END", "Invalid Case expression. Type for the default clause"),
        ("CASE WHEN B THEN 1 WHEN B THEN L END", "Type for all 'THEN' clauses should be the same"),
        ("CASE WHEN I THEN 1 END", "WHEN operand type should be boolean."),
        ("CASE I WHEN 1 THEN 2 END", "CASE with an operand is not supported."),
        ("TS AT TIME ZONE 'UTC'", "AT TIME ZONE is not supported."),
        ("DATE '2020-01-01'", "Literals of the form DATE '…' are not supported."),
        ("CAST(S AS ARRAY<INTEGER>)", "Invalid Select: Cast of STRING to ARRAY<INTEGER> is not supported"),
        ("CAST(BYT AS STRING)", "Cast of BYTES to STRING is not supported"),
        ("CAST(I AS NOSUCH)", "Cannot resolve unknown type: NOSUCH"),
        ("S->F", "Expected STRUCT type, got STRING for S."),
        ("ST->FF", "Could not find field 'FF' in 'ST'. Did you mean \"F\"?"),
        ("S[1]", "Subscript is not supported for S (STRING)."),
        ("ARR['x']", "The subscript of ARRAY ARR must be INTEGER, not STRING."),
        ("NOSUCH", "SELECT column 'NOSUCH' cannot be resolved. Existing columns: B, I,"),
        ("ROWTIM", 'Did you mean "ROWTIME"?'),
        ("Q.I", "'Q' is not a valid stream/table name or alias."),
        ("TRANSFORM(ARR, i => 1)", "Lambda argument 'I' is the name of a column."),
        ("TRANSFORM(ARR, x => REDUCE(ARR, 0, (x, y) => y))", "Lambda argument 'X' is used more than once."),
        ("COUNT(I)", "Aggregate function COUNT is not allowed here."),
        ("ABS(EXPLODE(ARR))", "Table function EXPLODE cannot be nested"),
        ("TS > 'yesterday'", "is not a TIMESTAMP"),
        ("ROWTIME > 'yesterday'", "Failed to parse timestamp 'yesterday'"),
    ],
)
def test_refused(bound: Bind, text: str, message: str) -> None:
    with pytest.raises(SqlError) as refused:
        bound(text)
    assert message in str(refused.value)
    assert refused.value.span is not None


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("L > 908.5", Literal(DOUBLE, 908.5)),
        ("L > 908.0", Literal(INTEGER, 908)),
        ("D = 1.1", Literal(DOUBLE, 1.1)),
        ("ROWTIME > '2020-01-01'", Literal(BIGINT, 1577836800000)),
    ],
)
def test_literals_in_comparisons_are_brought_to_the_cheapest_equal_value(
    bound: Bind, text: str, right: Literal
) -> None:
    found = bound(text)
    assert isinstance(found, Compare)
    assert found.right == right
    assert type(found.right.value) is type(right.value)  # type: ignore[attr-defined]


def test_decimals_that_no_double_can_stand_for_stay(bound: Bind) -> None:
    found = bound("D = 1.00000000000000001")
    assert isinstance(found, Compare)
    assert isinstance(found.right, Literal)
    assert found.right.value == D("1.00000000000000001")


def test_text_in_lists_becomes_the_common_type(bound: Bind) -> None:
    found = bound("I IN (1, '2147483648')")
    assert isinstance(found, InList)
    assert found.value == Column(INTEGER, "I")
    assert [item.value for item in found.items if isinstance(item, Literal)] == [1, 2147483648]


def test_between_compares_one_value_twice(bound: Bind) -> None:
    assert isinstance(bound("I BETWEEN 1 AND 2"), Between)


def test_chains_of_logic_are_flat(bound: Bind) -> None:
    found = bound("B AND B AND (B AND B) OR B")
    assert isinstance(found, Logical)
    assert [len(o.operands) for o in found.operands if isinstance(o, Logical)] == [4]


def test_null_branches_take_the_type_of_the_others(bound: Bind) -> None:
    found = bound("CASE WHEN B THEN NULL ELSE 'x' END")
    assert isinstance(found, Case)
    assert found.whens[0][1] == Literal(found.type, None)


def test_columns_of_finds_columns_in_lambdas_and_branches(bound: Bind) -> None:
    assert columns_of(bound("CASE WHEN B THEN TRANSFORM(ARR, x => x + I) END")) == {"B", "ARR", "I"}
