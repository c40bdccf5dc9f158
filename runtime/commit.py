"""One atomic commit: outputs, offsets, changelogs, problems and the progress of whoever appends, and the thread that writes it.

The law: what is in a commit becomes durable together or not at all; commits become durable in the order of their serials,
one at a time, while the next step is computed.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headrace.runtime.cursor import Cursor
from headrace.runtime.log.base import Row, TopicLog, TopicPartition, Transaction
from headrace.runtime.metrics import Counters

if TYPE_CHECKING:
    from headrace.runtime.frontier import Frontier
    from headrace.runtime.query import Query


@dataclass(slots=True)
class Ledger:
    """The serial of the last commit that is durable."""

    settled: int = 0


@dataclass(frozen=True, slots=True)
class Appended:
    """Rows that come from outside of queries, with what their author wants kept in the same commit (table → entries)."""

    topic: str
    rows: Mapping[int, Sequence[Row]]
    progress: Mapping[str, Sequence[tuple[bytes, bytes | None]]]
    done: "Future[None]"


ENCODED_ROWS = 1_000
"""Rows of a partition that are encoded at once, while they are still in the processor's cache."""


@dataclass(slots=True, eq=False)
class Commit:
    """Everything since the last commit. Built on the engine thread, written once.

    Rows go into the transaction by the batch as they come; nothing of it is in the log before `write`.
    """

    serial: int
    started: float
    ledger: Ledger
    transaction: Transaction | None = None
    rows: dict[TopicPartition, list[Row]] = field(default_factory=dict)
    encoded: dict[TopicPartition, int] = field(default_factory=dict)
    expected: dict[TopicPartition, int] = field(default_factory=dict)
    offsets: dict[str, dict[TopicPartition, int]] = field(default_factory=dict)
    entries: dict[str, list[tuple[bytes, bytes | None]]] = field(default_factory=dict)
    deletions: dict[TopicPartition, int] = field(default_factory=dict)
    appended: list[Appended] = field(default_factory=list)
    moved: "dict[Cursor, Frontier]" = field(default_factory=dict)
    ran: "dict[Query, None]" = field(default_factory=dict)
    positions: list[tuple[Cursor, int, int]] = field(default_factory=list)
    counts: "list[tuple[Query, Counters]]" = field(default_factory=list)
    error: Exception | None = None

    @property
    def settled(self) -> int:
        """The last serial that is durable."""
        return self.ledger.settled

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.rows or self.offsets or self.entries or self.deletions or self.appended)

    def append(self, topic: str, partition: int, rows: Sequence[Row], *, expected: int | None = None) -> None:
        """Append rows; with `expected`, readers have been promised that the first gets this offset."""
        place = topic, partition
        known = self.rows.setdefault(place, [])
        if expected is not None and place not in self.expected:
            self.expected[place] = expected - len(known) - self.encoded.get(place, 0)
        known.extend(rows)
        if self.transaction is not None and len(known) >= ENCODED_ROWS:
            self._encode(self.transaction, place)

    def put(self, table: str, entries: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Write entries of the log's own store."""
        self.entries.setdefault(table, []).extend(entries)

    def include(self, appended: Appended) -> None:
        """Take in rows from outside."""
        self.appended.append(appended)
        for partition, rows in appended.rows.items():
            self.append(appended.topic, partition, rows)
        for table, entries in appended.progress.items():
            self.put(table, entries)

    def write(self, log: TopicLog) -> None:
        """Make it durable."""
        transaction = self.transaction or log.transaction()
        for place in self.rows:
            self._encode(transaction, place)
        for group, offsets in self.offsets.items():
            transaction.commit_offsets(group, offsets)
        for table, entries in self.entries.items():
            transaction.put(table, entries)
        for (topic, partition), before in self.deletions.items():
            transaction.delete_records(topic, partition, before)
        transaction.commit()

    def _encode(self, transaction: Transaction, place: TopicPartition) -> None:
        rows, encoded = self.rows[place], self.encoded.get(place, 0)
        expected = self.expected.get(place)
        transaction.append(*place, rows, expected_offset=None if expected is None else expected + encoded)
        self.encoded[place] = encoded + len(rows)
        rows.clear()


class Committer:
    """Writes commits, one at a time: on a thread of its own, or in the caller's where `threaded` is False."""

    def __init__(self, log: TopicLog, *, threaded: bool, on_done: Callable[[], None] = lambda: None) -> None:
        self._log = log
        self._on_done = on_done
        self._changed = threading.Condition()
        self._next: Commit | None = None
        self._done: Commit | None = None
        self._closing = False
        self._thread: threading.Thread | None = None
        if threaded:
            self._thread = threading.Thread(target=self._work, name="headrace-commit", daemon=True)
            self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether a commit is being written or its outcome was not collected yet."""
        return self._next is not None or self._done is not None

    @property
    def current(self) -> Commit | None:
        """The commit that is being written, or whose outcome was not collected yet."""
        return self._next or self._done

    def submit(self, commit: Commit) -> None:
        """Begin to write; the one before must have been collected."""
        assert not self.is_busy
        if self._thread is None:
            self._done = self._write(commit)
            return
        with self._changed:
            self._next = commit
            self._changed.notify_all()

    def collect(self, *, wait: bool) -> Commit | None:
        """The commit that ended (its `error` says how), or None; with `wait`, waits for the one in flight."""
        with self._changed:
            while wait and self._next is not None:
                self._changed.wait()
            done, self._done = self._done, None
            return done

    def close(self) -> None:
        """End the thread after the commit in flight."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                while self._next is None:
                    if self._closing:
                        return
                    self._changed.wait()
                commit = self._next
            self._write(commit)
            with self._changed:
                self._done = commit
                self._next = None  # in this order: `is_busy` reads both without the lock
                self._changed.notify_all()
            self._on_done()

    def _write(self, commit: Commit) -> Commit:
        try:
            commit.write(self._log)
        except Exception as error:
            commit.error = error
        return commit
