"""KAFKA, NONE, and windowed keys."""

import pytest

from headrace.engine.codegen.serde import DecodeError
from headrace.engine.types.sqltype import BIGINT, BYTES, DOUBLE, INTEGER, STRING
from headrace.runtime.serde.keys import session_key, split_session_key, split_window_key, window_key
from headrace.runtime.serde.registry import default_formats

FORMS = [
    (INTEGER, -2, b"\xff\xff\xff\xfe"),
    (BIGINT, 1, b"\0\0\0\0\0\0\0\1"),
    (DOUBLE, 1.5, b"\x3f\xf8\0\0\0\0\0\0"),
    (STRING, "é", b"\xc3\xa9"),
    (STRING, "", b""),
    (BYTES, b"\xff", b"\xff"),
]


@pytest.mark.parametrize(("type", "value", "data"), FORMS, ids=[f"{t}-{v!r}" for t, v, _ in FORMS])
def test_a_value_is_read_and_written(spec, loop, encoder, type, value, data):
    side = spec("KAFKA", {"K": type}, is_key=True)
    format = default_formats().get("KAFKA")

    assert loop(side)([data]) == [(value,)]
    assert format.reader(side).decode(data) == {"K": value}
    assert encoder(side)([value]) == data
    assert format.writer(side).encode([value]) == data
    assert encoder(side)([None]) is format.writer(side).encode([None]) is None


@pytest.mark.parametrize("type", [INTEGER, BIGINT, DOUBLE], ids=str)
@pytest.mark.parametrize("data", [b"", b"123", b"123456789"], ids=len)
def test_a_number_of_another_width_is_refused(spec, loop, type, data):
    side = spec("KAFKA", {"K": type})
    [error] = loop(side)([data])

    assert isinstance(error, DecodeError)
    assert f"not {len(data)}" in str(error)
    with pytest.raises(DecodeError, match="in the KAFKA format"):
        default_formats().get("KAFKA").reader(side).decode(data)


def test_text_that_is_not_utf8_is_read_as_java_does(spec, loop):
    assert loop(spec("KAFKA", {"K": STRING}))([b"a\xff"]) == [("a\ufffd",)]


def test_an_unread_column_is_not_decoded(spec, loop):
    assert loop(spec("KAFKA", {"K": INTEGER}), [])([b"x"]) == [()]
    assert isinstance(loop(spec("KAFKA", {"K": INTEGER}, DECODE_ALL_COLUMNS="true"), [])([b"x"])[0], DecodeError)


@pytest.mark.parametrize("format", ["KAFKA", "NONE"])
def test_without_columns_there_is_nothing(spec, loop, encoder, format):
    side = spec(format, {}, is_key=True)

    assert loop(side)([b"x"]) == [()]
    assert default_formats().get(format).reader(side).decode(b"x") == {}
    assert encoder(side)([]) is default_formats().get(format).writer(side).encode([]) is None


def test_windowed_keys_split_as_they_were_joined():
    assert window_key(b"k", 258) == b"k\0\0\0\0\0\0\1\2"
    assert split_window_key(window_key(b"", -1)) == (b"", -1)
    assert session_key(b"k", 1, 2) == b"k\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\1"
    assert split_session_key(session_key(b"k", 1, 2)) == (b"k", 1, 2)


@pytest.mark.parametrize(("split", "width"), [(split_window_key, 8), (split_session_key, 16)], ids=["time", "session"])
def test_keys_too_short_for_their_window_are_refused(split, width):
    with pytest.raises(DecodeError, match=f"takes {width}"):
        split(b"1234567")
