"""JSON to columns: the fast path, the lenient rules, and what is learned from data."""

import json
from decimal import Decimal as D

import pytest

from headrace.engine.codegen.serde import DecodeError
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
    Struct,
)

BID = {"ID": BIGINT, "PRICE": DOUBLE, "NAME": STRING}
POINT = Struct((("X", INTEGER), ("Y", INTEGER)))

RULES = [
    (INTEGER, "7", 7),
    (INTEGER, "-2147483648", -2147483648),
    (INTEGER, "1.9", 1),
    (INTEGER, "-1.9", -1),
    (INTEGER, "1e3", 1000),
    (INTEGER, "2147483648", -2147483648),
    (INTEGER, '"42"', 42),
    (INTEGER, '"+42"', 42),
    (INTEGER, '"-42"', -42),
    (INTEGER, "null", None),
    (BIGINT, "9223372036854775807", 9223372036854775807),
    (BIGINT, "9223372036854775808", -9223372036854775808),
    (BIGINT, '"-9223372036854775808"', -9223372036854775808),
    (DOUBLE, "1", 1.0),
    (DOUBLE, "1e400", float("inf")),
    (DOUBLE, '"1.5"', 1.5),
    (DOUBLE, '" .5e1d "', 5.0),
    (DOUBLE, '"-Infinity"', float("-inf")),
    (DOUBLE, "123456789012345678901234567890", 1.2345678901234568e29),
    (BOOLEAN, "true", True),
    (BOOLEAN, "false", False),
    (STRING, '"a\\u00e9\\ud83d\\ude00"', "aé😀"),
    (STRING, '"\\ud83d"', "?"),
    (STRING, "1", "1"),
    (STRING, "1.50", "1.50"),
    (STRING, "1e5", "1E+5"),
    (STRING, "true", "true"),
    (STRING, '{"a": [1, {"b": null}], "é": "x\\""}', '{"a":[1,{"b":null}],"é":"x\\""}'),
    (STRING, '[1, "a", null, 2.50, {"k": [true]}]', "[1, a, null, 2.50, {k=[true]}]"),
    (INTEGER, "1E-999999999", 0),
    (Array(DOUBLE), "[-0, {}]", [0.0, None]),
    (Decimal(6, 4), "12.365", D("12.3650")),
    (Decimal(4, 2), "-0", D("0.00")),
    (Decimal(6, 4), '"12.3"', D("12.3000")),
    (Decimal(6, 2), "1e2", D("100.00")),
    (Decimal(30, 10), "12345678901234567890.0123456789", D("12345678901234567890.0123456789")),
    (BYTES, '"ew=="', b"{"),
    (BYTES, '"ew"', b"{"),
    (DATE, "-10", -10),
    (DATE, '"12"', 12),
    (TIME, "86399999", 86399999),
    (TIMESTAMP, "1700000000000", 1700000000000),
    (TIMESTAMP, "17e2", 1700),
    (Array(INTEGER), "[1, null, 3]", [1, None, 3]),
    (Array(INTEGER), '[1, "x", "3", {}]', [1, None, 3, None]),
    (Array(STRING), '[1, "a", [2]]', ["1", "a", "[2]"]),
    (Array(Decimal(4, 2)), "[1, 2.5, 3.333]", [D("1.00"), D("2.50"), None]),
    (Map(STRING, DOUBLE), '{"a": 1, "b": "x", "c": null}', {"a": 1.0, "b": None, "c": None}),
    (Map(STRING, Array(BIGINT)), '{"a": [1]}', {"a": [1]}),
    (POINT, '{"Y": 2, "X": 1}', {"X": 1, "Y": 2}),
    (POINT, '{"y": 2}', {"X": None, "Y": 2}),
    (POINT, '{"X": true, "Y": 2}', {"X": None, "Y": 2}),
    (Array(POINT), '[{"X": 1, "Y": 2}, null, 5]', [{"X": 1, "Y": 2}, None, None]),
    (Struct((("A", Array(POINT)),)), '{"a": [{"x": 1, "y": 2}]}', {"A": [{"X": 1, "Y": 2}]}),
]

