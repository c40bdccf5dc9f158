import struct

import pytest

from headrace.runtime.log import batch as batches
from headrace.runtime.log.base import LogCorrupt, LogError, Record, Row
from headrace.runtime.log.batch import BatchHeader, build, read_into, rebuild

ROWS: list[Row] = [(100 + n, b"key", b"value %d" % n, [("h", b"x")] if n % 2 else ()) for n in range(5)]


def placed(rows: list[Row] = ROWS, *, at: int = 40, compression: int = 0) -> bytes:
    (batch,) = build(rows, compression=compression)
    return bytes(batch.place(at))


def read(raw: bytes, *, at: int = 40, from_offset: int = 0) -> list[Record]:
    records: list[Record] = []
    read_into(records, raw, at, from_offset=from_offset)
    return records


@pytest.mark.parametrize("compression", range(5))
def test_rows_come_back(compression: int) -> None:
    records = read(placed(compression=compression))

    assert [(r.timestamp, r.key, r.value, tuple(r.headers)) for r in records] == [
        (t, k, v, tuple(h)) for t, k, v, h in ROWS
    ]
    assert [record.offset for record in records] == [40, 41, 42, 43, 44]


def test_header_says_what_is_inside() -> None:
    header = BatchHeader.of(placed(compression=4))

    assert (header.base_offset, header.next_offset, header.records) == (40, 45, 5)
    assert (header.max_timestamp, header.compression) == (104, 4)


def test_reading_from_inside() -> None:
    assert [record.offset for record in read(placed(), from_offset=43)] == [43, 44]


def test_batches_are_bounded_by_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MAX_BATCH_ROWS", 2)

    assert [batch.count for batch in build(ROWS)] == [2, 2, 1]


def test_batches_are_bounded_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MAX_BATCH_BYTES", 1_000)
    rows: list[Row] = [(0, None, bytes(size), ()) for size in (400, 400, 400, 5_000, 10, 10)]

    assert [batch.count for batch in build(rows)] == [2, 1, 1, 2]


def test_record_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MAX_RECORD_BYTES", 1_000)

    with pytest.raises(LogError, match="larger"):
        build([(0, None, bytes(2_000), ())])


@pytest.mark.parametrize("kept", [[0, 1, 2, 3, 4], [1, 3], [4], [0], []], ids=str)
def test_rebuild_keeps_offsets(kept: list[int]) -> None:
    records = read(placed())

    rebuilt = rebuild([records[index] for index in kept])

    again = [(r.offset, r.value) for base, batch in rebuilt for r in read(bytes(batch.place(base)), at=base)]
    assert again == [(40 + index, ROWS[index][2]) for index in kept]


@pytest.mark.parametrize("position", range(0, 200, 7))
def test_a_flipped_bit_is_found(position: int) -> None:
    damaged = bytearray(placed())
    position %= len(damaged)
    damaged[position] ^= 0x10

    # The leader epoch is the one field that neither we nor the checksum look at.
    if 12 <= position < 16:
        assert len(read(bytes(damaged))) == 5
    else:
        with pytest.raises(LogCorrupt, match="offset 40"):
            read(bytes(damaged))


@pytest.mark.parametrize("length", [0, 1, 60, 61, 100])
def test_a_short_batch_is_refused(length: int) -> None:
    with pytest.raises(LogCorrupt, match="offset 40"):
        read(placed()[:length])


def test_a_batch_in_the_wrong_place_is_refused() -> None:
    with pytest.raises(LogCorrupt, match="offset 41"):
        read(placed(), at=41)


def test_a_short_header_is_refused() -> None:
    with pytest.raises(LogCorrupt, match="shorter"):
        BatchHeader.of(b"\0" * 60)


def test_undecodable_compression_is_corrupt() -> None:
    raw = bytearray(placed())
    struct.pack_into(">h", raw, 21, 4)
    struct.pack_into(">I", raw, 17, checksum(raw))

    with pytest.raises(LogCorrupt, match="cannot be read"):
        read(bytes(raw))


def checksum(raw: bytearray) -> int:
    crc = pytest.importorskip("aiokafka.record.util").calc_crc32c
    return int(crc(bytes(raw[21:])))
