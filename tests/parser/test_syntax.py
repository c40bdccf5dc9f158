"""Nodes are frozen values: equal by content, hashable, printable, whatever their size."""

import copy
import pickle
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace

import pytest

from headrace.parser import Span, parse
from headrace.parser.expressions import ColumnRef, DecimalLiteral, Expression, FunctionCall, IntegerLiteral, Lambda
from headrace.parser.statements import AliasedSource, Query, SelectItem, Show

A = ColumnRef("A")


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (A, ColumnRef("A", span=Span(1, 1, 0, 1)), True),
        (Show("TABLES", text="a"), Show("TABLES", text="b"), True),
        (A, ColumnRef("a"), False),
        (A, ColumnRef("A", "S"), False),
        (IntegerLiteral(1), DecimalLiteral("1"), False),
        (FunctionCall("F", (A,)), FunctionCall("F", (A, A)), False),
        (FunctionCall("F", (A,)), FunctionCall("F", ()), False),
        (Lambda(("A",), A), Lambda(("A",), A), True),
        (A, "A", False),
    ],
)
def test_equality(left: object, right: object, equal: bool) -> None:
    assert (left == right) is equal
    assert (len({left, right}) == 1) is equal


def test_nodes_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(A, "name", "B")
    with pytest.raises(FrozenInstanceError):
        del A.name
    with pytest.raises(AttributeError):
        object.__setattr__(A, "other", 1)


def test_nodes_are_dataclasses() -> None:
    assert is_dataclass(A)
    assert [field.name for field in fields(A)] == ["span", "name", "source"]
    assert replace(A, source="S") == ColumnRef("A", "S")
    assert ColumnRef.__match_args__ == ("name", "source")


def test_constructors() -> None:
    query = Query((SelectItem(A),), AliasedSource("S", "S"), limit=3)

    assert (query.limit, query.where, query.group_by, query.text, query.span) == (3, None, (), "", None)
    with pytest.raises(TypeError):
        ColumnRef()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        ColumnRef("A", "B", "C")  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("node", "shown"),
    [
        (A, "ColumnRef(name='A', source=None)"),
        (FunctionCall("F", (A,)), "FunctionCall(name='F', arguments=(ColumnRef(name='A', source=None),), star=False)"),
        (FunctionCall("F", ()), "FunctionCall(name='F', arguments=(), star=False)"),
        (Lambda(("X", "Y"), IntegerLiteral(1)), "Lambda(parameters=('X', 'Y'), body=IntegerLiteral(value=1))"),
    ],
    ids=["plain", "one argument", "no argument", "lambda"],
)
def test_repr(node: Expression, shown: str) -> None:
    assert repr(node) == shown


def test_nodes_can_be_copied_and_sent() -> None:
    (statement,) = parse("CREATE TABLE t AS SELECT a, COUNT(*) FROM s WINDOW SESSION (1 HOUR) GROUP BY a;")

    sent = pickle.loads(pickle.dumps(statement))  # noqa: S301
    assert sent == copy.deepcopy(statement) == statement
    assert sent.span == statement.span
