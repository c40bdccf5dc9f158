"""The output buffers of a query: rows per sink partition, shared by its tasks.

The law: the list of a partition is the same object for the life of the query's tasks; taking empties it.
"""

from collections.abc import Callable

from headrace.runtime.log.base import Row


class SinkBuffer:
    """Rows for one topic (or, for a push query, for its reader)."""

    __slots__ = ("_lists", "partition", "partitions", "topic")

    def __init__(self, topic: str, partitions: int, partitioner: Callable[[bytes | None], int]) -> None:
        self.topic = topic
        self.partitions = partitions
        self.partition = partitioner
        self._lists: list[list[Row]] = [[] for _ in range(partitions)]

    def to(self, partition: int) -> list[Row]:
        """The list of a partition."""
        return self._lists[partition]

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return not any(self._lists)

    def take(self) -> list[tuple[int, list[Row]]]:
        """All rows so far as (partition, rows); the buffer is empty afterwards."""
        taken = [(partition, rows.copy()) for partition, rows in enumerate(self._lists) if rows]
        self.clear()
        return taken

    def clear(self) -> None:
        """Forget what waits."""
        for rows in self._lists:
            rows.clear()


class TaskOutput:
    """A task's view of its sink: rows with null keys stay in the task's partition where the sink has as many.

    Kafka lets null keys take turns; a partition of its own gives the same output again after a crash.
    """

    __slots__ = ("partition", "partitions", "to")

    def __init__(self, sink: SinkBuffer, task: int, tasks: int) -> None:
        self.partitions = sink.partitions
        self.to = sink.to
        place = sink.partition
        self.partition: Callable[[bytes | None], int] = place
        if tasks == sink.partitions > 1:
            self.partition = lambda key: task if key is None else place(key)
