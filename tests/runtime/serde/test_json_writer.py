"""Columns to JSON."""

import json
from decimal import Decimal as D

import pytest

from headrace.engine.types.sqltype import BIGINT, BOOLEAN, BYTES, DATE, DOUBLE, STRING, Array, Decimal, Map, Struct
from headrace.runtime.serde.registry import default_formats

WRITTEN = [
    (BIGINT, 9223372036854775807, "9223372036854775807"),
    (BOOLEAN, True, "true"),
    (DATE, -1, "-1"),
    (DOUBLE, 1.0, "1.0"),
    (DOUBLE, float("nan"), '"NaN"'),
    (DOUBLE, float("-inf"), '"-Infinity"'),
    (STRING, 'a"\n\x00é😀', '"a\\"\\n\\u0000é😀"'),
    (STRING, "\ud800", '"?"'),
    (BYTES, b"\xff", '"/w=="'),
    (Decimal(4, 2), D("1.50"), "1.50"),
    (Decimal(20, 10), D("0.0000000001"), "0.0000000001"),
    (Decimal(20, 10), D("0E-10"), "0.0000000000"),
    (Decimal(30, 0), D("123456789012345678901234567890"), "123456789012345678901234567890"),
    (Array(Decimal(20, 10)), [D("1E-10"), None], "[0.0000000001,null]"),
    (Array(DOUBLE), [1.5, None, float("inf")], '[1.5,null,"Infinity"]'),
    (Map(STRING, DOUBLE), {"a": float("nan"), None: 1.0}, '{"a":"NaN","null":1.0}'),
    (Struct((("b", DOUBLE), ("A", STRING))), {"b": None, "A": "x"}, '{"b":null,"A":"x"}'),
    (Array(Struct((("x", BYTES),))), [{"x": b"a"}, None], '[{"x":"YQ=="},null]'),
]


@pytest.mark.parametrize(("type", "value", "text"), WRITTEN, ids=[f"{t}-{x}" for t, _, x in WRITTEN])
def test_a_value_is_written(spec, encoder, type, value, text):
    wrapped, bare = spec("JSON", {"C": type}), spec("JSON", {"C": type}, wrapped=False)

    assert encoder(wrapped)([value]).decode() == f'{{"C":{text}}}'
    assert encoder(bare)([value]).decode() == text
    assert default_formats().get("JSON").writer(wrapped).encode([value]).decode() == f'{{"C":{text}}}'


def test_null_is_a_field_but_no_bare_value(spec, encoder):
    assert encoder(spec("JSON", {"C": DOUBLE, "D": Array(DOUBLE)}))([None, None]) == b'{"C":null,"D":null}'
    assert encoder(spec("JSON", {"C": DOUBLE}, wrapped=False))([None]) is None
    assert encoder(spec("JSON", {"C": Array(DOUBLE)}, wrapped=False))([None]) is None


def test_several_key_columns_are_an_object(spec, encoder):
    assert encoder(spec("JSON", {"K": BIGINT, "K2": STRING}, is_key=True))([1, None]) == b'{"K":1,"K2":null}'


def test_without_columns_a_key_is_none_and_a_value_an_empty_object(spec, encoder):
    assert encoder(spec("JSON", {}, is_key=True))([]) is None
    assert encoder(spec("JSON", {}))([]) == b"{}"


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb", "a\x00b", "é😀", "'''", "#\n", "{x}", "", "f0"])
def test_any_name_can_be_a_column(spec, encoder, name):
    written = encoder(spec("JSON", {name: BIGINT, "O": Struct(((name, DOUBLE),))}))([1, {name: float("nan")}])

    assert json.loads(written) == {name: 1, "O": {name: "NaN"}}


def test_the_row_keeps_its_values(spec):
    from headrace.engine.codegen.source import Code

    code = Code()
    with code.block("def run(c0):"):
        result = default_formats().get("JSON").writer(spec("JSON", {"C": DOUBLE})).write(code, ["c0"])
        code.line(f"return {result}, c0")
    scope = dict(code.constants)
    exec(code.compile("test"), scope)

    assert scope["run"](float("inf")) == (b'{"C":"Infinity"}', float("inf"))
