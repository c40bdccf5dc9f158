"""The order in which Java's `HashMap` goes through text keys.

ksqlDB's maps are HashMaps, so a REDUCE whose result depends on the order gives the same only in this order. The law: keys
go by bucket (the low bits of their hash), within a bucket by insertion; the table doubles when it is 3/4 full.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any


def hash_order(entries: Mapping[Any, Any]) -> Iterable[tuple[Any, Any]]:
    """The entries in that order; maps with keys other than text keep theirs."""
    if len(entries) < 2 or not isinstance(next(iter(entries)), str):
        return entries.items()
    capacity = 2
    while len(entries) > capacity * 3 // 4:
        capacity *= 2
    return sorted(entries.items(), key=lambda entry: _spread(entry[0]) & capacity - 1)


@lru_cache(maxsize=10_000)
def _spread(text: str) -> int:
    """`String.hashCode`, its high bits mixed in as HashMap does."""
    units = text.encode("utf-16-be", "surrogatepass")
    value = 0
    for index in range(0, len(units), 2):
        value = (31 * value + (units[index] << 8) + units[index + 1]) & 0xFFFFFFFF
    return value ^ value >> 16
