"""Aggregate functions: what generated code does with rows, rows taken back, and merged states."""

import math
from collections.abc import Callable, Sequence
from decimal import Decimal as Number
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from headrace.engine.codegen.source import Code
from headrace.engine.functions.aggregate.base import Aggregate
from headrace.engine.functions.errors import StateError
from headrace.engine.functions.registry import default_registry
from headrace.engine.types.sqltype import (
    BIGINT,
    BYTES,
    DATE,
    DOUBLE,
    INTEGER,
    STRING,
    Array,
    Decimal,
    Map,
    SqlType,
    Struct,
)
from headrace.parser.errors import SqlError

Rows = Sequence[tuple[Any, ...]]


class Running:
    """An aggregate whose generated code is compiled, and a state of it."""

    def __init__(self, aggregate: Aggregate, width: int) -> None:
        self.aggregate = aggregate
        self._state = [f"s.a{i}" for i in range(len(aggregate.fields))]
        self._arguments = [f"x{i}" for i in range(width)]
        self.s = self.new()

    def new(self) -> SimpleNamespace:
        initial = {f"a{i}": v() if callable(v) else v for i, (_, _, v) in enumerate(self.aggregate.fields)}
        return SimpleNamespace(**initial)

    def add(self, *values: Any) -> None:
        self._compiled(lambda code: self.aggregate.write_add(code, self._state, self._arguments))(self.s, *values)

    def undo(self, *values: Any) -> None:
        write = self.aggregate.write_undo
        assert write is not None
        self._compiled(lambda code: write(code, self._state, self._arguments))(self.s, *values)

    def merge(self, other: SimpleNamespace) -> None:
        others = [f"x0.a{i}" for i in range(len(self.aggregate.fields))]
        self._arguments = ["x0"]
        self._compiled(lambda code: self.aggregate.write_merge(code, self._state, others))(self.s, other)

    def result(self) -> Any:
        def write(code: Code) -> None:
            code.line(f"return {self.aggregate.write_result(code, self._state)}")

        return self._compiled(write)(self.s, *self._arguments)

    def _compiled(self, write: Callable[[Code], None]) -> Callable[..., Any]:
        code = Code()
        with code.block(f"def step({', '.join(['s', *self._arguments])}):"):
            write(code)
        namespace: dict[str, Any] = dict(code.constants)
        exec(code.compile("aggregate"), namespace)
        step: Callable[..., Any] = namespace["step"]
        return step


def run(name: str, types: list[SqlType | None], rows: Rows, *constants: Any, star: bool = False) -> Running:
    running = Running(
        default_registry().aggregate(name, types, constants=constants, star=star), 0 if star else len(types)
    )
    for row in rows:
        running.add(*row)
    return running


