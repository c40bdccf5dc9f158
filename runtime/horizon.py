"""The event-time horizon: how far each partition may be processed in a step so that none runs ahead of the others.

The law: records leave in the order (highest timestamp so far in their partition, partition index), of which each step
takes a prefix; so the order is the same wherever slices are cut. A partition holds the others back only while it is known
to have unread records.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from headrace.runtime.cursor import Cursor

EventTimes = Callable[[Sequence[Any]], list[int]]


def record_times(records: Sequence[Any]) -> list[int]:
    """The records' own timestamps."""
    return [record.timestamp for record in records]


def cut(cursors: Sequence[tuple[Cursor, EventTimes]]) -> list[tuple[Cursor, list[Any], int]]:
    """Take what may be processed now from partitions in their order; gives (cursor, records, high before them)."""
    highs = []
    bound: tuple[int, int] | None = None
    for index, (cursor, times) in enumerate(cursors):
        reached = list(accumulate(times(cursor.ahead), max, initial=cursor.high))
        highs.append(reached)
        if cursor.has_more and (bound is None or (reached[-1], index) < bound):
            bound = (reached[-1], index)
    taken = []
    for index, ((cursor, _), reached) in enumerate(zip(cursors, highs, strict=True)):
        count = len(cursor.ahead)
        if bound is not None:
            within = bisect_right if index <= bound[1] else bisect_left
            count = within(reached, bound[0], 1) - 1
        if count:
            before = cursor.high
            cursor.high = reached[count]
            taken.append((cursor, cursor.take(count), before))
    return taken
