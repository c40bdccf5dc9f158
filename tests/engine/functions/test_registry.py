"""Binding calls: overloads, generics, lambdas, and the errors when nothing fits."""

from collections.abc import Sequence

import pytest

from headrace.engine.functions.base import INTERVAL_UNIT, Argument, LambdaArgument, LambdaType
from headrace.engine.functions.clock import StoppedClock
from headrace.engine.functions.definition import Family
from headrace.engine.functions.registry import FunctionRegistry, default_registry
from headrace.engine.types.sqltype import (
    BIGINT,
    BOOLEAN,
    BYTES,
    DATE,
    DOUBLE,
    INTEGER,
    STRING,
    TIMESTAMP,
    Array,
    Decimal,
    Map,
    SqlType,
    Struct,
)
from headrace.parser.errors import SqlError

REGISTRY = default_registry()


@pytest.mark.parametrize(
    ("name", "arguments", "coerced", "result"),
    [
        ("ABS", [INTEGER], [INTEGER], INTEGER),
        ("abs", [Decimal(5, 2)], [Decimal(5, 2)], Decimal(5, 2)),
        ("SQRT", [Decimal(5, 2)], [DOUBLE], DOUBLE),
        ("ROUND", [Decimal(33, 16)], [Decimal(33, 16)], Decimal(17, 0)),
        ("ROUND", [DOUBLE, INTEGER], [DOUBLE, INTEGER], DOUBLE),
        ("GREATEST", [INTEGER, None, INTEGER], [INTEGER, INTEGER, INTEGER], INTEGER),
        ("GREATEST", [Decimal(9, 2), Decimal(7, 6)], [Decimal(9, 2), Decimal(7, 6)], Decimal(13, 6)),
        ("GREATEST", [INTEGER, BIGINT, Decimal(9, 2), DOUBLE], [DOUBLE] * 4, DOUBLE),
        ("GREATEST", [TIMESTAMP, STRING], [TIMESTAMP, TIMESTAMP], TIMESTAMP),
        ("GEO_DISTANCE", [DOUBLE, DOUBLE, INTEGER, INTEGER], [DOUBLE] * 4, DOUBLE),
        ("SUBSTRING", [STRING, None], [STRING, INTEGER], STRING),
        ("SUBSTRING", [BYTES, INTEGER, INTEGER], [BYTES, INTEGER, INTEGER], BYTES),
        ("LPAD", [STRING, INTEGER, None], [STRING, INTEGER, STRING], STRING),
        ("IFNULL", [None, STRING], [STRING, STRING], STRING),
        ("COALESCE", [INTEGER], [INTEGER], INTEGER),
        ("COALESCE", [INTEGER, BIGINT], [BIGINT, BIGINT], BIGINT),
        ("FORMAT_DATE", [STRING, STRING], [DATE, STRING], STRING),
        ("DATEADD", [INTERVAL_UNIT, INTEGER, DATE], [INTERVAL_UNIT, INTEGER, DATE], DATE),
        ("ARRAY_CONTAINS", [Array(STRING), STRING], [Array(STRING), STRING], BOOLEAN),
        ("ARRAY_MAX", [Array(Decimal(2, 1))], [Array(Decimal(2, 1))], Decimal(2, 1)),
        ("MAP_VALUES", [Map(STRING, Array(INTEGER))], [Map(STRING, Array(INTEGER))], Array(Array(INTEGER))),
        (
            "ENTRIES",
            [Map(STRING, INTEGER), BOOLEAN],
            [Map(STRING, INTEGER), BOOLEAN],
            Array(Struct((("K", STRING), ("V", INTEGER)))),
        ),
        ("UUID", [], [], STRING),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_best_overload_is_bound(
    name: str, arguments: list[Argument], coerced: list[SqlType], result: SqlType
) -> None:
    bound = REGISTRY.scalar(name, arguments)

    assert list(bound.arguments) == coerced
    assert bound.result == result
    assert bound.name == name.upper()


def _body(result: SqlType, seen: list[Sequence[SqlType]]) -> LambdaArgument:
    def body(parameters: Sequence[SqlType]) -> SqlType:
        seen.append(parameters)
        return result

    return LambdaArgument(2, body)


def test_a_lambda_is_typed_with_what_its_parameters_are() -> None:
    seen: list[Sequence[SqlType]] = []

    bound = REGISTRY.scalar("REDUCE", [Array(INTEGER), BIGINT, _body(BIGINT, seen)])

    assert seen == [[BIGINT, INTEGER]]
    assert bound.arguments[2] == LambdaType((BIGINT, INTEGER), BIGINT)
    assert bound.result == BIGINT


def test_both_lambdas_of_a_map_give_its_new_type() -> None:
    bound = REGISTRY.scalar("TRANSFORM", [Map(STRING, INTEGER), _body(STRING, []), _body(DOUBLE, [])])

    assert bound.result == Map(STRING, DOUBLE)


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("GREATEST", [STRING, INTEGER], "Function 'greatest' does not accept parameters (STRING, INTEGER)."),
        ("GREATEST", [], "Function 'greatest' does not accept parameters ()."),
        ("COALESCE", [], "Function 'COALESCE' does not accept parameters ()"),
        ("DATEADD", [DATE, INTEGER, DATE], "Function 'dateadd' does not accept parameters (DATE, INTEGER, DATE)."),
        ("GREATEST", [INTEGER, BIGINT], "ambiguous method parameters (INTEGER, BIGINT)."),
        (
            "LEAST",
            [INTEGER, BIGINT, Decimal(50, 30)],
            "ambiguous method parameters (INTEGER, BIGINT, DECIMAL(50, 30)).",
        ),
        ("GREATEST", [None, None], "ambiguous method parameters (null, null)."),
        ("COALESCE", [None, None], "ambiguous method parameters (null, null)."),
        ("FILTER", [Array(INTEGER), STRING], "does not accept parameters (ARRAY<INTEGER>, STRING)."),
        ("NO_SUCH_THING", [], "Can't find any functions with the name 'NO_SUCH_THING'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_fit_is_refused(name: str, arguments: list[Argument], message: str) -> None:
    with pytest.raises(SqlError) as raised:
        REGISTRY.scalar(name, arguments)

    assert message in raised.value.message


def test_a_misspelt_name_gets_a_suggestion() -> None:
    with pytest.raises(SqlError, match='did you mean "SUBSTRING"') as raised:
        REGISTRY.scalar("SUBSTRNG", [STRING, INTEGER])

    assert raised.value.kind == "unknown function"


def test_alternatives_are_listed_as_ksqldb_lists_them() -> None:
    with pytest.raises(SqlError) as raised:
        REGISTRY.table("EXPLODE", [Map(STRING, INTEGER)])

    assert raised.value.message == (
        "Function 'explode' does not accept parameters (MAP<STRING, INTEGER>).\n"
        "Valid alternatives are:\nexplode(ARRAY<DECIMAL> input)\nexplode(ARRAY<T> list)"
    )


def test_table_functions_give_rows() -> None:
    explode = REGISTRY.table("EXPLODE", [Array(STRING)])
    cube = REGISTRY.table("CUBE_EXPLODE", [Array(INTEGER)])

    assert (explode.result, explode.call(["a", None])) == (STRING, ["a", None])
    assert (cube.result, cube.call([1, 2])) == (Array(INTEGER), [[None, None], [None, 2], [1, None], [1, 2]])
    assert cube.call([1, None]) == [[None, None], [1, None]]


def test_the_clock_is_the_registrys() -> None:
    registry = FunctionRegistry(clock=StoppedClock(86_400_000 * 3 - 1, "Asia/Tokyo"))

    assert registry.scalar("UNIX_TIMESTAMP", []).call() == 86_400_000 * 3 - 1
    assert registry.scalar("UNIX_DATE", []).call() == 3
    assert registry.scalar("RANDOM", []).call() == 0.5
    assert registry.scalar("UUID", []).call() == "00000000-0000-4000-8000-000000000000"
    assert registry.scalar("TIMESTAMPTOSTRING", [BIGINT, STRING]).call(0, "HH:mm") == "09:00"
    assert not registry.scalar("RANDOM", []).deterministic


def test_functions_can_be_added() -> None:
    family = Family("TEST")

    @family.scalar("TWICE(value INT) -> INT")
    def twice(value: int) -> int:
        """Returns twice the value."""
        return 2 * value

    registry = FunctionRegistry()
    registry.add(family)

    assert registry.scalar("twice", [INTEGER]).call(4) == 8
    assert registry.describe("TWICE").description == "Returns twice the value."
    assert "TWICE" in registry.names()
    assert not default_registry().exists("TWICE")