CASES: list[tuple[str, list[SqlType | None], Rows, tuple[Any, ...], Any]] = [
    ("COUNT", [STRING], [("a",), (None,), ("b",)], (), 2),
    ("SUM", [INTEGER], [], (), 0),
    ("SUM", [INTEGER], [(2**31 - 1,), (None,), (1,)], (), -(2**31)),
    ("SUM", [BIGINT], [(2**63 - 1,), (2,)], (), -(2**63) + 1),
    ("SUM", [DOUBLE], [(5.4,), (100.1,)], (), 105.5),
    ("SUM", [Decimal(4, 1)], [(Number("5.4"),), (Number("100.1"),)], (), Number("105.5")),
    ("SUM_LIST", [Array(INTEGER)], [([1, None, 2],), (None,), ([3],)], (), 6),
    ("MIN", [INTEGER], [(None,), (3,), (1,), (2,)], (), 1),
    ("MAX", [DOUBLE], [], (), None),
    ("MAX", [STRING], [("a",), ("b",), (None,)], (), "b"),
    ("MAX", [STRING], [("\ue000",), ("😀",)], (), "\ue000"),
    ("MIN", [BYTES], [(b"b",), (b"a",)], (), b"a"),
    ("MAX", [DATE], [(1,), (5,)], (), 5),
    ("AVG", [INTEGER], [], (), 0.0),
    ("AVG", [INTEGER], [(1,), (None,), (2,), (2,)], (), 5 / 3),
    ("STDDEV_SAMP", [DOUBLE], [(10.0,), (12.0,), (13.0,)], (), 2.333333333333333),
    ("STDDEV_SAMPLE", [DOUBLE], [(10.0,), (12.0,), (13.0,)], (), 1.5275252316519465),
    ("STDDEV_SAMPLE", [BIGINT], [(10,)], (), 0.0),
    ("CORRELATION", [DOUBLE, DOUBLE], [(1.5, 8.0), (-1.0, -2.0), (None, 1.0)], (), 1.0),
    ("COLLECT_LIST", [INTEGER], [(1,), (None,), (1,)], (), [1, None, 1]),
    ("COLLECT_SET", [INTEGER], [(1,), (None,), (1,), (None,)], (), [1, None]),
    ("COLLECT_SET", [Map(STRING, INTEGER)], [({"a": 1},), ({"a": 1},)], (), [{"a": 1}]),
    ("EARLIEST_BY_OFFSET", [INTEGER], [(None,), (1,), (2,)], (), 1),
    ("EARLIEST_BY_OFFSET", [INTEGER], [(None,), (1,)], (False,), None),
    ("EARLIEST_BY_OFFSET", [INTEGER], [(None,), (1,), (2,), (3,)], (2,), [1, 2]),
    ("EARLIEST_BY_OFFSET", [INTEGER], [(1,), (None,), (2,)], (2, False), [1, None]),
    ("LATEST_BY_OFFSET", [INTEGER], [(1,), (2,), (None,)], (), 2),
    ("LATEST_BY_OFFSET", [INTEGER], [(1,), (2,), (None,)], (False,), None),
    ("LATEST_BY_OFFSET", [INTEGER], [(1,), (2,), (3,)], (2,), [2, 3]),
    ("TOPK", [INTEGER], [(1,), (5,), (None,), (5,), (3,)], (3,), [5, 5, 3]),
    (
        "TOPK",
        [INTEGER, STRING],
        [(1, "a"), (5, "b"), (5, None)],
        (2,),
        [{"sort_col": 5, "col0": "b"}, {"sort_col": 5, "col0": None}],
    ),
    ("TOPKDISTINCT", [STRING], [("a",), ("c",), ("c",), ("b",)], (2,), ["c", "b"]),
    ("HISTOGRAM", [STRING], [("a",), ("b",), ("a",), (None,)], (), {"a": 2, "b": 1}),
    ("ATTR", [STRING], [("a",), ("a",)], (), "a"),
    ("ATTR", [STRING], [("a",), (None,)], (), None),
    ("COUNT_DISTINCT", [STRING], [("a",), ("b",), ("a",), (None,)], (), 2),
]
IDS = [f"{name}-{n}" for n, (name, *_) in enumerate(CASES)]


@pytest.mark.parametrize(("name", "types", "rows", "constants", "expected"), CASES, ids=IDS)
def test_result(name: str, types: list[SqlType | None], rows: Rows, constants: tuple[Any, ...], expected: Any) -> None:
    assert run(name, types, rows, *constants).result() == expected


