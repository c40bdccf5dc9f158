"""The topic log: what every backend (memory, embedded, Kafka) offers.

The law: nothing durable happens outside a transaction; a committed transaction is visible as a whole or not at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

Headers = Sequence[tuple[str, bytes | None]]

Row = tuple[int, bytes | None, bytes | None, Headers]
"""What is appended: (timestamp in ms, key, value, headers)."""

TopicPartition = tuple[str, int]


class Record(Protocol):
    """What is read. aiokafka's C records have this shape, so the log hands them over as they are."""

    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Headers: ...


@dataclass(frozen=True, slots=True)
class TopicDescription:
    """A topic as it is: `config` holds Kafka's names (retention.ms, cleanup.policy, …); `id` changes when a topic is made anew."""

    name: str
    partitions: int
    replicas: int = 1
    config: Mapping[str, str] = field(default_factory=dict)
    id: int = 0


@dataclass(frozen=True, slots=True)
class Slice:
    """Records of one partition, in offset order; `next_offset` is where to read on (offsets may have gaps)."""

    records: Sequence[Record]
    next_offset: int


class LogError(Exception):
    """The log cannot do what was asked; the message says what and why.

    LogError
    ├── TopicExists / UnknownTopic
    ├── OffsetOutOfRange    the offset was deleted or never written
    ├── LogFull             the disk is full or read-only: nothing was written, the same commit may be tried again
    ├── LogConflict         another process appended to a topic whose offsets the transaction relies on
    ├── LogCorrupt          the directory is damaged, truncated or of a newer version: refused
    └── LogLocked           another process holds the engine role
    """


class TopicExists(LogError):
    """A topic of that name is there already."""


class UnknownTopic(LogError):
    """There is no topic of that name."""


class OffsetOutOfRange(LogError):
    """The offset is before the start or after the end of the partition."""


class LogFull(LogError):
    """No space, or read-only: nothing was written."""


class LogConflict(LogError):
    """Another process appended to a topic whose end offset the transaction expects."""


class LogCorrupt(LogError):
    """The directory cannot be trusted."""


class LogLocked(LogError):
    """Another process holds the engine role on this directory."""


class Transaction(Protocol):
    """Everything of one commit. Built on any thread, committed once (again only after LogFull). Nothing is written before `commit`."""

    def append(self, topic: str, partition: int, rows: Sequence[Row], *, expected_offset: int | None = None) -> None:
        """Append rows; with `expected_offset`, commit raises LogConflict unless the partition ends there."""

    def commit_offsets(self, group: str, offsets: Mapping[TopicPartition, int]) -> None:
        """Set the next offset to read of a group, per topic partition."""

    def delete_records(self, topic: str, partition: int, before: int) -> None:
        """Delete whole batches that lie before an offset (the tail of a changelog that a checkpoint covers); not this commit's."""

    def put(self, table: str, entries: Iterable[tuple[bytes, bytes | None]]) -> None:
        """Write key-value pairs to a named table of the log's own store (checkpoints, progress); None deletes."""

    def commit(self) -> Mapping[TopicPartition, int]:
        """Make everything durable at once; returns the base offset of each appended partition.

        Raises LogFull or LogConflict (nothing was written) or LogError.
        """


class TopicLog(Protocol):
    """Topics of partitioned, ordered records, and the offsets of their readers. Safe to call from several threads."""

    url: str

    is_gapless: bool
    """Whether what is appended gets consecutive offsets, known before the commit. Kafka's do not: markers of transactions and
    other producers take offsets too, so no offset can be expected of an append, and readers get rows from the log only."""

    def create_topic(
        self, name: str, partitions: int, *, replicas: int = 1, config: Mapping[str, str] | None = None
    ) -> TopicDescription:
        """Create a topic; raises TopicExists."""

    def delete_topic(self, name: str) -> None:
        """Delete a topic and its records; raises UnknownTopic."""

    def describe(self, name: str) -> TopicDescription | None:
        """The topic, or None."""

    def topics(self) -> Sequence[TopicDescription]:
        """All topics, by name."""

    def read(self, topic: str, partition: int, offset: int, *, max_records: int = 2_000) -> Slice:
        """Committed records from `offset` on, about `max_records` of them (whole batches; never fewer than one where there is one)."""

    def begin_offset(self, topic: str, partition: int) -> int:
        """The first offset that can be read."""

    def end_offset(self, topic: str, partition: int) -> int:
        """The offset after the last committed record."""

    def offset_for_time(self, topic: str, partition: int, timestamp: int) -> int:
        """The first offset whose record's timestamp is at or after `timestamp` (ms), else the end offset."""

    def committed(self, group: str) -> Mapping[TopicPartition, int]:
        """The committed offsets of a group."""

    def delete_group(self, group: str) -> None:
        """Forget the offsets of a group."""

    def get(self, table: str, key: bytes) -> bytes | None:
        """A value of the log's own key-value store."""

    def scan(
        self, table: str, prefix: bytes, *, after: bytes | None = None, limit: int = 1_000
    ) -> Sequence[tuple[bytes, bytes]]:
        """Pairs whose key starts with `prefix`, in key order, after a key, at most `limit` (long scans page)."""

    def drop_table(self, table: str, prefix: bytes) -> None:
        """Delete all pairs whose key starts with `prefix`."""

    def expire(self, topic: str) -> int:
        """Delete the records that the topic's config lets go (retention.ms, retention.bytes); returns how many. The default keeps all."""

    def compact(self, topic: str) -> int:
        """Keep the last record of each key where the topic's cleanup.policy is compact; returns how many went. Offsets stay."""

    def transaction(self) -> Transaction:
        """A new, empty transaction."""

    def version(self) -> int:
        """A number that grows with every commit of any process: cheap to poll for new records."""

    def become_engine(self, service_id: str = "") -> None:
        """Take the engine role (one process per log, on Kafka per service id); raises LogLocked naming the holder.

        On Kafka the newest holder wins: the one before gets LogLocked from its next commit."""

    def close(self) -> None:
        """Release everything; idempotent."""
