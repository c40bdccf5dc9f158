"""Names of several sources, replacements, forbidden names."""

import pytest

from headrace.engine.analysis.binder import bind
from headrace.engine.analysis.bound import Column, Literal, transform
from headrace.engine.analysis.scope import Scope
from headrace.engine.functions.registry import default_registry
from headrace.engine.types.sqltype import BIGINT, INTEGER, STRING, Struct
from headrace.parser.errors import SqlError
from headrace.parser.expressions import Arithmetic as Written
from headrace.parser.expressions import Cast, ColumnRef, FunctionCall, IntegerLiteral, NullLiteral
from headrace.parser.types import NamedType

JOINED = Scope.joined({"L": {"ID": INTEGER, "A": STRING}, "R": {"ID": INTEGER, "B": BIGINT}}, clause="WHERE")


def test_qualified_and_unambiguous_names_resolve() -> None:
    assert JOINED.resolve(ColumnRef("ID", "R")) == Column(INTEGER, "R.ID")
    assert JOINED.resolve(ColumnRef("B")) == Column(BIGINT, "R.B")


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (ColumnRef("ID"), "Column 'ID' is ambiguous. Could be L.ID or R.ID."),
        (ColumnRef("C", "L"), "WHERE column 'L.C' cannot be resolved."),
        (ColumnRef("ID", "UNKNOWN"), "'UNKNOWN' is not a valid stream/table name or alias."),
    ],
    ids=["ambiguous", "unknown", "unknown source"],
)
def test_other_names_are_refused(reference: ColumnRef, message: str) -> None:
    with pytest.raises(SqlError) as refused:
        JOINED.resolve(reference)
    assert refused.value.message == message


def test_forbidden_names_have_their_own_message() -> None:
    scope = Scope(forbidden={"WINDOWEND": "Unknown column WINDOWEND."})
    with pytest.raises(SqlError, match="Unknown column WINDOWEND"):
        scope.resolve(ColumnRef("WINDOWEND"))


def test_expressions_can_be_taken_as_bound() -> None:
    total = FunctionCall("SUM", (ColumnRef("B"),))
    known = Column(BIGINT, "KSQL_AGG_0")
    found = bind(Written("+", total, IntegerLiteral(1)), JOINED, default_registry(), replace={total: known})
    assert found.type == BIGINT


def test_custom_types_in_casts() -> None:
    address = Struct((("CITY", STRING),))
    found = bind(Cast(NullLiteral(), NamedType("ADDRESS")), JOINED, default_registry(), types={"ADDRESS": address})
    assert found == Literal(address, None)


def test_transform_replaces_parts() -> None:
    found = bind(Written("+", ColumnRef("B"), IntegerLiteral(1)), JOINED, default_registry())
    renamed = transform(found, lambda part: Column(part.type, "X") if isinstance(part, Column) else None)
    assert renamed == transform(renamed, lambda part: None)
    assert renamed != found