@pytest.mark.parametrize(("name", "types", "rows", "constants", "expected"), CASES, ids=IDS)
def test_merged_states_give_the_same(
    name: str, types: list[SqlType | None], rows: Rows, constants: tuple[Any, ...], expected: Any
) -> None:
    earlier, later = run(name, types, rows[:1], *constants), run(name, types, rows[1:], *constants)

    earlier.merge(later.s)

    merged = earlier.result()
    assert merged == (pytest.approx(expected) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(("name", "types", "rows", "constants", "expected"), CASES, ids=IDS)
def test_a_row_can_be_taken_back(
    name: str, types: list[SqlType | None], rows: Rows, constants: tuple[Any, ...], expected: Any
) -> None:
    running = run(name, types, rows, *constants)
    if not running.aggregate.supports_tables or not rows:
        assert (
            name in {"COUNT_DISTINCT", "COLLECT_SET", "MIN", "MAX", "TOPK", "TOPKDISTINCT"}
            or "OFFSET" in name
            or not rows
        )
        return
    row = next(row for row in rows if None not in row)

    running.add(*row)
    running.undo(*row)

    assert running.result() == (pytest.approx(expected) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(("name", "types", "rows", "constants", "expected"), CASES, ids=IDS)
def test_states_survive_encoding(
    name: str, types: list[SqlType | None], rows: Rows, constants: tuple[Any, ...], expected: Any
) -> None:
    running = run(name, types, rows, *constants)
    fields = [(f"a{i}", kind) for i, (_, kind, _) in enumerate(running.aggregate.fields)]
    kind = msgspec.defstruct("State", fields, array_like=True)
    encoded = msgspec.msgpack.encode(kind(**vars(running.s)))

    running.s = SimpleNamespace(**msgspec.structs.asdict(msgspec.msgpack.decode(encoded, type=kind)))

    assert running.result() == expected


def test_rows_are_counted_whatever_they_hold() -> None:
    assert run("COUNT", [], [(), ()], star=True).result() == 2


def test_a_decimal_sum_that_overflows_stops_the_query() -> None:
    running = run("SUM", [Decimal(2, 1)], [(Number("9.9"),)])

    with pytest.raises(StateError, match="overflow"):
        running.add(Number("0.2"))


def test_a_constant_column_has_no_correlation() -> None:
    assert math.isnan(run("CORRELATION", [DOUBLE, DOUBLE], [(1.0, 1.0), (1.0, 2.0)]).result())


def test_a_limit_caps_what_is_collected() -> None:
    aggregate = default_registry().aggregate(
        "COLLECT_LIST", [INTEGER], properties={"ksql.functions.collect_list.limit": "2"}
    )
    running = Running(aggregate, 1)

    for value in (1, 2, 3):
        running.add(value)

    assert running.result() == [1, 2]


def test_a_histogram_counts_at_most_a_thousand_texts() -> None:
    counts = run("HISTOGRAM", [STRING], [(str(i),) for i in range(1001)]).result()

    assert len(counts) == 1000


def test_distinct_counts_are_close() -> None:
    running = run("COUNT_DISTINCT", [INTEGER], [])
    aggregate = running.aggregate
    code = Code()
    with code.block("def fill(s):"), code.block("for x in range(20000):"):
        aggregate.write_add(code, ["s.a0"], ["x"])
    namespace: dict[str, Any] = dict(code.constants)
    exec(code.compile("fill"), namespace)

    namespace["fill"](running.s)

    assert running.result() == pytest.approx(20_000, rel=0.03)


@pytest.mark.parametrize(
    ("name", "types", "result"),
    [
        ("SUM", [Decimal(5, 2)], Decimal(5, 2)),
        ("COUNT", [STRING], BIGINT),
        ("AVG", [BIGINT], DOUBLE),
        ("HISTOGRAM", [STRING], Map(STRING, BIGINT)),
        ("COLLECT_LIST", [Struct((("A", INTEGER),))], Array(Struct((("A", INTEGER),)))),
    ],
    ids=["sum", "count", "avg", "histogram", "collect"],
)
def test_result_type(name: str, types: list[SqlType | None], result: SqlType) -> None:
    assert default_registry().aggregate(name, types).result == result


@pytest.mark.parametrize(
    ("name", "types", "constants", "message"),
    [
        ("SUM", [STRING], (), "Function 'SUM' does not accept parameters (STRING)."),
        ("TOPK", [INTEGER], (0,), "TOPK needs a whole number above 0"),
        ("LATEST_BY_OFFSET", [INTEGER], (0,), "must keep at least 1 value"),
        ("LATEST_BY_OFFSET", [INTEGER], ("a",), "does not accept parameters (INTEGER, STRING)."),
    ],
    ids=["type", "size", "number", "constant"],
)
def test_what_does_not_fit_is_refused(
    name: str, types: list[SqlType | None], constants: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(SqlError) as raised:
        default_registry().aggregate(name, types, constants=constants)

    assert message in raised.value.message


def test_columns_and_constants_are_told_apart() -> None:
    counts = [default_registry().column_count(*call) for call in (("TOPK", 3), ("LATEST_BY_OFFSET", 3), ("SUM", 1))]

    assert counts == [2, 1, 1]


def test_nested_states_are_known() -> None:
    nested = [default_registry().aggregate(name, [INTEGER]).has_nested_state for name in ("SUM", "AVG", "COLLECT_LIST")]

    assert nested == [False, True, True]
