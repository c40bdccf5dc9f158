"""Records that no log has handed over: rows of the same step on their way to another query, and rows of the driver."""

from collections.abc import Iterable

from headrace.runtime.log.base import Headers, Record, Row, TopicPartition


class FlowRecord:
    """A row as the record that it will be in its topic."""

    __slots__ = ("headers", "key", "offset", "timestamp", "value")

    partition = 0

    def __init__(
        self, offset: int, timestamp: int, key: bytes | None, value: bytes | None, headers: Headers = ()
    ) -> None:
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers

    def __repr__(self) -> str:
        return f"FlowRecord(offset={self.offset}, timestamp={self.timestamp}, key={self.key!r}, value={self.value!r})"


def as_records(rows: Iterable[Row], offset: int) -> list[FlowRecord]:
    """The rows as records from an offset on."""
    return [FlowRecord(offset + i, *row) for i, row in enumerate(rows)]


class PlacedRecord:
    """A record with its place, for PRINT."""

    __slots__ = ("headers", "key", "offset", "partition", "timestamp", "topic", "value")

    def __init__(self, topic: str, partition: int, record: Record) -> None:
        self.topic = topic
        self.partition = partition
        self.offset = record.offset
        self.timestamp = record.timestamp
        self.key = record.key
        self.value = record.value
        self.headers = record.headers

    @property
    def topic_partition(self) -> TopicPartition:
        """Topic and partition."""
        return self.topic, self.partition
