"""What is written out gives what the library's function gives, NULL and odd values included."""

import pytest

from headrace.engine.analysis.binder import bind
from headrace.engine.analysis.bound import Call
from headrace.engine.analysis.scope import Scope
from headrace.engine.codegen.evaluate import evaluate
from headrace.engine.codegen.inlined import _INLINERS
from headrace.engine.functions.registry import default_registry
from headrace.engine.types.sqltype import BIGINT, BYTES, DOUBLE, INTEGER, STRING, TIMESTAMP, Array
from headrace.parser.reader import parse_expression

COLUMNS = {
    "S": STRING,
    "U": STRING,
    "B": BYTES,
    "I": INTEGER,
    "L": BIGINT,
    "D": DOUBLE,
    "A": Array(INTEGER),
    "TS": TIMESTAMP,
}
ROWS = [
    {"S": " aB\tc ", "U": "x", "B": b"ab", "I": 3, "L": -4, "D": -0.0, "A": [1, None], "TS": 5},
    {"S": "", "U": None, "B": b"", "I": None, "L": 2**63 - 1, "D": -1.5, "A": [], "TS": 0},
    {"S": None, "U": "Ünï\n", "B": None, "I": 0, "L": None, "D": None, "A": None, "TS": None},
]  # fmt: skip
CALLS = {
    "null.as_value": "AS_VALUE(s)", "null.coalesce": "COALESCE(s, u, 'z')", "null.ifnull": "IFNULL(u, s)", "text.lcase": "LCASE(s)",
    "text.ucase": "UCASE(u)", "text.replace": "REPLACE(s, 'a', u)", "text.trim": "TRIM(s)", "text.len_bytes": "LEN(b)",
    "pieces.substring": "SUBSTRING(s, 2, 2)", "arithmetic.abs_double": "ABS(d)", "arrays.array_length": "ARRAY_LENGTH(a)",
    "timestamps.from_unixtime": "FROM_UNIXTIME(l)", "timestamps.unix_timestamp": "UNIX_TIMESTAMP(ts)",
}  # fmt: skip


@pytest.mark.parametrize(
    "sql", [*CALLS.values(), "SUBSTRING(b, 1)", "SUBSTRING(s, -2, 1)", "SUBSTRING(s, i)", "COALESCE(i, 7)"]
)
@pytest.mark.parametrize("row", ROWS, ids=["values", "empty", "nulls"])
def test_inlined_is_called(sql: str, row: dict[str, object]) -> None:
    bound = bind(parse_expression(sql), Scope.of(COLUMNS), default_registry())
    assert isinstance(bound, Call)
    arguments = [evaluate(a, row) for a in bound.arguments]
    is_null = bound.function.null_strict and None in arguments

    assert evaluate(bound, row) == (None if is_null else bound.function.call(*arguments))


def test_arguments_that_are_not_chosen_fail_too() -> None:
    bound = bind(parse_expression("COALESCE(l, l + i)"), Scope.of(COLUMNS), default_registry())

    with pytest.raises(TypeError):
        evaluate(bound, ROWS[1])


def test_every_inlined_function_is_tested() -> None:
    assert set(CALLS) == set(_INLINERS)
