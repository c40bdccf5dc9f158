"""Type names, widening, common types."""

import pytest

from headrace.engine.types.coercion import common_type, widens
from headrace.engine.types.naming import resolve_type
from headrace.engine.types.sqltype import BIGINT, BOOLEAN, DOUBLE, INTEGER, STRING, Array, Decimal, Map, SqlType, Struct
from headrace.parser.errors import SqlError
from headrace.parser.types import ArrayType, DecimalType, MapType, NamedType, StructType, TypeName

ADDRESS = Struct((("CITY", STRING),))


@pytest.mark.parametrize(
    ("name", "type"),
    [
        (NamedType("INT"), INTEGER),
        (NamedType("VARCHAR", (10,)), STRING),
        (DecimalType(4, 2), Decimal(4, 2)),
        (ArrayType(NamedType("BIGINT")), Array(BIGINT)),
        (MapType(NamedType("STRING"), NamedType("ADDRESS")), Map(STRING, ADDRESS)),
        (StructType((("a", NamedType("DOUBLE")),)), Struct((("a", DOUBLE),))),
    ],
    ids=str,
)
def test_resolve_type(name: TypeName, type: SqlType) -> None:
    assert resolve_type(name, {"ADDRESS": ADDRESS}) == type


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (NamedType("INTEGR"), 'did you mean "INTEGER"?'),
        (NamedType("ADRESS"), 'did you mean "ADDRESS"?'),
        (NamedType("DECIMAL"), "needs a precision"),
        (DecimalType(0, 0), "precision must be >= 1"),
        (DecimalType(2, 3), "scale must be"),
        (StructType((("a", NamedType("INT")), ("a", NamedType("INT")))), "Duplicate field names found in STRUCT: 'a'"),
    ],
    ids=str,
)
def test_unknown_types_are_refused(name: TypeName, message: str) -> None:
    with pytest.raises(SqlError) as refused:
        resolve_type(name, {"ADDRESS": ADDRESS})
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("left", "right", "common"),
    [
        (INTEGER, BIGINT, BIGINT),
        (INTEGER, Decimal(4, 2), Decimal(12, 2)),
        (BIGINT, Decimal(2, 0), Decimal(19, 0)),
        (Decimal(4, 2), DOUBLE, DOUBLE),
        (Array(INTEGER), Array(BIGINT), Array(BIGINT)),
        (Map(STRING, INTEGER), Map(STRING, DOUBLE), Map(STRING, DOUBLE)),
        (ADDRESS, Struct((("ZIP", INTEGER),)), Struct((("CITY", STRING), ("ZIP", INTEGER)))),
        (STRING, INTEGER, None),
        (BOOLEAN, INTEGER, None),
        (Array(STRING), Array(INTEGER), None),
    ],
    ids=str,
)
def test_common_type(left: SqlType, right: SqlType, common: SqlType | None) -> None:
    assert common_type(left, right) == common


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (INTEGER, DOUBLE, True),
        (INTEGER, Decimal(12, 2), True),
        (INTEGER, Decimal(11, 2), False),
        (DOUBLE, Decimal(38, 10), False),
        (BIGINT, INTEGER, False),
        (Array(INTEGER), Array(BIGINT), True),
        (STRING, INTEGER, False),
    ],
)
def test_widens(source: SqlType, target: SqlType, expected: bool) -> None:
    assert widens(source, target) is expected
