"""One commit on Kafka.

The law: rows are encoded when they are appended; nothing reaches a broker before `commit`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from headrace.runtime.log.base import LogError, Row, TopicPartition
from headrace.runtime.log.kafka.batches import Outgoing, outgoing


@dataclass(slots=True)
class Changes:
    """What a commit writes."""

    batches: dict[TopicPartition, list[Outgoing]] = field(default_factory=dict)
    offsets: dict[str, dict[TopicPartition, int]] = field(default_factory=dict)
    deletions: dict[TopicPartition, int] = field(default_factory=dict)
    entries: dict[str, dict[bytes, bytes | None]] = field(default_factory=dict)


class KafkaTransaction:
    """Gathers changes; `write` makes them durable."""

    def __init__(self, write: Callable[[Changes], dict[TopicPartition, int]]) -> None:
        self._write = write
        self._changes = Changes()
        self._is_committed = False

    def append(self, topic: str, partition: int, rows: Sequence[Row], *, expected_offset: int | None = None) -> None:
        if expected_offset is not None:
            raise LogError("Kafka appends wherever a partition ends: an offset cannot be expected of it")
        self._changes.batches.setdefault((topic, partition), []).extend(outgoing(rows))

    def commit_offsets(self, group: str, offsets: Mapping[TopicPartition, int]) -> None:
        self._changes.offsets.setdefault(group, {}).update(offsets)

    def delete_records(self, topic: str, partition: int, before: int) -> None:
        deletions = self._changes.deletions
        deletions[topic, partition] = max(before, deletions.get((topic, partition), 0))

    def put(self, table: str, entries: Iterable[tuple[bytes, bytes | None]]) -> None:
        self._changes.entries.setdefault(table, {}).update(entries)

    def commit(self) -> Mapping[TopicPartition, int]:
        if self._is_committed:
            raise LogError("The transaction is committed already")
        bases = self._write(self._changes)
        self._is_committed = True
        return bases
