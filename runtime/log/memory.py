"""The topic log in memory: for tests and for runs that keep nothing.

The law: what is read is what was committed, under one lock; the contract is the embedded log's but for durability.
"""

import threading
from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence

from headrace.runtime.log.base import (
    LogConflict,
    LogError,
    OffsetOutOfRange,
    Record,
    Row,
    Slice,
    TopicDescription,
    TopicExists,
    TopicPartition,
    UnknownTopic,
)
from headrace.runtime.log.batch import make_record
from headrace.runtime.log.cleanup import Cleanup
from headrace.runtime.log.topicname import check_partition, check_topic

_RECORD_OVERHEAD_BYTES = 16


class MemoryLog:
    """Topics, offsets and tables in dicts."""

    url = "memory:"
    is_gapless = True

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._topics: dict[str, _Topic] = {}
        self._offsets: dict[str, dict[TopicPartition, int]] = {}
        self._tables: dict[str, _Table] = {}
        self._version = 0
        self._made = 0
        self._closed = False

    def create_topic(
        self, name: str, partitions: int, *, replicas: int = 1, config: Mapping[str, str] | None = None
    ) -> TopicDescription:
        check_topic(name, partitions)
        Cleanup.of(config or {})
        with self._lock:
            self._check_open()
            if name in self._topics:
                raise TopicExists(f'Topic "{name}" exists already')
            self._made += 1
            description = TopicDescription(name, partitions, replicas, dict(config or {}), self._made)
            self._topics[name] = _Topic(description)
            self._version += 1
            return description

    def delete_topic(self, name: str) -> None:
        with self._lock:
            self._topic(name)
            del self._topics[name]
            for offsets in self._offsets.values():
                for gone in [place for place in offsets if place[0] == name]:
                    del offsets[gone]
            self._version += 1

    def describe(self, name: str) -> TopicDescription | None:
        with self._lock:
            self._check_open()
            topic = self._topics.get(name)
            return topic.description if topic is not None else None

    def topics(self) -> Sequence[TopicDescription]:
        with self._lock:
            self._check_open()
            return [self._topics[name].description for name in sorted(self._topics)]

    def read(self, topic: str, partition: int, offset: int, *, max_records: int = 2_000) -> Slice:
        with self._lock:
            return self._partition(topic, partition).read(f"{topic}-{partition}", offset, max_records)

    def begin_offset(self, topic: str, partition: int) -> int:
        with self._lock:
            return self._partition(topic, partition).begin

    def end_offset(self, topic: str, partition: int) -> int:
        with self._lock:
            return self._partition(topic, partition).end

    def offset_for_time(self, topic: str, partition: int, timestamp: int) -> int:
        with self._lock:
            stored = self._partition(topic, partition)
            return next((record.offset for record in stored.records if record.timestamp >= timestamp), stored.end)

    def committed(self, group: str) -> Mapping[TopicPartition, int]:
        with self._lock:
            self._check_open()
            return dict(self._offsets.get(group, {}))

    def delete_group(self, group: str) -> None:
        with self._lock:
            self._check_open()
            self._offsets.pop(group, None)
            self._version += 1

    def get(self, table: str, key: bytes) -> bytes | None:
        with self._lock:
            self._check_open()
            return self._tables[table].values.get(key) if table in self._tables else None

    def scan(
        self, table: str, prefix: bytes, *, after: bytes | None = None, limit: int = 1_000
    ) -> Sequence[tuple[bytes, bytes]]:
        with self._lock:
            self._check_open()
            return self._tables[table].scan(prefix, after, limit) if table in self._tables else []

    def drop_table(self, table: str, prefix: bytes) -> None:
        with self._lock:
            self._check_open()
            if table in self._tables:
                self._tables[table].drop(prefix)
            self._version += 1

    def expire(self, topic: str) -> int:
        with self._lock:
            stored = self._topic(topic)
            cleanup = Cleanup.of(stored.description.config)
            if not cleanup.expires:
                return 0
            self._version += 1
            return sum(partition.expire(cleanup, stored.max_timestamp) for partition in stored.partitions)

    def compact(self, topic: str) -> int:
        with self._lock:
            stored = self._topic(topic)
            cleanup = Cleanup.of(stored.description.config)
            if not cleanup.compacts:
                return 0
            self._version += 1
            return sum(partition.compact(cleanup, stored.max_timestamp) for partition in stored.partitions)

    def transaction(self) -> "MemoryTransaction":
        return MemoryTransaction(self)

    def version(self) -> int:
        return self._version

    def become_engine(self, service_id: str = "") -> None:
        self._check_open()

    def close(self) -> None:
        self._closed = True

    def _commit(self, transaction: "MemoryTransaction") -> dict[TopicPartition, int]:
        with self._lock:
            self._check_open()
            transaction._check(self)
            for (topic, partition), before in transaction.deletions.items():
                self._partition(topic, partition).delete_before(before)
            bases = {}
            for (topic, partition), rows in transaction.rows.items():
                bases[topic, partition] = self._partition(topic, partition).append(rows)
            for group, offsets in transaction.offsets.items():
                self._offsets.setdefault(group, {}).update(offsets)
            for table, entries in transaction.entries.items():
                self._tables.setdefault(table, _Table()).put(entries)
            self._version += 1
            return bases

    def _check_open(self) -> None:
        if self._closed:
            raise LogError("The log is closed")

    def _topic(self, name: str) -> "_Topic":
        self._check_open()
        topic = self._topics.get(name)
        if topic is None:
            raise UnknownTopic(f'There is no topic "{name}"')
        return topic

    def _partition(self, topic: str, partition: int) -> "_Partition":
        stored = self._topic(topic)
        check_partition(topic, partition, len(stored.partitions))
        return stored.partitions[partition]