BAD = [
    (INTEGER, '"1.5"', '"1.5" cannot be INTEGER: not a whole number'),
    (INTEGER, '"2147483648"', '"2147483648" cannot be INTEGER: not in the range -2147483648 to 2147483647'),
    (INTEGER, '"1_0"', '"1_0" cannot be INTEGER: not a whole number'),
    (INTEGER, "true", "true cannot be INTEGER"),
    (BIGINT, "1e999999999", "out of range"),
    (BIGINT, "[]", "an array cannot be BIGINT"),
    (DOUBLE, '"inf"', '"inf" cannot be DOUBLE: not a number'),
    (BOOLEAN, '"true"', '"true" cannot be BOOLEAN'),
    (BOOLEAN, "1", "1 cannot be BOOLEAN"),
    (Decimal(4, 2), "1.234", "1.234 cannot be DECIMAL(4, 2): does not fit DECIMAL(4, 2)"),
    (Decimal(4, 2), "123", "123 cannot be DECIMAL(4, 2): does not fit DECIMAL(4, 2)"),
    (Decimal(4, 2), '"NaN"', '"NaN" cannot be DECIMAL(4, 2): not a number'),
    (Decimal(4, 2), "1e999999999999999999999", "cannot be DECIMAL(4, 2)"),
    (BYTES, '"?"', '"?" cannot be BYTES: not Base64'),
    (BYTES, "1", "1 cannot be BYTES"),
    (TIME, "86400000", '"86400000" cannot be TIME: not in the range 0 to 86399999'),
    (Array(INTEGER), '"x"', '"x" cannot be ARRAY<INTEGER>'),
    (POINT, "[1]", "an array cannot be STRUCT<`X` INTEGER, `Y` INTEGER>"),
]


@pytest.mark.parametrize(("type", "text", "expected"), RULES, ids=[f"{t}-{x}" for t, x, _ in RULES])
@pytest.mark.parametrize("wrapped", [True, False], ids=["wrapped", "bare"])
def test_a_value_is_read_by_the_rules(spec, loop, type, text, expected, wrapped):
    document = f'{{"C": {text}}}' if wrapped else text
    decode = loop(spec("JSON", {"C": type}, wrapped=wrapped))

    assert repr(decode([document.encode()] * 2)) == repr([(expected,)] * 2)


@pytest.mark.parametrize("text", ["1", "1.5", "true", '{"a": 1}', "[1]", '["a", 1]'])
@pytest.mark.parametrize("type", [STRING, Array(STRING), Map(STRING, STRING)], ids=str)
def test_text_made_of_anything_is_plain_text(spec, loop, encoder, type, text):
    document = {STRING: text, Array(STRING): f"[{text}]"}.get(type, f'{{"k": {text}}}')
    [row] = loop(spec("JSON", {"C": type}))([f'{{"C": {document}}}'.encode()])

    assert json.loads(encoder(spec("JSON", {"C": type}))(row)) == {"C": row[0]}


@pytest.mark.parametrize(("type", "text", "message"), BAD, ids=[f"{t}-{x}" for t, x, _ in BAD])
@pytest.mark.parametrize("wrapped", [True, False], ids=["wrapped", "bare"])
def test_a_wrong_value_is_refused_with_the_column(spec, loop, type, text, message, wrapped):
    document = f'{{"C": {text}}}' if wrapped else text
    [error] = loop(spec("JSON", {"C": type}, wrapped=wrapped))([document.encode()])

    assert isinstance(error, DecodeError)
    assert 'column "C": ' in str(error)
    assert message in str(error)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"C": 1} x', "not JSON"),
        (b"[1]", "the record is not a JSON object"),
        (b'"text"', "the record is not a JSON object"),
        (b'{"C": NaN}', "not JSON: NaN is not JSON"),
        (b'{"C": 01}', "not JSON"),
        (b'{"C": "\xff"}', "not JSON"),
        (b'{"C": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deep"),
        (b"[" * 100_000, "nested too deep"),
    ],
    ids=["empty", "cut", "trailing", "array", "text", "nan", "leading-zero", "utf8", "deep", "deep-open"],
)
def test_what_is_no_record_is_refused(spec, loop, document, message):
    [error] = loop(spec("JSON", {"C": STRING}))([document])

    assert isinstance(error, DecodeError)
    assert message in str(error)


def test_a_bad_value_in_an_unread_column_passes(spec, loop):
    decode = loop(spec("JSON", BID), ["ID"])

    assert decode([b'{"ID": 1, "PRICE": "no number", "NAME": "a"}']) == [(1,)]


def test_a_bad_value_anywhere_is_refused_where_all_columns_are_decoded(spec, loop):
    decode = loop(spec("JSON", BID, DECODE_ALL_COLUMNS="true"), ["ID"])
    good, bad = decode([b'{"ID": 1, "PRICE": 1, "NAME": "a"}', b'{"ID": 1, "PRICE": "no number", "NAME": "a"}'])

    assert good == (1,)
    assert str(bad) == 'column "PRICE": "no number" cannot be DOUBLE: not a number'


