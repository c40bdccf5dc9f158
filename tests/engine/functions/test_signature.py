"""Signature texts."""

import pytest

from headrace.engine.functions.signature import AnyDecimal, ArrayOf, LambdaOf, Variable, parse_signatures
from headrace.engine.types.sqltype import BOOLEAN, INTEGER, STRING


def test_optional_parameters_make_a_signature_each() -> None:
    signatures = parse_signatures("INSTR(str STRING, part STRING[, pos INT[, occurrence INT]]) -> INT")

    assert [len(s.parameters) for s in signatures] == [2, 3, 4]
    assert str(signatures[1]) == "INSTR(STRING str, STRING part, INTEGER pos)"


def test_n_stands_for_the_numeric_types() -> None:
    assert [str(s) for s in parse_signatures("ABS(value N) -> N")] == [
        "ABS(INTEGER value)",
        "ABS(BIGINT value)",
        "ABS(DOUBLE value)",
    ]


def test_types_have_holes() -> None:
    (signature,) = parse_signatures("F(a ARRAY<DECIMAL>, f (S, T) => BOOLEAN) -> T")

    assert signature.parameters[0].pattern == ArrayOf(AnyDecimal())
    assert signature.parameters[1].pattern == LambdaOf((Variable("S"), Variable("T")), BOOLEAN)
    assert signature.result == Variable("T")


@pytest.mark.parametrize(("count", "fits"), [(0, False), (1, True), (2, True), (4, True)], ids=str)
def test_variadic_parameters_take_any_number(count: int, fits: bool) -> None:
    (signature,) = parse_signatures("ELT(pos INT, args STRING...) -> STRING")

    patterns = signature.patterns(count)

    assert (patterns is not None) == fits
    assert patterns is None or patterns == (INTEGER, *[STRING] * (count - 1))


def test_a_broken_signature_says_so() -> None:
    with pytest.raises(ValueError, match="ends too early"):
        parse_signatures("F(a INT")
