"""The record batches of topic partitions.

The law: a partition's state says where it begins and ends, and changes in the transaction that changes its batches; what lies
between may have gaps.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import lmdb

from headrace.runtime.log.base import LogConflict, OffsetOutOfRange, TopicDescription
from headrace.runtime.log.batch import Batch, BatchHeader
from headrace.runtime.log.embedded.layout import (
    BATCH_KEY,
    PARTITION_KEY,
    TOPIC_PREFIX,
    Databases,
    LmdbTransaction,
    PartitionState,
)
from headrace.runtime.log.topicname import check_partition

MAX_READ_BYTES = 4 << 20
"""Copied out of one read transaction at most (but one batch always is)."""


class Partitions:
    """All partitions of an environment."""

    def __init__(self, databases: Databases) -> None:
        self._states = databases.partitions
        self._batches = databases.batches

    def state(self, txn: LmdbTransaction, topic: TopicDescription, partition: int) -> PartitionState:
        """Where the partition begins and ends."""
        check_partition(topic.name, partition, topic.partitions)
        raw = txn.get(PARTITION_KEY.pack(topic.id, partition), db=self._states)
        return PartitionState.decode(raw) if raw is not None else PartitionState()

    def max_timestamp(self, txn: LmdbTransaction, topic: TopicDescription) -> int:
        """The topic's highest timestamp ever."""
        return max(self.state(txn, topic, partition).max_timestamp for partition in range(topic.partitions))

    def append(
        self,
        txn: LmdbTransaction,
        topic: TopicDescription,
        partition: int,
        batches: Sequence[Batch],
        *,
        expected_offset: int | None,
    ) -> int:
        """Write batches behind the last one; returns the first one's offset."""
        state = self.state(txn, topic, partition)
        if expected_offset is not None and state.end != expected_offset:
            raise LogConflict(
                f'Partition "{topic.name}-{partition}" ends at {state.end}, not at {expected_offset}: '
                "another process appended to it"
            )
        end, size, max_timestamp = state.end, state.size, state.max_timestamp
        for batch in batches:
            txn.put(BATCH_KEY.pack(topic.id, partition, end), batch.place(end), db=self._batches)
            end += batch.count
            size += len(batch.raw)
            max_timestamp = max(max_timestamp, batch.max_timestamp)
        self._write(txn, topic, partition, PartitionState(state.begin, end, max_timestamp, size))
        return state.end

    def read(
        self, txn: LmdbTransaction, topic: TopicDescription, partition: int, offset: int, *, max_records: int
    ) -> tuple[list[tuple[int, bytes]], int]:
        """Copies of the batches from an offset on with their offsets, and where to read on if there are none."""
        state = self.state(txn, topic, partition)
        if not state.begin <= offset <= state.end:
            raise OffsetOutOfRange(
                f'Partition "{topic.name}-{partition}" has offsets {state.begin} to {state.end}, not {offset}'
            )
        found: list[tuple[int, bytes]] = []
        records = size = 0
        if offset == state.end:
            return found, state.end
        with txn.cursor(self._batches) as cursor:
            for base, raw in self._from(cursor, topic, partition, offset):
                header = BatchHeader.of(raw)
                # Records of the first batch that lie before the offset do not count.
                records += header.next_offset - max(offset, base)
                size += len(raw)
                found.append((base, raw))
                if records >= max_records or size >= MAX_READ_BYTES:
                    break
        return found, state.end

    def headers(
        self, txn: LmdbTransaction, topic: TopicDescription, partition: int, offset: int
    ) -> Iterator[BatchHeader]:
        """What the batches from the one that holds an offset on say of themselves; cheap where `txn` peeks."""
        with txn.cursor(self._batches) as cursor:
            for _, raw in self._from(cursor, topic, partition, offset):
                yield BatchHeader.of(raw)

    def get(self, txn: LmdbTransaction, topic: TopicDescription, partition: int, base_offset: int) -> bytes | None:
        """One batch."""
        return txn.get(BATCH_KEY.pack(topic.id, partition, base_offset), db=self._batches)

    def delete_before(
        self, txn: LmdbTransaction, topic: TopicDescription, partition: int, before: int, *, limit: int | None = None
    ) -> None:
        """Delete whole batches that lie before an offset (at most `limit`)."""
        state = self.state(txn, topic, partition)
        begin, size = state.begin, state.size
        gone: list[int] = []
        first: int | None = None
        for header in self.headers(txn, topic, partition, begin):
            if header.next_offset > before or len(gone) == limit:
                first = header.base_offset
                break
            gone.append(header.base_offset)
            size -= header.size
        for base in gone:
            txn.delete(BATCH_KEY.pack(topic.id, partition, base), db=self._batches)
        begin = max(begin, min(before, state.end if first is None else first))
        if gone or begin != state.begin:
            self._write(txn, topic, partition, replace(state, begin=begin, size=size))

    def rewrite(
        self,
        txn: LmdbTransaction,
        topic: TopicDescription,
        partition: int,
        base_offset: int,
        batches: Sequence[tuple[int, Batch]],
    ) -> None:
        """Put other batches in the place of one."""
        old = self.get(txn, topic, partition, base_offset)
        if old is None:
            return
        state = self.state(txn, topic, partition)
        txn.delete(BATCH_KEY.pack(topic.id, partition, base_offset), db=self._batches)
        for base, batch in batches:
            txn.put(BATCH_KEY.pack(topic.id, partition, base), batch.place(base), db=self._batches)
        size = state.size - len(old) + sum(len(batch.raw) for _, batch in batches)
        self._write(txn, topic, partition, replace(state, size=size))

    def delete_all(self, txn: LmdbTransaction, topic_id: int, *, limit: int) -> bool:
        """Delete at most `limit` batches of a topic, and its states with the last; says whether all are gone."""
        if self._delete_prefix(txn, self._batches, TOPIC_PREFIX.pack(topic_id), limit) == limit:
            return False
        return self._delete_prefix(txn, self._states, TOPIC_PREFIX.pack(topic_id), limit) < limit

    def _from(
        self, cursor: "lmdb.Cursor[bytes]", topic: TopicDescription, partition: int, offset: int
    ) -> Iterator[tuple[int, bytes]]:
        """Base offsets and batches, beginning with the one that holds the offset, or the next."""
        key = BATCH_KEY.pack(topic.id, partition, offset)
        place = key[: PARTITION_KEY.size]
        found = cursor.set_range(key)
        if not found or bytes(cursor.key()) != key:
            # The batch before may reach over the offset.
            back = cursor.prev() if found else cursor.last()
            if not back:
                found = cursor.first()
            elif bytes(cursor.key()[: len(place)]) != place or BatchHeader.of(cursor.value()).next_offset <= offset:
                found = cursor.next()
            else:
                found = True
        if not found:
            return
        for stored, raw in cursor:
            stored_key = bytes(stored)
            if not stored_key.startswith(place):
                return
            yield BATCH_KEY.unpack(stored_key)[2], raw

    def _delete_prefix(self, txn: LmdbTransaction, database: "lmdb._Database", prefix: bytes, limit: int) -> int:
        gone = 0
        with txn.cursor(database) as cursor:
            while gone < limit and cursor.set_range(prefix) and cursor.key().startswith(prefix):
                cursor.delete()
                gone += 1
        return gone

    def _write(self, txn: LmdbTransaction, topic: TopicDescription, partition: int, state: PartitionState) -> None:
        txn.put(PARTITION_KEY.pack(topic.id, partition), state.encode(), db=self._states)