class MemoryTransaction:
    """What one commit of a MemoryLog writes."""

    def __init__(self, log: MemoryLog) -> None:
        self._log = log
        self._committed = False
        self.rows: dict[TopicPartition, list[Row]] = {}
        self.expected: dict[TopicPartition, int] = {}
        self.offsets: dict[str, dict[TopicPartition, int]] = {}
        self.deletions: dict[TopicPartition, int] = {}
        self.entries: dict[str, dict[bytes, bytes | None]] = {}

    def append(self, topic: str, partition: int, rows: Sequence[Row], *, expected_offset: int | None = None) -> None:
        appended = self.rows.setdefault((topic, partition), [])
        if expected_offset is not None:
            self.expected[topic, partition] = expected_offset - len(appended)
        appended.extend(rows)

    def commit_offsets(self, group: str, offsets: Mapping[TopicPartition, int]) -> None:
        self.offsets.setdefault(group, {}).update(offsets)

    def delete_records(self, topic: str, partition: int, before: int) -> None:
        self.deletions[topic, partition] = max(before, self.deletions.get((topic, partition), 0))

    def put(self, table: str, entries: Iterable[tuple[bytes, bytes | None]]) -> None:
        self.entries.setdefault(table, {}).update(entries)

    def commit(self) -> Mapping[TopicPartition, int]:
        if self._committed:
            raise LogError("The transaction is committed already")
        bases = self._log._commit(self)
        self._committed = True
        return bases

    def _check(self, log: MemoryLog) -> None:
        places = [*self.rows, *self.deletions, *(place for offsets in self.offsets.values() for place in offsets)]
        for topic, partition in places:
            log._partition(topic, partition)
        for (topic, partition), expected in self.expected.items():
            end = log._partition(topic, partition).end
            if end != expected:
                raise LogConflict(f'Partition "{topic}-{partition}" ends at {end}, not at {expected}')


class _Partition:
    def __init__(self) -> None:
        self.records: list[Record] = []
        self.begin = 0
        self.end = 0
        self.max_timestamp: int | None = None

    def append(self, rows: Iterable[Row]) -> int:
        base = self.end
        for row in rows:
            self.records.append(make_record(self.end, row))
            self.max_timestamp = row[0] if self.max_timestamp is None else max(self.max_timestamp, row[0])
            self.end += 1
        return base

    def read(self, name: str, offset: int, max_records: int) -> Slice:
        if not self.begin <= offset <= self.end:
            raise OffsetOutOfRange(f'Partition "{name}" has offsets {self.begin} to {self.end}, not {offset}')
        start = self._index(offset)
        records = self.records[start : start + max(max_records, 1)]
        is_last = start + len(records) == len(self.records)
        return Slice(records, self.end if is_last else records[-1].offset + 1)

    def delete_before(self, before: int) -> None:
        self.begin = max(self.begin, min(before, self.end))
        del self.records[: self._index(self.begin)]

    def expire(self, cleanup: Cleanup, topic_timestamp: int) -> int:
        sizes = [_size(record) for record in self.records]
        left = sum(sizes)
        gone = 0
        for record, size in zip(self.records, sizes, strict=True):
            if not cleanup.is_expired(
                max_timestamp=record.timestamp, topic_timestamp=topic_timestamp, size=size, partition_size=left
            ):
                break
            left -= size
            gone += 1
        if gone:
            self.delete_before(self.records[gone - 1].offset + 1)
        return gone

    def compact(self, cleanup: Cleanup, topic_timestamp: int) -> int:
        last = {record.key: record.offset for record in self.records}
        kept = [
            record
            for record in self.records
            if record.key is None
            or cleanup.survives(
                is_last_of_key=last[record.key] == record.offset,
                is_tombstone=record.value is None,
                timestamp=record.timestamp,
                topic_timestamp=topic_timestamp,
            )
        ]
        gone = len(self.records) - len(kept)
        self.records = kept
        return gone

    def _index(self, offset: int) -> int:
        return bisect_left(self.records, offset, key=lambda record: record.offset)


class _Topic:
    def __init__(self, description: TopicDescription) -> None:
        self.description = description
        self.partitions = [_Partition() for _ in range(description.partitions)]

    @property
    def max_timestamp(self) -> int:
        timestamps = [partition.max_timestamp for partition in self.partitions]
        return max((timestamp for timestamp in timestamps if timestamp is not None), default=-1)


class _Table:
    """Keys in order beside their values."""

    def __init__(self) -> None:
        self.values: dict[bytes, bytes] = {}
        self._keys: list[bytes] = []

    def put(self, entries: Mapping[bytes, bytes | None]) -> None:
        for key, value in entries.items():
            known = key in self.values
            if value is None:
                if known:
                    del self.values[key]
                    del self._keys[bisect_left(self._keys, key)]
                continue
            self.values[key] = value
            if not known:
                insort(self._keys, key)

    def scan(self, prefix: bytes, after: bytes | None, limit: int) -> list[tuple[bytes, bytes]]:
        start = prefix if after is None else max(prefix, after + b"\0")
        first = bisect_left(self._keys, start)
        found = []
        for key in self._keys[first : first + limit]:
            if not key.startswith(prefix):
                break
            found.append((key, self.values[key]))
        return found

    def drop(self, prefix: bytes) -> None:
        self.put({key: None for key in self._keys if key.startswith(prefix)})


def _size(record: Record) -> int:
    return len(record.key or b"") + len(record.value or b"") + _RECORD_OVERHEAD_BYTES
