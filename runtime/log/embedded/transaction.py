"""One commit of the embedded log.

The law: rows are encoded when they are appended, so that the commit itself is a copy of bytes and a sync; it runs on one
thread from begin to end, and leaves the transaction as it was if it fails, to be tried again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from headrace.runtime.log.base import LogError, Row, TopicPartition
from headrace.runtime.log.batch import Batch, build
from headrace.runtime.log.embedded.environment import Environment
from headrace.runtime.log.embedded.layout import LmdbTransaction


@dataclass(slots=True)
class _Appended:
    """Batches for one partition, and where it must end for them."""

    batches: list[Batch] = field(default_factory=list)
    count: int = 0
    expected_offset: int | None = None


class EmbeddedTransaction:
    """What one commit writes."""

    def __init__(self, environment: Environment, *, compression: int) -> None:
        self._environment = environment
        self._compression = compression
        self._appended: dict[TopicPartition, _Appended] = {}
        self._offsets: dict[str, dict[TopicPartition, int]] = {}
        self._deletions: dict[TopicPartition, int] = {}
        self._entries: dict[str, dict[bytes, bytes | None]] = {}
        self._is_committed = False

    def append(self, topic: str, partition: int, rows: Sequence[Row], *, expected_offset: int | None = None) -> None:
        appended = self._appended.setdefault((topic, partition), _Appended())
        if expected_offset is not None:
            appended.expected_offset = expected_offset - appended.count
        appended.batches += build(rows, compression=self._compression)
        appended.count += len(rows)

    def commit_offsets(self, group: str, offsets: Mapping[TopicPartition, int]) -> None:
        self._offsets.setdefault(group, {}).update(offsets)

    def delete_records(self, topic: str, partition: int, before: int) -> None:
        self._deletions[topic, partition] = max(before, self._deletions.get((topic, partition), 0))

    def put(self, table: str, entries: Iterable[tuple[bytes, bytes | None]]) -> None:
        self._entries.setdefault(table, {}).update(entries)

    def commit(self) -> Mapping[TopicPartition, int]:
        if self._is_committed:
            raise LogError("The transaction is committed already")
        bases: dict[TopicPartition, int] = {}
        if self._appended or self._offsets or self._deletions or self._entries:
            with self._environment.write() as txn:
                bases = self._write(txn)
        self._is_committed = True
        return bases

    def _write(self, txn: LmdbTransaction) -> dict[TopicPartition, int]:
        environment = self._environment
        topics = {name: environment.topics.get(txn, name) for name in self._topic_names()}
        # Before anything is appended: see datafile.make_room.
        for (name, partition), before in self._deletions.items():
            environment.partitions.delete_before(txn, topics[name], partition, before)
        bases = {}
        for (name, partition), appended in self._appended.items():
            bases[name, partition] = environment.partitions.append(
                txn, topics[name], partition, appended.batches, expected_offset=appended.expected_offset
            )
        for group, offsets in self._offsets.items():
            environment.groups.write(txn, group, offsets, topics)
        for table, entries in self._entries.items():
            # In key order LMDB splits fewer pages and finds its place faster.
            environment.pairs.put(txn, environment.topics.make_space(txn, table), sorted(entries.items(), key=_key))
        return bases

    def _topic_names(self) -> set[str]:
        names = {name for name, _ in self._appended} | {name for name, _ in self._deletions}
        return names.union(*({name for name, _ in offsets} for offsets in self._offsets.values()))


def _key(entry: tuple[bytes, bytes | None]) -> bytes:
    return entry[0]
