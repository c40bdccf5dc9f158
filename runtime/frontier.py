"""Queries that stand at the same positions: one read per topic for all of them, and rows that flow from one to the next.

The law: after `advance` every query here has processed the same prefix of every topic. What a query writes reaches the
readers of its sink in the same call, unless the topic closes a loop, is merged or has records that are still unread.
"""

from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from typing import Any

from headrace.runtime.commit import Commit
from headrace.runtime.cursor import Cursor
from headrace.runtime.horizon import EventTimes, cut, record_times
from headrace.runtime.log.base import LogError, TopicLog
from headrace.runtime.query import Delivery, Query
from headrace.runtime.record import as_records
from headrace.runtime.topology import Topology, input_topics

CHUNK = 2_000
"""Records of a partition per step; larger slices fall out of the processor's cache."""


class StageFailed(Exception):
    """A query could not process its input; the step has to be undone."""

    def __init__(self, queries: Sequence[Query], error: Exception) -> None:
        super().__init__(str(error) or type(error).__name__)
        self.queries = queries
        self.error = error


class Frontier:
    """A set of queries with common cursors. `flows` lets rows of a step reach other queries before they are committed;
    with `on_failure` a query that fails does not end the step of the others; `is_fed` says whether more records of a topic
    come from what queries have read in part."""

    __slots__ = (
        "_flows",
        "_inboxes",
        "_is_fed",
        "_log",
        "_on_failure",
        "_readers",
        "_topology",
        "cursors",
        "queries",
        "unread",
    )

    def __init__(
        self,
        log: TopicLog,
        *,
        flows: bool,
        on_failure: Callable[[Query, Exception], None] | None = None,
        is_fed: Callable[[str], bool] = lambda topic: False,
    ) -> None:
        self._log = log
        self._flows = flows
        self._on_failure = on_failure
        self._is_fed = is_fed
        self._topology: Topology | None = None
        self._readers: dict[str, list[tuple[Query, int]]] = {}
        self._inboxes: dict[str, list[Delivery]] = {}
        self.cursors: dict[str, list[Cursor]] = {}
        self.queries: dict[str, Query] = {}
        self.unread: set[str] = set()
        """Topics that may have unread records; all others are not looked at."""

    def add(self, query: Query, cursors: Iterable[Cursor]) -> None:
        """Take in a query that stands at the given cursors; a cursor that the frontier has already is passed over."""
        self.queries[query.id] = query
        for cursor in cursors:
            mine = self.cursors.setdefault(cursor.topic, [])
            known = next((c for c in mine if c.partition == cursor.partition), None)
            if known is None:
                mine.append(cursor)
                mine.sort(key=lambda c: c.partition)
            else:  # nobody may have needed its high so far
                known.high = max(known.high, cursor.high)
                known.durable_high = max(known.durable_high, cursor.durable_high)
        for index, source in enumerate(query.plan.sub_topologies[0].inputs):
            self._readers.setdefault(source.topic, []).append((query, index))
            self.notice(source.topic)
        self._topology = None

    def remove(self, query: Query) -> list[Cursor]:
        """Take a query out; gives cursors of its own at its position."""
        del self.queries[query.id]
        own = []
        for topic in input_topics(query):
            for cursor in self.cursors[topic]:
                own.append(Cursor(topic, cursor.partition, cursor.position, high=cursor.high))
                own[-1].is_loading = cursor.is_loading
            left = [(reader, index) for reader, index in self._readers[topic] if reader is not query]
            if left:
                self._readers[topic] = left
            else:
                del self._readers[topic], self.cursors[topic]
                self.unread.discard(topic)
        self._topology = None
        return own

    def reads(self, topic: str) -> bool:
        """Whether a query here reads the topic."""
        return topic in self._readers

    def readers(self, topic: str) -> list[Query]:
        """The queries that read the topic."""
        return [query for query, _ in self._readers.get(topic, ())]

    def notice(self, topic: str) -> None:
        """Look how far a topic goes now."""
        for cursor in self.cursors.get(topic, ()):
            try:
                end = self._log.end_offset(topic, cursor.partition)
            except LogError:
                end = -1
            if end < cursor.durable:  # the topic is gone, or was made anew: reading it will say so to its readers
                end = cursor.read_to + 1
            cursor.end = max(cursor.end, end)
            if cursor.has_unread:
                self.unread.add(topic)

    def notice_all(self) -> None:
        """Look how far all topics go now."""
        for topic in self.cursors:
            self.notice(topic)

    def stands_at(self, query: Query, cursors: Iterable[Cursor]) -> bool:
        """Whether a query with these cursors may join."""
        mine = {
            (c.topic, c.partition): c.position for topic in input_topics(query) for c in self.cursors.get(topic, ())
        }
        return all(mine.get((c.topic, c.partition), c.position) == c.position for c in cursors)

    def advance(self, chunk: int, commit: Commit, on_run: Callable[[Query], None]) -> int:
        """Process one slice of every topic with unread records; returns the number of records read.

        Raises StageFailed; the caller then undoes everything since the last commit.
        """
        heap: list[tuple[int, int, Any]] = []
        topology = self._order()
        count = 0
        for topic, deliveries in self._slices(topology, chunk):
            count += sum(len(d.records) for d in deliveries)
            commit.moved.update((c, self) for c in self.cursors[topic])
            self._deliver(topology, topic, deliveries, heap)
        while heap:
            _, _, query = heappop(heap)
            self._run(query, self._inboxes.pop(query.id), on_run)
            if self._flows and query.plan.sink and query.plan.sink.topic in self._readers:
                self._flow(topology, query, commit, heap)
        return count

    def rewind(self) -> None:
        """Go back to the last commit."""
        self._inboxes.clear()
        for cursors in self.cursors.values():
            for cursor in cursors:
                cursor.rewind()
        self.notice_all()

    def wake(self, topic: str) -> None:
        """Look at a topic (and so its group) in the next step, whether it has new records or not."""
        self.unread.add(topic)

    def emit_flow(self, query: Query, chunk_commit: Commit, on_run: Callable[[Query], None]) -> None:
        """Hand on what a query has in its sink buffer outside a step (an emission by time)."""
        heap: list[tuple[int, int, Any]] = []
        topology = self._order()
        self._flow(topology, query, chunk_commit, heap)
        while heap:
            _, _, reader = heappop(heap)
            self._run(reader, self._inboxes.pop(reader.id), on_run)
            if reader.plan.sink and reader.plan.sink.topic in self._readers:
                self._flow(topology, reader, chunk_commit, heap)

    def _order(self) -> Topology:
        if self._topology is None:
            self._topology = Topology.of(self.queries.values())
        return self._topology

    def _slices(self, topology: Topology, chunk: int) -> list[tuple[str, list[Delivery]]]:
        slices: list[tuple[str, list[Delivery]]] = []
        left = set(self.unread)
        for topic in topology.merged.intersection(left):
            fed = self._is_fed(topic)
            for cursor in self.cursors[topic]:
                cursor.is_fed = fed
        for group in topology.groups:
            cursors = [(c, self._event_times(topic)) for topic in group for c in self.cursors.get(topic, ())]
            if len(cursors) < 2 or left.isdisjoint(group):
                continue
            left.difference_update(group)
            for cursor, _ in cursors:
                self._fill(cursor, chunk)
            by_topic: dict[str, list[Delivery]] = {}
            for cursor, records, high in cut(cursors):
                by_topic.setdefault(cursor.topic, []).append(Delivery(0, cursor.partition, records, high))
            slices += by_topic.items()
            self._note_read(group)
        for topic in left:
            deliveries = []
            for cursor in self.cursors[topic]:
                self._fill(cursor, chunk)
                if cursor.ahead:
                    high = cursor.high
                    if self._needs_high(topic):
                        cursor.high = max(high, max(self._event_times(topic)(cursor.ahead)))
                    deliveries.append(Delivery(0, cursor.partition, cursor.take(len(cursor.ahead)), high))
            if deliveries:
                slices.append((topic, deliveries))
        self._note_read(left)
        return slices

    def _note_read(self, topics: Iterable[str]) -> None:
        for topic in topics:
            if not any(c.has_unread for c in self.cursors.get(topic, ())):
                self.unread.discard(topic)

    def _fill(self, cursor: Cursor, chunk: int) -> None:
        try:
            cursor.fill(self._log, chunk)
        except LogError as error:
            if self._on_failure is None:
                raise StageFailed(self.readers(cursor.topic), error) from error
            cursor.end = cursor.read_to
            for query in self.readers(cursor.topic):
                self._on_failure(query, error)

    def _event_times(self, topic: str) -> EventTimes:
        for query, index in self._readers.get(topic, ()):
            times = query.plan.sub_topologies[0].inputs[index].event_time
            if times is not None:
                return times
        return record_times

    def _needs_high(self, topic: str) -> bool:
        return any(query.needs_highs for query, _ in self._readers[topic])

    def _deliver(self, topology: Topology, topic: str, deliveries: list[Delivery], heap: list[Any]) -> None:
        for query, index in self._readers[topic]:
            inbox = self._inboxes.get(query.id)
            if inbox is None:
                inbox = self._inboxes[query.id] = []
                heappush(heap, (topology.ranks["query", query.id], query.order, query))
            if index:
                inbox += (Delivery(index, d.partition, d.records, d.high) for d in deliveries)
            else:
                inbox += deliveries

    def _run(self, query: Query, inbox: list[Delivery], on_run: Callable[[Query], None]) -> None:
        try:
            query.run(inbox)
            if self._flows and query.coalesce and query.plan.sink and query.plan.sink.topic in self._readers:
                query.emit()
        except Exception as error:
            if self._on_failure is None:
                raise StageFailed((query,), error) from error
            self._on_failure(query, error)
            return
        on_run(query)

    def _flow(self, topology: Topology, query: Query, commit: Commit, heap: list[Any]) -> None:
        sink = query.buffer()
        if sink.is_empty:
            return
        topic = sink.topic
        cursors = {c.partition: c for c in self.cursors[topic]}
        deliveries = []
        for partition, rows in sink.take():
            query.problems.counts.records_out += len(rows)
            cursor = cursors[partition]
            if (
                topic in topology.cut
                or topic in topology.merged
                or cursor.has_unread
                or cursor.unflowed > commit.settled
                or cursor.until is not None
            ):
                commit.append(topic, partition, rows)
                cursor.unflowed = commit.serial
                continue
            high = cursor.high
            if self._needs_high(topic):
                cursor.high = max(high, max(row[0] for row in rows))
            first = cursor.flow(len(rows))
            commit.append(topic, partition, rows, expected=first)
            commit.moved[cursor] = self
            deliveries.append(Delivery(0, partition, as_records(rows, first), high))
        if deliveries:
            self._deliver(topology, topic, deliveries, heap)
