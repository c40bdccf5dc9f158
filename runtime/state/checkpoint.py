"""The checkpoint of a store: a table of the log that the older part of the changelog is folded into, a slice per commit.

The law: table + changelog from `folded` on = the store; `folded` moves only in the commit after the one that wrote the last
slice before it. Folding leaves the blobs that hold changes which owe an emission, so that these are known after a restart.
"""

import struct
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from headrace.runtime.commit import Commit
from headrace.runtime.log.base import LogCorrupt, TopicLog
from headrace.runtime.state.changelog import read_changelog
from headrace.runtime.state.codec import window_bytes
from headrace.runtime.state.store import StateStore

STATE_TABLE = "state"
FOLDED_TABLE = "folded"
FOLD_AT_KEYS = 200_000
"""Changed keys in the changelog before it is folded; replaying as many takes about 0.2 s."""
SLICE_KEYS = 5_000
"""Keys that a commit writes to the table at most."""
EAGER_KEYS = 200_000
"""Checkpoints up to this size are loaded whole; larger ones key by key."""

Entry = tuple[bytes, bytes | None]


class Checkpoint:
    """The folding of one changelog partition."""

    def __init__(self, log: TopicLog, topic: str, partition: int) -> None:
        self._log = log
        self._topic = topic
        self._partition = partition
        self._prefix = topic.encode() + b"\0" + struct.pack(">I", partition)
        self._tail_keys = 0
        self._slices: Iterator[list[Entry]] | None = None
        self._target = 0
        self.is_begun = log.get(FOLDED_TABLE, self._prefix) is not None
        """Whether state was ever kept here, so that the changelog must be there."""

    @property
    def folded(self) -> int:
        """The first changelog offset that is not in the table."""
        kept = self._log.get(FOLDED_TABLE, self._prefix)
        return 0 if kept is None else int(kept)

    @staticmethod
    def forget(log: TopicLog, topic: str) -> None:
        """Delete the checkpoints of a changelog."""
        for table in (STATE_TABLE, FOLDED_TABLE):
            prefix = topic.encode() + b"\0"
            if log.scan(table, prefix, limit=1):
                log.drop_table(table, prefix)

    def restore(self, store: StateStore) -> None:
        """Bring an empty store to the last commit. Raises LogCorrupt where the changelog is gone."""
        if self.is_begun and self._log.describe(self._topic) is None:
            raise LogCorrupt(
                f'The changelog topic "{self._topic}" is gone, and the state with it; drop the query to begin anew.'
            )
        folded = self.folded
        if folded:
            self._restore_table(store)
        for _, blob in read_changelog(self._log, self._topic, self._partition, folded):
            changes = store.codec.decode(blob)
            self._tail_keys += _size(store, changes[2])
            store.apply(changes)
        store.applied()

    def note(self, commit: Commit, store: StateStore) -> None:
        """A blob is appended by a commit."""
        if not self.is_begun:
            commit.put(FOLDED_TABLE, ((self._prefix, b"0"),))
            self.is_begun = True
        self._tail_keys += store.last_blob_keys

    def fold(self, commit: Commit, store: StateStore) -> None:
        """Fold a slice, where the changelog has grown long against the store."""
        if self._slices is None:
            if self._tail_keys < max(FOLD_AT_KEYS, 2 * store.size):
                return
            self._slices = self._fold(store)
        entries = next(self._slices, None)
        if entries is not None:
            commit.put(STATE_TABLE, entries)
            return
        if self._target > self.folded:
            commit.put(FOLDED_TABLE, ((self._prefix, str(self._target).encode()),))
            commit.deletions[self._topic, self._partition] = self._target
        self._slices = None

    def _fold(self, store: StateStore) -> Iterator[list[Entry]]:
        """Merge the tail up to what is owed, a few blobs at a time; then the last state per key, a slice at a time."""
        self._target = self.folded
        self._tail_keys = 0
        codec = store.codec
        merged: dict[bytes, bytes | None] = {}
        owed: deque[tuple[int, dict[bytes, bytes | None]]] = deque()
        keys = 0
        for offset, blob in read_changelog(self._log, self._topic, self._partition, self._target):
            _, mark, contents = codec.decode(blob)
            encoded: dict[bytes, bytes | None] = {}
            for window, changes in _groups(store, contents):
                if window is not None and store.is_expired(window):
                    continue
                for key, state in changes.items():
                    encoded[codec.key_bytes(window, key)] = None if state is None else codec.state_bytes(state)
            owed.append((offset, encoded))
            while len(owed) > mark:
                self._target, encoded = owed.popleft()  # the last blob stays: stream time is in it
                merged.update(encoded)
            keys += _size(store, contents)
            if keys >= SLICE_KEYS:
                keys = 0
                yield []
        yield from _slices((key, None) for key in list(self._expired(store)))
        yield from _slices((self._prefix + key, value) for key, value in merged.items())

    def _expired(self, store: StateStore) -> Iterator[bytes]:
        """Windows of the table that retention has passed."""
        retention = store.spec.retention_ms
        if retention is None:
            return
        after = None
        bound = self._prefix + window_bytes(store.stream_time - retention)
        while True:
            page = self._log.scan(STATE_TABLE, self._prefix, after=after, limit=SLICE_KEYS)
            for key, _ in page:
                if key >= bound:
                    return
                yield key
            if not page:
                return
            after = page[-1][0]

    def _restore_table(self, store: StateStore) -> None:
        """Load the table, or let the store look keys up in it."""
        loaded = 0
        after = None
        while loaded <= EAGER_KEYS:
            page = self._log.scan(STATE_TABLE, self._prefix, after=after, limit=1_000)
            for key, value in page:
                self._put(store, key, value)
            loaded += len(page)
            if not page:
                return
            after = page[-1][0]
        store.attach(self)

    def _put(self, store: StateStore, key: bytes, value: bytes) -> None:
        window, name = store.codec.split_key(key[len(self._prefix) :])
        store.seed(window, name, store.codec.state(value))

    def find(self, store: StateStore, window: int | None, key: Any) -> Any:
        """The state of a key in the table, or None."""
        value = self._log.get(STATE_TABLE, self._prefix + store.codec.key_bytes(window, key))
        return None if value is None else store.codec.state(value)

    def entries(self, store: StateStore) -> Iterator[tuple[Any, int | None, Any]]:
        """All (key, window, state) of the table, page by page."""
        after = None
        while True:
            page = self._log.scan(STATE_TABLE, self._prefix, after=after, limit=1_000)
            for name, value in page:
                window, key = store.codec.split_key(name[len(self._prefix) :])
                yield key, window, store.codec.state(value)
            if not page:
                return
            after = page[-1][0]

    def window_starts(self, store: StateStore) -> Iterator[int]:
        """The window starts in the table, in order; one look-up each."""
        after = None
        while True:
            page = self._log.scan(STATE_TABLE, self._prefix, after=after, limit=1)
            if not page:
                return
            window, _ = store.codec.split_key(page[0][0][len(self._prefix) :])
            assert window is not None
            yield window
            after = self._prefix + window_bytes(window + 1)


def _groups(store: StateStore, contents: dict[Any, Any]) -> Iterable[tuple[int | None, dict[Any, Any]]]:
    return contents.items() if store.spec.windowed else ((None, contents),)


def _slices(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    entries = iter(entries)
    while part := list(islice(entries, SLICE_KEYS)):
        yield part


def _size(store: StateStore, contents: dict[Any, Any]) -> int:
    return sum(map(len, contents.values())) if store.spec.windowed else len(contents)
