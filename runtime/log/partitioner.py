"""Which partition a key belongs to: murmur2, as Kafka's default partitioner.

The law: the same key bytes go to the same partition as a Java client would send them to; null keys take turns.
"""

import struct
from collections.abc import Callable
from itertools import cycle

CACHED_KEYS = 65_536
"""Hashing in Python takes 1.4 µs for 4 bytes and 7 µs for 36; a cached key 0.04 µs."""


class Partitioner:
    """Places keys on a topic's partitions. `partition` is a bound C method where it can be: it is called per row."""

    partition: Callable[[bytes | None], int]

    def __init__(self, partitions: int) -> None:
        if partitions < 1:
            raise ValueError(f"a topic has at least one partition, not {partitions}")
        self.partitions = partitions
        self.partition = _first if partitions == 1 else _Placements(partitions).__getitem__


def murmur2(key: bytes) -> int:
    """The hash of Kafka's Java client, as an unsigned number."""
    length = len(key)
    whole = length & ~3
    h = 0x9747B28C ^ length
    for k in struct.unpack_from(f"<{whole >> 2}I", key):
        k = k * 0x5BD1E995 & 0xFFFFFFFF
        k = (k ^ k >> 24) * 0x5BD1E995 & 0xFFFFFFFF
        h = h * 0x5BD1E995 & 0xFFFFFFFF ^ k
    if whole != length:
        h = (h ^ int.from_bytes(key[whole:], "little")) * 0x5BD1E995 & 0xFFFFFFFF
    h = (h ^ h >> 13) * 0x5BD1E995 & 0xFFFFFFFF
    return h ^ h >> 15


class _Placements(dict[bytes | None, int]):
    """Known keys and their partitions: a hit costs a dict look-up, and a full cache begins anew."""

    def __init__(self, partitions: int) -> None:
        super().__init__()
        self._partitions = partitions
        self._turns = cycle(range(partitions))

    def __missing__(self, key: bytes | None) -> int:
        if key is None:
            return next(self._turns)
        if len(self) >= CACHED_KEYS:
            self.clear()
        partition = self[key] = (murmur2(key) & 0x7FFFFFFF) % self._partitions
        return partition


def _first(key: bytes | None) -> int:
    return 0
