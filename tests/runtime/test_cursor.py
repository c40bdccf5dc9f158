"""Where a reader stands."""

from headrace.runtime.cursor import Cursor
from headrace.runtime.log.base import Slice, TopicLog
from headrace.runtime.log.memory import MemoryLog


class SmallSlices(MemoryLog):
    """Slices end after two records, as the embedded log's do after some megabytes."""

    def read(self, topic: str, partition: int, offset: int, *, max_records: int = 2_000) -> Slice:
        return super().read(topic, partition, offset, max_records=2)


def filled(log: TopicLog, chunk: int) -> Cursor:
    log.create_topic("t", 1)
    transaction = log.transaction()
    transaction.append("t", 0, [(n, None, b"v", ()) for n in range(100)])
    transaction.commit()
    cursor = Cursor("t", 0, 0)
    cursor.end = 100
    cursor.fill(log, chunk)
    return cursor


def test_large_records_are_read_a_slice_at_a_time() -> None:
    assert len(filled(SmallSlices(), 50).ahead) == 2


def test_small_records_are_read_by_the_chunk() -> None:
    assert len(filled(MemoryLog(), 50).ahead) == 50
