"""The key-value tables of a log, each in a compacted topic, with its content in memory.

The law: memory is the topic's committed records folded in order; it changes after the commit that changes the topic.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping

CONFIG = {
    "cleanup.policy": "compact",
    "min.cleanable.dirty.ratio": "0.1",
    "segment.bytes": str(32 << 20),
    "retention.ms": "-1",
}
"""Small segments and a low ratio: what is read at the next start stays near what is in the table."""


def topic_of(service_id: str, table: str) -> str:
    """The topic of a table."""
    return f"_confluent-ksql-{service_id}headrace-table-{table}"


class Table:
    """Pairs by key; the order of keys is made when it is asked for."""

    def __init__(self) -> None:
        self._values: dict[bytes, bytes] = {}
        self._keys: list[bytes] | None = []

    def get(self, key: bytes) -> bytes | None:
        """The value of a key."""
        return self._values.get(key)

    def put(self, entries: Mapping[bytes, bytes | None] | Iterable[tuple[bytes, bytes | None]]) -> None:
        """Set values; None deletes."""
        values = self._values
        pairs = entries.items() if isinstance(entries, Mapping) else entries
        for key, value in pairs:
            if value is None:
                if values.pop(key, None) is not None:
                    self._keys = None
            else:
                if key not in values:
                    self._keys = None
                values[key] = value

    def scan(self, prefix: bytes, *, after: bytes | None, limit: int) -> list[tuple[bytes, bytes]]:
        """Pairs whose key starts with a prefix, in order."""
        if self._keys is None:
            self._keys = sorted(self._values)
        keys = self._keys
        first = bisect_left(keys, prefix)
        if after is not None:
            first = max(first, bisect_right(keys, after))
        found = []
        for key in keys[first : first + limit]:
            if not key.startswith(prefix):
                break
            found.append((key, self._values[key]))
        return found

    def keys(self, prefix: bytes) -> list[bytes]:
        """All keys that start with a prefix."""
        return [key for key in self._values if key.startswith(prefix)]
