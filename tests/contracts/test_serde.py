"""One contract for all formats: every type that a format holds, with NULL, through generated code and back."""

from collections.abc import Sequence
from decimal import Decimal as D
from typing import Any

import pytest

from headrace.engine.codegen.serde import DecodeError, SerdeSpec
from headrace.engine.codegen.source import Code
from headrace.engine.types.schema import Column, Namespace
from headrace.engine.types.sqltype import (
    BIGINT,
    BOOLEAN,
    BYTES,
    DATE,
    DOUBLE,
    INTEGER,
    STRING,
    TIME,
    TIMESTAMP,
    Array,
    Decimal,
    Map,
    Primitive,
    SqlType,
    Struct,
)
from headrace.runtime.serde.registry import default_formats

VALUES: dict[SqlType, list[Any]] = {
    BOOLEAN: [True, False],
    INTEGER: [0, -(2**31), 2**31 - 1],
    BIGINT: [0, -(2**63), 2**63 - 1],
    DOUBLE: [0.0, -1.5, 1e300, 5e-324, 1e7, 0.1, float("inf"), float("-inf")],
    STRING: ["a", 'q"uo,te\n', "é😀 ", "null", "1", "-", "\x00\x1f"],
    BYTES: [b"a", bytes(range(256))],
    DATE: [0, -1, 19_000],
    TIME: [0, 86_399_999],
    TIMESTAMP: [0, -1, 1_700_000_000_000],
    Decimal(4, 2): [D("0.00"), D("-99.99"), D("1.50")],
    Decimal(38, 20): [D("0E-20"), D("1E-20"), D("-123456789012345678.00000000000000000001")],
    Decimal(20, 0): [D("0"), D("99999999999999999999")],
    Array(INTEGER): [[], [1, None, 3]],
    Array(Array(STRING)): [[["a", None], None, []]],
    Array(Decimal(4, 2)): [[D("1.50"), None]],
    Array(DOUBLE): [[1.0, None, float("inf")]],
    Map(STRING, BIGINT): [{}, {"a": 1, 'é"': None}],
    Map(STRING, Array(BYTES)): [{"a": [b"x", None]}],
    Struct((("A", INTEGER), ("b", STRING))): [{"A": 1, "b": "x"}, {"A": None, "b": None}],
    Struct((("A", Struct((("B", Array(Struct((("C", TIME),)))),))),)): [
        {"A": {"B": [{"C": 1}, None]}},
        {"A": {"B": None}},
        {"A": None},
    ],
    Map(STRING, Struct((("A", Decimal(4, 2)),))): [{"k": {"A": D("1.00")}, "l": None}],
}
"""Values of every type, beside NULL."""

FLAT = tuple(type for type in VALUES if isinstance(type, Primitive | Decimal))
HOLDS: dict[str, tuple[SqlType, ...]] = {
    "DELIMITED": FLAT,
    "JSON": tuple(VALUES),
    "KAFKA": (INTEGER, BIGINT, DOUBLE, STRING, BYTES),
    "NONE": (),
}
"""The types that each format holds."""

SINGLE = ("KAFKA",)
"""Formats that hold one column."""

EMPTY_IS_NULL = ("DELIMITED",)
"""Formats that cannot tell an empty text from NULL."""

CASES = [(format, type) for format, types in HOLDS.items() for type in types]
IDS = [f"{format}-{type}" for format, type in CASES]


def test_every_format_is_under_contract() -> None:
    assert sorted(HOLDS) == default_formats().names()


@pytest.mark.parametrize("is_key", [False, True], ids=["value", "key"])
@pytest.mark.parametrize(("format", "type"), CASES, ids=IDS)
def test_a_single_column_comes_back(format: str, type: SqlType, is_key: bool) -> None:
    spec = _spec(format, {"C": type}, wrapped=format == "JSON" and not is_key, is_key=is_key)

    assert _through(spec, [[value] for value in VALUES[type]]) == [(value,) for value in VALUES[type]]


@pytest.mark.parametrize(
    ("format", "type"),
    [case for case in CASES if case[0] not in SINGLE],
    ids=[i for i in IDS if not i.startswith(SINGLE)],
)
def test_a_column_among_others_comes_back(format: str, type: SqlType) -> None:
    spec = _spec(format, {"A": BIGINT, "C": type, "Z": STRING}, wrapped=True)
    rows = [[1, value, None] for value in VALUES[type]] + [[None, None, None]]

    assert _through(spec, rows) == [tuple(row) for row in rows]
    assert _through(spec, rows, ["C"]) == [(row[1],) for row in rows]
    assert _through(spec, rows, ["Z", "C"]) == [(row[2], row[1]) for row in rows]


