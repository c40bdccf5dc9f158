"""Key-value pairs with keys of any length, in key order.

The law: pairs of a key space sort as their keys do, however long. LMDB takes keys of at most 511 bytes, so a longer key is
cut into chunks: its first chunk leads to a key space of its own, where the rest is looked up (layers, as in Masstree).

Stored keys are the space's number and a chunk. A pair's own last chunk has up to CHUNK_BYTES bytes; a link to another
space is a whole chunk and a zero byte, so that it sorts right behind the pair whose key is just that chunk.
"""

import struct
from collections.abc import Iterable, Iterator
from itertools import islice

from headrace.runtime.log.embedded.layout import NUMBER, SPACES, Databases, LmdbTransaction, next_number

CHUNK_BYTES = 480
OFFSETS_SPACE = 0

_VALUE = b"\x01"
_LINK = 2
"""First bytes of records: they say kind and version."""

_SPACE = struct.Struct(">Q")


class Pairs:
    """The pairs of all key spaces of an environment."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._pairs = databases.pairs

    def get(self, txn: LmdbTransaction, space: int, key: bytes) -> bytes | None:
        """The value of a key."""
        while len(key) > CHUNK_BYTES:
            link = txn.get(_link_key(space, key), db=self._pairs)
            if link is None:
                return None
            space, key = NUMBER.unpack(link)[1], key[CHUNK_BYTES:]
        value = txn.get(_SPACE.pack(space) + key, db=self._pairs)
        return value[1:] if value is not None else None

    def put(self, txn: LmdbTransaction, space: int, entries: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Write pairs; None deletes."""
        prefix = _SPACE.pack(space)
        pairs = self._pairs
        for key, value in entries:
            stored = prefix + key if len(key) <= CHUNK_BYTES else self._long_key(txn, space, key)
            if value is None:
                txn.delete(stored, db=pairs)
            else:
                txn.put(stored, _VALUE + value, db=pairs)

    def scan(
        self, txn: LmdbTransaction, space: int, prefix: bytes, *, after: bytes | None, limit: int
    ) -> list[tuple[bytes, bytes]]:
        """Pairs whose key starts with a prefix, in order, after a key."""
        low = prefix if after is None else max(prefix, after + b"\0")
        return list(islice(self._walk(txn, space, b"", prefix, low), limit))

    def drop(self, txn: LmdbTransaction, space: int, prefix: bytes, *, limit: int) -> bool:
        """Delete at most about `limit` pairs whose key starts with a prefix; says whether all are gone."""
        stored = list(islice(self._stored(txn, space, prefix), limit))
        for key in stored:
            txn.delete(key, db=self._pairs)
        return len(stored) < limit

    def _walk(
        self, txn: LmdbTransaction, space: int, head: bytes, prefix: bytes, low: bytes
    ) -> Iterator[tuple[bytes, bytes]]:
        for chunk, value in self._chunks(txn, space, low):
            if not _may_hold(chunk, value, prefix):
                return
            if value[0] != _LINK:
                yield head + chunk, value[1:]
                continue
            rest = low[CHUNK_BYTES:] if low[:CHUNK_BYTES] == chunk else b""
            yield from self._walk(txn, NUMBER.unpack(value)[1], head + chunk, prefix[CHUNK_BYTES:], rest)

    def _stored(self, txn: LmdbTransaction, space: int, prefix: bytes) -> Iterator[bytes]:
        """The stored keys of everything under a prefix, what a link leads to before the link."""
        for chunk, value in self._chunks(txn, space, prefix):
            if not _may_hold(chunk, value, prefix):
                return
            if value[0] != _LINK:
                yield _SPACE.pack(space) + chunk
                continue
            yield from self._stored(txn, NUMBER.unpack(value)[1], prefix[CHUNK_BYTES:])
            if len(prefix) <= CHUNK_BYTES:
                yield _link_key(space, chunk)

    def _chunks(self, txn: LmdbTransaction, space: int, low: bytes) -> Iterator[tuple[bytes, bytes]]:
        first = _SPACE.pack(space)
        start = first + low if len(low) <= CHUNK_BYTES else _link_key(space, low)
        with txn.cursor(self._pairs) as cursor:
            if not cursor.set_range(start):
                return
            for stored, value in cursor:
                if not stored.startswith(first):
                    return
                yield stored[8 : 8 + CHUNK_BYTES], value

    def _long_key(self, txn: LmdbTransaction, space: int, key: bytes) -> bytes:
        """The stored key of a long key's last chunk; makes the layers that lead there."""
        while len(key) > CHUNK_BYTES:
            stored = _link_key(space, key)
            link = txn.get(stored, db=self._pairs)
            if link is None:
                child = next_number(txn, self._databases, SPACES)
                txn.put(stored, NUMBER.pack(_LINK, child), db=self._pairs)
            else:
                child = NUMBER.unpack(link)[1]
            space, key = child, key[CHUNK_BYTES:]
        return _SPACE.pack(space) + key


def _link_key(space: int, key: bytes) -> bytes:
    return _SPACE.pack(space) + key[:CHUNK_BYTES] + b"\0"


def _may_hold(chunk: bytes, value: bytes, prefix: bytes) -> bool:
    """Whether a pair, or what a link leads to, can start with the prefix."""
    if value[0] == _LINK:
        return chunk.startswith(prefix[:CHUNK_BYTES])
    return chunk.startswith(prefix)