def test_without_columns_to_read_the_record_must_still_be_an_object(spec, loop):
    good, bad = loop(spec("JSON", BID), [])([b'{"x": 1}', b"nonsense"])

    assert good == ()
    assert isinstance(bad, DecodeError)


def test_without_declared_columns_bytes_are_ignored(spec, loop):
    assert loop(spec("JSON", {}, is_key=True))([b"nonsense"]) == [()]


def test_null_is_a_row_of_nulls(spec, loop):
    assert loop(spec("JSON", BID))([b"null"]) == [(None, None, None)]


def test_nested_errors_may_refuse_the_record(spec, loop):
    [error] = loop(spec("JSON", {"C": Array(POINT)}, NESTED_ERROR_SET_NULL="false"))([b'{"C": [{"X": 1, "Y": "b"}]}'])

    assert str(error) == """column "C": 0: 'Y': "b" cannot be INTEGER: not a whole number"""


def test_names_match_exactly_before_they_match_in_upper_case(spec, loop):
    decode = loop(spec("JSON", {"A": INTEGER, "b": INTEGER}))

    assert decode([b'{"A": 1, "a": 2, "b": 3, "B": 4}', b'{"a": 2, "B": 4}', b'{"a": 2, "b": 5}']) == [
        (1, 3),
        (2, None),
        (2, 5),
    ]


def test_the_spelling_of_names_is_learned(spec, loop, lenient_calls):
    decode = loop(spec("JSON", BID | {"P": POINT}))
    record = b'{"id": 1, "price": 2, "name": "a", "p": {"x": 1, "y": 2}}'

    assert decode([record] * 50) == [(1, 2.0, "a", {"X": 1, "Y": 2})] * 50
    assert len(lenient_calls) == 1


def test_records_with_missing_fields_are_learned(spec, loop, lenient_calls):
    decode = loop(spec("JSON", BID))
    batch = [b'{"ID": 1, "PRICE": 2, "NAME": "a", "other": [1, {"x": "}"}]}', b'{"ID": 1, "NAME": "a"}'] * 20
    expected = [(1, 2.0, "a"), (1, None, "a")] * 20

    first = decode(batch)
    lenient_calls.clear()
    second = decode(batch)
    known = len(lenient_calls)
    third = decode([*batch, b'{"Price": 3}', b'{"ID": 4, "new": 1}'])

    assert first == second == expected
    assert third == [*expected, (None, 3.0, None), (4, None, None)]
    assert known == 1  # the first full record shows the name "other"


def test_names_that_change_for_ever_stay_right(spec, loop):
    decode = loop(spec("JSON", {"ID": INTEGER, "N": INTEGER}))

    for batch in range(10):
        records = [json.dumps({"id": i, f"x{batch}.{i}": 1}).encode() for i in range(40)]
        assert decode(records) == [(i, None) for i in range(40)]


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb", "a\x00b", "é😀", "'''", "#\n", "{x}", "", "f0"])
def test_any_name_can_be_a_column(spec, loop, name):
    document = json.dumps({name: 1, "O": {name: 2}}).encode()
    decode = loop(spec("JSON", {name: INTEGER, "O": Struct(((name, INTEGER),))}))

    assert decode([document] * 3) == [(1, {name: 2})] * 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_other_encodings_of_unicode_are_read(spec, loop, encoding):
    assert loop(spec("JSON", {"C": STRING}))(['{"C": "é"}'.encode(encoding)]) == [("é",)]


def test_types_nested_deep_are_read(spec, loop):
    type, value = INTEGER, 1
    for _ in range(30):
        type, value = Array(type), [value]

    assert loop(spec("JSON", {"C": type}))([json.dumps({"C": value}).encode()]) == [(value,)]


def test_decode_gives_every_column(spec):
    from headrace.runtime.serde.json.reader import JsonReader

    reader = JsonReader(spec("JSON", BID | {"D": Decimal(4, 2)}))

    assert reader.decode(b'{"id": 1, "D": 1.5}') == {"ID": 1, "PRICE": None, "NAME": None, "D": D("1.50")}
    with pytest.raises(DecodeError, match='column "ID": "x" cannot be BIGINT'):
        reader.decode(b'{"id": "x"}')


@pytest.fixture
def lenient_calls(monkeypatch):
    from headrace.runtime.serde.json.decoding import Decoding

    calls, slow = [], Decoding.slow
    monkeypatch.setattr(Decoding, "slow", lambda self, data: calls.append(data) or slow(self, data))
    return calls
