"""Record batches as a broker takes and gives them, without a broker."""

import pytest

from headrace.runtime.log.base import LogCorrupt, Record, Row
from headrace.runtime.log.kafka.batches import Outgoing, incoming, next_sequence, outgoing, unpack
from headrace.runtime.log.kafka.follower import Window
from headrace.runtime.log.kafka.tables import Table

ROWS: list[Row] = [
    (5, b"key", b"value", ()),
    (-1, None, b"", [("h", b"\x00"), ("n", None)]),
    (9, b"", None, ()),
    *((n, b"k%d" % n, b"x" * 100, ()) for n in range(2_500)),
]


def on_wire(batches: list[Outgoing], *, base: int = 0, transactional: bool = False) -> bytes:
    """The batches one after another, as a broker would place them."""
    raw = b""
    for batch in batches:
        stamped = batch.stamp(7, 1, 0, is_transactional=transactional)
        raw += base.to_bytes(8, "big") + stamped[8:]
        base += batch.count
    return raw


def records_of(raw: bytes, aborted: list[tuple[int, int]] | None = None, *, offset: int = 0) -> list[Record]:
    records: list[Record] = []
    for batch in incoming(raw, aborted):
        if batch.batch is not None:
            unpack(records, batch, offset, "orders-0")
    return records


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("transactional", [True, False])
def test_rows_come_back(compress: bool, transactional: bool) -> None:
    raw = on_wire(outgoing(ROWS, compress=compress), transactional=transactional)

    found = records_of(raw)

    assert [(r.timestamp, r.key, r.value, tuple(r.headers)) for r in found] == [(*r[:3], tuple(r[3])) for r in ROWS]
    assert [r.offset for r in found] == list(range(len(ROWS)))


def test_compression_makes_batches_smaller() -> None:
    assert len(on_wire(outgoing(ROWS))) * 5 < len(on_wire(outgoing(ROWS, compress=False)))


@pytest.mark.parametrize(("aborted", "count"), [([], 2), ([(7, 0)], 0), ([(7, 1)], 1), ([(8, 0)], 2)], ids=str)
def test_batches_of_aborted_transactions_are_skipped(aborted: list[tuple[int, int]], count: int) -> None:
    raw = on_wire([*outgoing(ROWS[:1]), *outgoing(ROWS[:1])], transactional=True)

    assert len(records_of(raw, aborted)) == count


def test_damaged_batch_is_refused() -> None:
    raw = bytearray(on_wire(outgoing(ROWS[:1])))
    raw[-1] ^= 1

    with pytest.raises(LogCorrupt, match='offset 0 of "orders-0"'):
        records_of(bytes(raw))


def test_sequences_wrap() -> None:
    assert [next_sequence(2**31 - 2, n) for n in (1, 2, 3)] == [2**31 - 1, 0, 1]


def test_window_hands_out_whole_batches_and_goes_on() -> None:
    rows: list[Row] = [(n, None, b"", ()) for n in range(5_000)]
    raw = on_wire([*outgoing(rows[:3_000]), *outgoing(rows[3_000:])])
    window = Window(500)
    window.add(incoming(raw, None), len(raw))

    parts = [window.take(600).unpacked(("orders", 0)) for _ in range(3)]

    assert [(len(p.records), p.next_offset) for p in parts] == [(2_500, 3_000), (2_000, 5_000), (0, 5_000)]


def test_table_pages_in_key_order() -> None:
    table = Table()
    table.put([(b"b", b"2"), (b"a", b"1"), (b"ab", b"3"), (b"b", None), (b"ac", b"4")])

    assert table.scan(b"a", after=None, limit=2) == [(b"a", b"1"), (b"ab", b"3")]
    assert table.scan(b"a", after=b"ab", limit=2) == [(b"ac", b"4")]
    assert (table.get(b"b"), table.keys(b"a")) == (None, [b"a", b"ab", b"ac"])
