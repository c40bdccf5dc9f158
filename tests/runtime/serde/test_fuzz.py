"""Odd and mutated payloads: only DecodeError, in bounded time, and the fast path reads what the lenient one reads."""

import random

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
UPPER = (
    b'{"B":true,"I":12,"L":-3,"D":1.5e3,"S":"a\\u00e9\\ud83d\\ude00","Y":"ew==","N":"12.5","DT":3,"TM":4,"TS":17000000,'
    b'"A":[[1.5,null],[2]],"M":{"k":1,"q":null},"R":{"X":5,"y":[{"Z":"q","W":9}]},"extra":[1,{"b":"}"}]}'
)
LOWER = UPPER.replace(b'"I"', b'"i"').replace(b'"D"', b'"d"').replace(b'"R"', b'"r"').replace(b'"X"', b'"x"')
MISSING = UPPER.replace(b'"D":1.5e3,', b"").replace(b'"X":5,', b"")
LINE = b'true,12,-3,1.5e3,"a ""b""",ew==,12.5,3,4,1700000000000'

USUAL = [
    b"true",
    b"12",
    b"-3",
    b"1.5e3",
    b'"ew=="',
    b'"12.5"',
    b":3",
    b":4",
    b"17000000",
    b"1.5",
    b"[2]",
    b"{",
    b":5",
    b'"q"',
    b":9",
]
VALUES = [
    b"null",
    b"true",
    b"1e400",
    b"-0",
    b"0",
    b"1E-999999999",
    b"9" * 30,
    b"3000000000",
    b"-3e9",
    b"1.25",
    b"1.0",
    b'"12"',
    b'"x"',
]
VALUES += [
    b'""',
    b'"1_0"',
    b'" 1"',
    b'"NaN"',
    b'"ew"',
    b"[]",
    b"{}",
    b"86400000",
    b'"\\ud800"',
    b"[" * 2000 + b"]" * 2000,
    b'{"X":1}',
    b"NaN",
]
TOKENS = [
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\xff",
    b"\xed\xa0\x80",
    b"\n",
    b"\x00",
    b'"x":',
    b"[" * 2000,
    b"\xc3\xa9",
]


def odd_values(original: bytes, count: int, seed: int) -> list[bytes]:
    """Records that are well formed, mostly, with values that do not belong."""
    chance = random.Random(seed)
    records = []
    for _ in range(count):
        usual, value = chance.choice(USUAL), chance.choice(VALUES)
        records.append(original.replace(usual, usual[:1] + value if usual.startswith(b":") else value))
    return records


def mutations(original: bytes, count: int, seed: int) -> list[bytes]:
    """Records with some bytes changed."""
    chance = random.Random(seed)
    records = []
    for _ in range(count):
        data = bytearray(original)
        for _ in range(chance.choice((1, 1, 2, 5))):
            start = chance.randrange(len(data) + 1)
            end = start + chance.choice((0, 0, 1, 1, 4, 20))
            data[start:end] = chance.choice(
                (b"", chance.choice(TOKENS), bytes([chance.randrange(256)]), bytes(data[end : end + 9]))
            )
        records.append(bytes(data))
    return records


@pytest.mark.parametrize("original", [UPPER, LOWER, MISSING], ids=["upper", "lower", "missing"])
@pytest.mark.parametrize("wanted", [list(NESTED), ["I", "D", "R"], []], ids=["all", "three", "none"])
def test_json_gives_rows_or_decode_errors_and_both_paths_agree(spec, loop, monkeypatch, wanted, original):
    records = odd_values(original, 600, seed=1) + mutations(original, 600, seed=2)
    fast, lenient = both_paths(loop, spec("JSON", NESTED), wanted, records, monkeypatch)

    assert {type(row) for row in fast} == {tuple, DecodeError}
    assert disagreements(fast, lenient) == []


def test_a_planted_bug_is_found(spec, loop, monkeypatch):
    from headrace.runtime.serde.json import shape

    monkeypatch.setitem(shape._PRIMITIVES, INTEGER, int)  # the range is no longer checked

    assert disagreements(
        *both_paths(loop, spec("JSON", NESTED), ["I", "D", "R"], odd_values(UPPER, 600, seed=1), monkeypatch)
    )


def both_paths(loop, side, wanted, records, monkeypatch):
    """What the learning decoder gives, in batches, and what the lenient path gives without any typed decoder."""
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
    records = odd_values(LINE, 1000, seed=7) + mutations(LINE, 2000, seed=7)
    rows = loop(side)(records)
    reader = DelimitedReader(side)
    read = [(record, row) for record, row in zip(records, rows, strict=True) if isinstance(row, tuple)]

    assert {type(row) for row in rows} == {tuple, DecodeError}
    assert [row for record, row in read if repr(tuple(reader.decode(record).values())) != repr(row)] == []


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
