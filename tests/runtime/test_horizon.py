"""The event-time horizon: the order of a merge by heads, in prefixes."""

from itertools import pairwise

import pytest

from headrace.runtime.cursor import Cursor
from headrace.runtime.horizon import cut, record_times
from headrace.runtime.log.memory import MemoryLog


def make_cursors(*partitions: list[int]) -> tuple[MemoryLog, list[Cursor]]:
    log = MemoryLog()
    log.create_topic("t", len(partitions))
    transaction = log.transaction()
    for p, times in enumerate(partitions):
        transaction.append("t", p, [(ts, None, b"", ()) for ts in times])
    transaction.commit()
    cursors = [Cursor("t", p, 0) for p in range(len(partitions))]
    for cursor in cursors:
        cursor.end = log.end_offset("t", cursor.partition)
    return log, cursors


def take(log: MemoryLog, cursors: list[Cursor], chunk: int) -> list[tuple[int, int]]:
    """One step: (partition, timestamp) in the order that an exchange gives them."""
    for cursor in cursors:
        cursor.fill(log, chunk)
    rows = []
    for cursor, records, high in cut([(c, record_times) for c in cursors]):
        for record in records:
            high = max(high, record.timestamp)
            rows.append((high, cursor.partition, record.offset, record.timestamp))
    return [(partition, ts) for _, partition, _, ts in sorted(rows)]


def drain(log: MemoryLog, cursors: list[Cursor], chunk: int) -> list[tuple[int, int]]:
    taken: list[tuple[int, int]] = []
    while any(c.has_unread for c in cursors):
        step = take(log, cursors, chunk)
        assert step, "no progress"
        taken += step
    return taken


PARTITIONS = {
    "in order": ([1, 2, 3, 4, 5, 6], [10, 20, 30], [2, 4, 6, 8]),
    "out of order": ([5, 1, 9, 2, 9, 9, 3], [4, 9, 1, 9, 12], [9, 9, 2, 30]),
    "one is empty": ([1, 2, 3], [], [2, 2, 2]),
    "one is far ahead": ([100, 200, 300], [1, 2, 3, 4, 5, 6, 7, 8], [50]),
}


@pytest.mark.parametrize("chunk", [1, 2, 3, 5])
@pytest.mark.parametrize("partitions", PARTITIONS.values(), ids=PARTITIONS.keys())
def test_order_is_the_same_wherever_slices_are_cut(partitions: tuple[list[int], ...], chunk: int) -> None:
    whole = drain(*make_cursors(*partitions), chunk=1_000)

    assert drain(*make_cursors(*partitions), chunk=chunk) == whole


def test_ordered_input_leaves_in_event_time() -> None:
    times = [ts for _, ts in drain(*make_cursors([1, 4, 7], [2, 5, 8], [3, 6, 9]), chunk=2)]

    assert all(a <= b for a, b in pairwise(times))


def test_a_partition_that_is_used_up_holds_nobody_back() -> None:
    log, cursors = make_cursors([1], [5, 6, 7])

    assert take(log, cursors, 10) == [(0, 1), (1, 5), (1, 6), (1, 7)]


def test_a_partition_that_is_being_loaded_holds_the_others_back() -> None:
    log, cursors = make_cursors([1, 3], [2, 5, 6])
    cursors[0].is_loading = True

    assert take(log, cursors, 10) == [(0, 1), (1, 2), (0, 3)]
    assert take(log, cursors, 10) == []
    cursors[0].is_loading = False
    assert take(log, cursors, 10) == [(1, 5), (1, 6)]


def test_the_high_before_a_slice_is_what_was_taken() -> None:
    log, cursors = make_cursors([5, 1, 2])
    cursors[0].fill(log, 10)
    cursors[0].ahead, rest = cursors[0].ahead[:1], cursors[0].ahead[1:]
    assert [high for _, _, high in cut([(cursors[0], record_times)])] == [-1]

    cursors[0].ahead = rest

    assert [high for _, _, high in cut([(cursors[0], record_times)])] == [5]
