"""Mutated payloads: only DecodeError, in bounded time, and the fast path reads what the lenient one reads."""

import random
import re
from collections.abc import Iterator

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

FLAT = {
    "B": BOOLEAN,
    "I": INTEGER,
    "L": BIGINT,
    "D": DOUBLE,
    "S": STRING,
    "Y": BYTES,
    "N": Decimal(8, 3),
    "DT": DATE,
    "TM": TIME,
    "TS": TIMESTAMP,
}
NESTED = FLAT | {
    "A": Array(Array(Decimal(4, 1))),
    "M": Map(STRING, DOUBLE),
    "R": Struct((("X", INTEGER), ("y", Array(Struct((("Z", STRING), ("W", BIGINT))))))),
}
RECORD = (
    b'{"B":true,"i":12,"L":-3,"D":1.5e3,"S":"a\\u00e9\\ud83d\\ude00","Y":"ew==","N":"12.5","DT":3,"TM":4,"TS":1700000000000,'
    b'"A":[[1.5,null],[2]],"M":{"a":1,"b":null},"R":{"X":1,"y":[{"Z":"q","W":9}]},"extra":[1,{"b":"}"}]}'
)
LINE = b'true,12,-3,1.5e3,"a ""b""",ew==,12.5,3,4,1700000000000'
TOKENS = [
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"true",
    b"1e400",
    b"-",
    b"0",
    b"1E-999999999",
    b"9" * 30,
    b"3000000000",
    b"-0",
    b'"12"',
    b"\xff",
    b"\xed\xa0\x80",
]
TOKENS += [
    b"\\ud800",
    b"NaN",
    b"\n",
    b"\x00",
    b'"x":',
    b'"1_0"',
    b'" 1"',
    b'"NaN"',
    b"1.25",
    b"[" * 2000,
    b"{" + b'"a":{' * 500,
    "é".encode(),
]
SCALAR = re.compile(rb"(?<=[:,\[])[^,:{}\[\]]+")


def mutations(original: bytes, count: int, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    for _ in range(count):
        data = bytearray(original)
        for _ in range(chance.choice((1, 1, 2, 5))):
            scalars = list(SCALAR.finditer(data))
            whole = chance.choice(scalars).span() if scalars and chance.random() < 0.5 else None
            start = whole[0] if whole else chance.randrange(len(data) + 1)
            end = whole[1] if whole else start + chance.choice((0, 0, 1, 1, 4, 20))
            data[start:end] = chance.choice(
                (b"", chance.choice(TOKENS), bytes([chance.randrange(256)]), bytes(data[end : end + 9]))
            )
        yield bytes(data)


@pytest.mark.parametrize(
    "record", [RECORD, RECORD.lower(), RECORD.replace(b'"D":1.5e3,', b"")], ids=["full", "lower", "missing"]
)
@pytest.mark.parametrize("wanted", [list(NESTED), ["I", "D", "R"], []], ids=["all", "three", "none"])
def test_json_gives_rows_or_decode_errors_and_both_paths_agree(spec, loop, monkeypatch, wanted, record):
    records = list(mutations(record, 1000, seed=len(wanted)))
    fast, lenient = both_paths(loop, spec("JSON", NESTED), wanted, records, monkeypatch)

    assert {type(row) for row in fast} == {tuple, DecodeError}
    assert disagreements(fast, lenient) == []


def test_a_planted_bug_is_found(spec, loop, monkeypatch):
    from headrace.runtime.serde.json import shape

    monkeypatch.setitem(shape._PRIMITIVES, INTEGER, int)  # the range is no longer checked
    records = list(mutations(RECORD, 1000, seed=3))

    assert disagreements(*both_paths(loop, spec("JSON", NESTED), ["I", "D", "R"], records, monkeypatch))


def both_paths(loop, side, wanted, records, monkeypatch):
    """What the learning decoder gives, in batches, and what the lenient path alone gives."""
    from headrace.runtime.serde.json import decoding

    learning = loop(side, wanted)
    fast = [row for start in range(0, len(records), 100) for row in learning(records[start : start + 100])]
    monkeypatch.setattr(decoding.Decoding, "_decoder", lambda self: decoding._refuse)
    monkeypatch.setattr(
        decoding.Decoding, "_raw", lambda self, index, raw: self._column(index, decoding.load_member(raw))
    )
    return fast, loop(side, wanted)(records)


def disagreements(fast, lenient):
    pairs = zip(fast, lenient, strict=True)
    return [(a, b) for a, b in pairs if repr(a) != repr(b) and not type(a) is type(b) is DecodeError]


def test_delimited_gives_rows_or_decode_errors_and_both_paths_agree(spec, loop):
    from headrace.runtime.serde.delimited import DelimitedReader

    side = spec("DELIMITED", FLAT)
    records = list(mutations(LINE, 3000, seed=7))
    fast = loop(side)(records)
    reader = DelimitedReader(side)

    assert {type(row) for row in fast} == {tuple, DecodeError}
    for record, row in zip(records, fast, strict=True):
        if isinstance(row, tuple):
            assert repr(tuple(reader.decode(record).values())) == repr(row), record


def test_huge_records_stay_cheap(spec, loop):
    decode = loop(spec("JSON", {"I": INTEGER, "S": STRING, "A": Array(INTEGER)}))
    huge = b"x" * (9 << 20)

    rows = decode(
        [
            b'{"I":' + b"9" * 100_000 + b',"S":null,"A":null}',
            b'{"I":1,"S":"' + huge + b'"}',
            b'{"I":1,"S":"\xff' + huge + b'"}',
            b'{"I":1,"S":[' + b"1," * (5 << 20) + b"1]}",
        ]
    )

    assert [type(row) for row in rows] == [DecodeError, tuple, DecodeError, DecodeError]
    assert "longer than" in str(rows[3])
