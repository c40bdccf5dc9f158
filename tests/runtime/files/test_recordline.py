"""Records as lines of JSON, and back to the same bytes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.runtime.files.recordline import LineRecord, read_record, write_record
from headrace.runtime.record import FlowRecord

BYTES = st.none() | st.binary() | st.text().map(lambda s: s.encode("utf-8", "ignore")) | st.builds(
    lambda value: json.dumps(value).encode(),
    st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)),
)  # fmt: skip


@given(key=BYTES, value=BYTES, header=BYTES)
def test_a_record_comes_back_as_it_was(key: bytes | None, value: bytes | None, header: bytes | None) -> None:
    line = write_record("t", 2, FlowRecord(7, 1_000, key, value, [("h", header)]))

    assert json.loads(line)["offset"] == 7
    assert read_record(line.encode()) == LineRecord(key, value, (("h", header),), 1_000, 2)


@pytest.mark.parametrize(
    ("data", "written"),
    [
        (None, "null"),
        (b'{"a": 1.0}', '{"a": 1.0}'),
        (b"abc", '"abc"'),
        (b'"abc"', '"\\"abc\\""'),
        (b"null", '"null"'),
        (b"12", '"12"'),
        (b"\x00\x00\x00\x05", '"\\u0000\\u0000\\u0000\\u0005"'),
        (b"\xff", '{"base64":"/w=="}'),
        (b'{"base64":"/w=="}', '"{\\"base64\\":\\"/w==\\"}"'),
        (b'{\n"a":1}', '"{\\n\\"a\\":1}"'),
    ],
    ids=str,
)
def test_value(data: bytes | None, written: str) -> None:
    line = write_record("t", 0, FlowRecord(0, 0, None, data))

    assert line == f'{{"topic":"t","partition":0,"offset":0,"timestamp":0,"key":null,"value":{written},"headers":[]}}'


@pytest.mark.parametrize(
    ("line", "record"),
    [
        (b'{"value":{"a":1}}', LineRecord(None, b'{"a":1}')),
        (b'{"key":5,"value":null}', LineRecord(b"5", None)),
        (b'{"key":"k","value":true,"timestamp":3,"unknown":[]}', LineRecord(b"k", b"true", timestamp=3)),
    ],
    ids=["value only", "number as key", "unknown member"],
)
def test_lines_written_by_hand(line: bytes, record: LineRecord) -> None:
    assert read_record(line) == record


@pytest.mark.parametrize("line", [b"", b"[]", b"{", b'{"timestamp":"x"}', b"\xff"], ids=str)
def test_what_is_no_record(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_record(line)
