"""Topics as statements see them (`engine.services.Topics`), over the log.

The law: while commands are replayed nothing is created or deleted; a topic that should be there then is made at the end.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from headrace.engine.services import Topic
from headrace.parser.errors import SqlError
from headrace.runtime.intake import Rows
from headrace.runtime.log.base import Headers, LogError, TopicDescription, TopicExists, TopicLog
from headrace.runtime.record import PlacedRecord


class EngineTopics:
    """Topics of the log. `append` hands rows to the engine, `wait` blocks until something was committed or some time passed."""

    def __init__(
        self,
        log: TopicLog,
        partitioner: Callable[[int], Callable[[bytes | None], int]],
        *,
        append: Callable[[str, Rows], None],
        wait: Callable[[], bool],
    ) -> None:
        self._log = log
        self._partitioner = partitioner
        self._append = append
        self._wait = wait
        self._replayed: dict[str, Topic | None] | None = None

    def begin_replay(self) -> None:
        """Keep changes in memory from now on."""
        self._replayed = {}

    def end_replay(self) -> None:
        """Create the topics that a crash kept from being created."""
        replayed, self._replayed = self._replayed or {}, None
        for topic in replayed.values():
            if topic is not None and self._log.describe(topic.name) is None:
                self.create(topic)

    def describe(self, name: str) -> Topic | None:
        """A topic, or None."""
        if self._replayed is not None and self._replayed.get(name) is not None:
            return self._replayed[name]
        found = self._log.describe(name)
        return None if found is None else _topic(found)

    def create(self, topic: Topic) -> None:
        """Create a topic; raises SqlError."""
        if self._replayed is not None:
            self._replayed[topic.name] = topic
            return
        try:
            self._log.create_topic(topic.name, topic.partitions, replicas=topic.replicas, config=topic.config)
        except TopicExists:
            raise SqlError(f'Topic "{topic.name}" exists already.', kind="topic exists") from None
        except LogError as error:
            raise SqlError(str(error), kind="log") from error

    def delete(self, name: str) -> None:
        """Delete a topic and its records."""
        if self._replayed is not None:
            self._replayed[name] = None
        elif self._log.describe(name) is not None:
            self._log.delete_topic(name)

    def all(self) -> Sequence[Topic]:
        """All topics, by name."""
        return [_topic(t) for t in self._log.topics()]

    def append(self, topic: str, key: bytes | None, value: bytes | None, timestamp: int, headers: Headers = ()) -> None:
        """Append a record; durable when the statement's text has been executed."""
        found = self._log.describe(topic)
        if found is None:
            raise SqlError(f'Topic "{topic}" does not exist.', kind="unknown topic")
        partition = self._partitioner(found.partitions)(key)
        self._append(topic, {partition: [(timestamp, key, value, headers)]})

    def records(self, topic: str, *, from_beginning: bool, limit: int | None, follow: bool) -> Iterator[Any]:
        """Records of all partitions as they come."""
        found = self._log.describe(topic)
        if found is None:
            raise SqlError(f'Topic "{topic}" does not exist.', kind="unknown topic")
        start = self._log.begin_offset if from_beginning else self._log.end_offset
        offsets = {p: start(topic, p) for p in range(found.partitions)}
        return self._records(topic, offsets, limit, follow=follow)

    def _records(self, topic: str, offsets: dict[int, int], limit: int | None, *, follow: bool) -> Iterator[Any]:
        shown = 0
        while limit is None or shown < limit:
            came = False
            for partition, offset in offsets.items():
                if offset >= self._log.end_offset(topic, partition):
                    continue
                part = self._log.read(topic, partition, offset, max_records=500)
                offsets[partition] = part.next_offset
                came = True
                for record in part.records:
                    if limit is not None and shown >= limit:
                        return
                    shown += 1
                    yield PlacedRecord(topic, partition, record)
            if not came and not (follow and self._wait()):
                return


def _topic(found: TopicDescription) -> Topic:
    return Topic(found.name, found.partitions, found.replicas, found.config)
