"""Rows on their way from one sub-topology of a query to the next, by the partition of their grouping key.

The law: a step's rows leave in the order (highest timestamp so far in their partition, partition, offset, sequence),
the order of a merge of the partitions by heads, wherever slices were cut.
"""

from collections.abc import Callable
from typing import Any

ExchangeRow = tuple[Any, ...]


class Exchange:
    """The buffers between two sub-topologies."""

    __slots__ = ("_lists", "_partitioner")

    def __init__(self, partitions: int, partitioner: Callable[[bytes | None], int]) -> None:
        self._lists: list[list[ExchangeRow]] = [[] for _ in range(partitions)]
        self._partitioner = partitioner

    def append_for(self, key: bytes) -> Callable[[ExchangeRow], None]:
        """The append of the partition that an encoded grouping key belongs to."""
        return self._lists[self._partitioner(key)].append

    def take(self) -> list[tuple[int, list[ExchangeRow]]]:
        """All rows so far, in order, as (partition, rows)."""
        taken = []
        for partition, rows in enumerate(self._lists):
            if rows:
                taken.append((partition, sorted(rows)))
                rows.clear()
        return taken

    def clear(self) -> None:
        """Forget what waits."""
        for rows in self._lists:
            rows.clear()