@pytest.mark.parametrize(("format", "type"), CASES, ids=IDS)
def test_generated_code_and_plain_calls_agree(format: str, type: SqlType) -> None:
    spec = _spec(format, {"C": type}, wrapped=format == "JSON")
    found = _format(format)
    reader, writer = found.reader(spec), found.writer(spec)
    values = [*VALUES[type], None]
    written = [writer.encode([value]) for value in values]

    assert written == _encode(spec, [[value] for value in values])
    assert [reader.decode(data)["C"] for data in written if data is not None] == [
        v for v, data in zip(values, written, strict=True) if data is not None
    ]


@pytest.mark.parametrize(("format", "type"), CASES, ids=IDS)
def test_null_comes_back(format: str, type: SqlType) -> None:
    spec = _spec(format, {"C": type}, wrapped=format == "JSON")
    [data] = _encode(spec, [[None]])

    assert data is None or _decode(spec, [data], ["C"]) == [(None,)]


@pytest.mark.parametrize(("format", "type"), CASES, ids=IDS)
def test_declared_types_are_accepted(format: str, type: SqlType) -> None:
    _format(format).validate(_spec(format, {"C": type}, wrapped=format == "JSON"))


@pytest.mark.parametrize("format", [name for name in HOLDS if name not in (*SINGLE, "NONE")])
def test_garbage_is_refused_with_a_reason(format: str) -> None:
    spec = _spec(format, {"A": INTEGER, "B": DOUBLE}, wrapped=True)
    garbage = [b"\xff\xfe\x00", b'{"A": "x"}', b"[", b"x,y,z", b'"', b"\x00" * 100]

    assert all(isinstance(error, DecodeError) and str(error) for error in _decode(spec, garbage, ["A", "B"]))


@pytest.mark.parametrize("format", HOLDS)
def test_no_columns_take_no_notice_of_bytes(format: str) -> None:
    spec = _spec(format, {}, wrapped=True, is_key=True)

    assert _decode(spec, [b"anything", b""], []) == [(), ()]
    assert _encode(spec, [[]]) == [None]


def _spec(format: str, columns: dict[str, SqlType], *, wrapped: bool, is_key: bool = False) -> SerdeSpec:
    namespace = Namespace.KEY if is_key else Namespace.VALUE
    return SerdeSpec(format, tuple(Column(name, type, namespace) for name, type in columns.items()), wrapped, is_key)


def _format(name: str) -> Any:
    found = default_formats().get(name)
    assert found is not None
    return found


def _through(spec: SerdeSpec, rows: Sequence[Sequence[Any]], wanted: Sequence[str] | None = None) -> list[Any]:
    written = _encode(spec, rows)
    assert all(isinstance(data, bytes) for data in written)
    return _decode(spec, written, wanted or [c.name for c in spec.columns])


def _encode(spec: SerdeSpec, rows: Sequence[Sequence[Any]]) -> list[Any]:
    code = Code()
    names = [f"c{index}" for index in range(len(spec.columns))]
    with code.block("def run(rows):"):
        code.line("out = []")
        with code.block(f"for {''.join(f'{name}, ' for name in names) or '_'} in rows:"):
            code.line(f"out.append({_format(spec.format).writer(spec).write(code, names)})")
        code.line("return out")
    result: list[Any] = _run(code, rows)
    return result


def _decode(spec: SerdeSpec, records: Sequence[Any], wanted: Sequence[str]) -> list[Any]:
    reader, code = _format(spec.format).reader(spec), Code()
    targets = {name: f"c{index}" for index, name in enumerate(wanted)}

    def reject(error: str) -> None:
        code.line(f"out.append({error})")
        code.line("continue")

    with code.block("def run(records):"):
        code.line("out = []")
        reader.prologue(code)
        with code.block("for v in records:"):
            reader.write(code, "v", targets, reject)
            code.line(f"out.append(({''.join(f'{name}, ' for name in targets.values())}))")
        code.line("return out")
    result: list[Any] = _run(code, records)
    return result


def _run(code: Code, argument: Any) -> Any:
    scope: dict[str, Any] = dict(code.constants)
    exec(code.compile("contract"), scope)
    return scope["run"](argument)
