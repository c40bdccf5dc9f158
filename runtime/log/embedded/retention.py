"""Forgetting records that a topic's config no longer asks for.

The law: work goes in pages, each a transaction of its own, so that writers wait for milliseconds; a kill between pages leaves
a log that is right and a job that is resumed by doing it again.
"""

from headrace.runtime.log.base import Record, TopicDescription
from headrace.runtime.log.batch import BatchHeader, read_into, rebuild
from headrace.runtime.log.cleanup import Cleanup
from headrace.runtime.log.embedded.environment import Environment

PAGE_BATCHES = 256


def expire(environment: Environment, name: str) -> int:
    """Delete whole batches that are older, or more, than the topic keeps; returns how many records went."""
    with environment.read() as txn:
        topic = environment.topics.get(txn, name)
    cleanup = Cleanup.of(topic.config)
    if not cleanup.expires:
        return 0
    return sum(_expire_partition(environment, topic, partition, cleanup) for partition in range(topic.partitions))


def compact(environment: Environment, name: str) -> int:
    """Rewrite batches without the records that a later one of the same key replaces; returns how many records went."""
    with environment.read() as txn:
        topic = environment.topics.get(txn, name)
    cleanup = Cleanup.of(topic.config)
    if not cleanup.compacts:
        return 0
    return sum(_compact_partition(environment, topic, partition, cleanup) for partition in range(topic.partitions))


def sweep_dropped(environment: Environment) -> None:
    """Delete what deleted topics have left."""
    with environment.read() as txn:
        dropped = environment.topics.dropped(txn)
    for topic_id in dropped:
        is_done = False
        while not is_done:
            with environment.write() as txn:
                is_done = environment.partitions.delete_all(txn, topic_id, limit=PAGE_BATCHES)
                if is_done:
                    environment.topics.forget_dropped(txn, topic_id)


def drop_pairs(environment: Environment, table: str, prefix: bytes, *, page: int = 5_000) -> None:
    """Delete all pairs of a table under a prefix."""
    with environment.read() as txn:
        space = environment.topics.space(txn, table)
    is_done = space is None
    while space is not None and not is_done:
        with environment.write() as txn:
            is_done = environment.pairs.drop(txn, space, prefix, limit=page)


def _expire_partition(environment: Environment, topic: TopicDescription, partition: int, cleanup: Cleanup) -> int:
    total = 0
    while True:
        headers = _expired(environment, topic, partition, cleanup)
        if not headers:
            return total
        with environment.write() as txn:
            environment.partitions.delete_before(txn, topic, partition, headers[-1].next_offset)
        total += sum(header.records for header in headers)


def _expired(environment: Environment, topic: TopicDescription, partition: int, cleanup: Cleanup) -> list[BatchHeader]:
    """The first page of batches that are to go."""
    expired: list[BatchHeader] = []
    with environment.peek() as txn:
        state = environment.partitions.state(txn, topic, partition)
        topic_timestamp = environment.partitions.max_timestamp(txn, topic)
        left = state.size
        for header in environment.partitions.headers(txn, topic, partition, state.begin):
            is_expired = cleanup.is_expired(
                max_timestamp=header.max_timestamp,
                topic_timestamp=topic_timestamp,
                size=header.size,
                partition_size=left,
            )
            if not is_expired or len(expired) == PAGE_BATCHES:
                break
            left -= header.size
            expired.append(header)
    return expired


def _compact_partition(environment: Environment, topic: TopicDescription, partition: int, cleanup: Cleanup) -> int:
    last, end, topic_timestamp = _last_offsets(environment, topic, partition)

    def survives(record: Record) -> bool:
        # What was appended since the keys were gathered is newer than all of them, but not looked at.
        return record.key is None or cleanup.survives(
            is_last_of_key=last[record.key] == record.offset,
            is_tombstone=record.value is None,
            timestamp=record.timestamp,
            topic_timestamp=topic_timestamp,
        )

    total = 0
    with environment.read() as txn:
        offset = environment.partitions.state(txn, topic, partition).begin
    while offset < end:
        with environment.read() as txn:
            found, _ = environment.partitions.read(txn, topic, partition, offset, max_records=1)
        if not found:
            break
        base, raw = found[0]
        records: list[Record] = []
        offset = read_into(records, raw, base, from_offset=base)
        kept = [record for record in records if survives(record)] if offset <= end else records
        if len(kept) < len(records):
            total += len(records) - len(kept)
            rebuilt = rebuild(kept, compression=BatchHeader.of(raw).compression)
            with environment.write() as txn:
                environment.partitions.rewrite(txn, topic, partition, base, rebuilt)
    return total


def _last_offsets(
    environment: Environment, topic: TopicDescription, partition: int
) -> tuple[dict[bytes | None, int], int, int]:
    """The last offset of each key, the end up to which they were gathered, and the topic's highest timestamp."""
    last: dict[bytes | None, int] = {}
    with environment.read() as txn:
        state = environment.partitions.state(txn, topic, partition)
        topic_timestamp = environment.partitions.max_timestamp(txn, topic)
    offset = state.begin
    while offset < state.end:
        with environment.read() as txn:
            found, _ = environment.partitions.read(txn, topic, partition, offset, max_records=2_000)
        if not found:
            break
        for base, raw in found:
            records: list[Record] = []
            offset = read_into(records, raw, base, from_offset=base)
            last.update((record.key, record.offset) for record in records if record.offset < state.end)
    return last, state.end, topic_timestamp
