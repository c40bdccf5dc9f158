"""Runs queries record by record on one partition, without threads, log or disk: what `headrace test` feeds cases with.

The law: a record is processed to completion, through all sub-topologies, before the next one, and every change is
emitted. With `flow` what is appended goes at once, depth first, through all queries that read its topic.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from headrace.engine.codegen.serde import Formats
from headrace.engine.plan.physical import PhysicalPlan
from headrace.engine.results import QueryRow, RowSource
from headrace.engine.services import Clock, Command, QueryStatus, Services, Topic
from headrace.parser.errors import SqlError
from headrace.runtime.clock import ManualClock
from headrace.runtime.log.base import Headers
from headrace.runtime.lookup import look_up
from headrace.runtime.problems import Problem
from headrace.runtime.query import ERROR, PAUSED, RUNNING, Delivery, Query, Surroundings
from headrace.runtime.record import FlowRecord
from headrace.runtime.state.store import StateStore
from headrace.runtime.subscription import query_row

MAX_DEPTH = 100
"""Deepest chain of queries that a record may flow through at once (a loop would not end)."""


class QueryFailed(Exception):
    """A stage raised: the query stands in ERROR."""

    def __init__(self, query_id: str, error: BaseException) -> None:
        super().__init__(f"{query_id}: {error or type(error).__name__}")
        self.query_id = query_id
        self.error = error


@dataclass(slots=True)
class DriverTopic:
    """A topic with all its records in partition 0, whatever number of partitions it was created with."""

    topic: Topic
    records: list[FlowRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    """A record that processing appended."""

    topic: str
    record: FlowRecord


class Driver:
    """An in-memory engine without scheduler. `services` is what a Session needs."""

    def __init__(self, formats: Formats, *, clock: Clock | None = None, flow: bool = False) -> None:
        self.flow = flow
        self.topics: dict[str, DriverTopic] = {}
        self.queries: dict[str, Query] = {}
        self.problems: list[Problem] = []
        self.commands: list[Command] = []
        self.clock = clock or ManualClock()
        self.services = Services(self.clock, formats, _Topics(self), _Queries(self), _Commands(self))
        self._states: dict[tuple[str, int, str], StateStore] = {}
        self._subscriptions: dict[str, DriverRows] = {}
        self._surroundings = Surroundings(self.clock, lambda partitions: lambda key: 0, self._store)
        self._depth = 0

    def start(self, plan: PhysicalPlan) -> Query:
        """Accept a query; nothing is processed."""
        sink = self.topics.get(plan.sink.topic) if plan.sink else None
        # the generated stage has an append for every partition of the sink; the partitioner fills only the first
        query = Query(plan, self._surroundings, partitions=1, sink_partitions=sink.topic.partitions if sink else 1)
        query.coalesce = False
        self.queries[plan.query_id] = query
        return query

    def append(
        self, topic: str, key: bytes | None, value: bytes | None, timestamp: int, headers: Headers = ()
    ) -> FlowRecord:
        """Append a record (and, with `flow`, process it)."""
        records = self._topic(topic).records
        record = FlowRecord(len(records), timestamp, key, value, list(headers))
        records.append(record)
        if self.flow:
            self._flow(topic, record)
        return record

    def process(self, query_id: str, topic: str, records: Sequence[Any]) -> list[Written]:
        """Feed records of a topic to one query, one by one; what it writes is appended and returned."""
        written: list[Written] = []
        query = self.queries[query_id]
        inputs = [i for i, source in enumerate(query.plan.sub_topologies[0].inputs) if source.topic == topic]
        for record in records:
            for index in inputs:
                self._run(query, Delivery(index, 0, (record,)))
            written += self._collect(query)
        return written

    def records(self, topic: str) -> list[FlowRecord]:
        """All records of a topic."""
        return self._topic(topic).records

    def readers(self, topic: str) -> list[Query]:
        """The running queries that read a topic, in the order of their creation."""
        return [q for q in self.queries.values() if q.state == RUNNING and any(i.topic == topic for i in _inputs(q))]

    def stop(self, query_id: str, *, forget: bool) -> None:
        """End a query; with `forget` its state goes too."""
        self.queries.pop(query_id, None)
        self._subscriptions.pop(query_id, None)
        if forget:
            self._states = {place: store for place, store in self._states.items() if place[0] != query_id}

    def subscribe(self, plan: PhysicalPlan, *, offset_reset: str) -> "DriverRows":
        """Run a push query over what its topics hold (from the start), and, with `flow`, over what comes."""
        query = self.start(plan)
        rows = DriverRows(self, plan)
        self._subscriptions[query.id] = rows
        if plan.bounded or offset_reset == "earliest":
            for source in plan.sub_topologies[0].inputs:
                self.process(query.id, source.topic, tuple(self.records(source.topic)))
        if plan.bounded:
            self.stop(query.id, forget=True)
        return rows

    def _flow(self, topic: str, record: FlowRecord) -> None:
        if self._depth >= MAX_DEPTH:
            raise QueryFailed(topic, RecursionError(f'Records flow in a loop through "{topic}".'))
        self._depth += 1
        try:
            for query in self.readers(topic):
                self.process(query.id, topic, (record,))
        finally:
            self._depth -= 1

    def _run(self, query: Query, delivery: Delivery) -> None:
        try:
            query.run((delivery,))
        except Exception as error:
            query.fail(str(error) or type(error).__name__, self.clock.now_ms())
            raise QueryFailed(query.id, error) from error
        query.absorb()
        for task in query.tasks_with_changes:
            for store in task.stores:
                store.keep_nothing()
        query.settled()
        entries, counts = query.problems.take()
        query.counters.add(counts)
        self.problems += entries

    def _collect(self, query: Query) -> list[Written]:
        rows = [row for _, taken in query.buffer().take() for row in taken]
        query.counters.records_out += len(rows)
        subscription = self._subscriptions.get(query.id)
        if subscription is not None:
            subscription.add(rows)
            return []
        if query.plan.sink is None:
            return []
        topic = query.plan.sink.topic
        return [
            Written(topic, self.append(topic, key, value, timestamp, headers))
            for timestamp, key, value, headers in rows
        ]

    def _topic(self, name: str) -> DriverTopic:
        found = self.topics.get(name)
        if found is None:
            raise SqlError(f'Topic "{name}" does not exist.', kind="unknown topic")
        return found

    def _store(self, query: Query, sub: int, number: int, partition: int) -> StateStore:
        spec = query.plan.sub_topologies[sub].program.stores[number]
        kept = self._states.get((query.id, sub, spec.name))
        if kept is None or kept.spec.state_type != spec.state_type:
            kept = self._states[query.id, sub, spec.name] = StateStore(spec)
        return kept


class DriverRows(RowSource):
    """The rows of a push query so far; iterating takes them and ends where there are no more."""

    def __init__(self, driver: Driver, plan: PhysicalPlan) -> None:
        self._driver = driver
        self._plan = plan
        self._rows: deque[QueryRow] = deque()
        self._left = plan.limit

    def add(self, rows: Sequence[Any]) -> None:
        """Add rows as the stage wrote them."""
        taken = rows if self._left is None else rows[: self._left]
        if self._left is not None:
            self._left -= len(taken)
        self._rows.extend(query_row(self._plan.schema, row) for row in taken)

    def __iter__(self) -> Iterator[QueryRow]:
        while self._rows:
            yield self._rows.popleft()

    def close(self) -> None:
        """End the query."""
        self._driver.stop(self._plan.query_id, forget=True)


class _Topics:
    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def describe(self, name: str) -> Topic | None:
        found = self._driver.topics.get(name)
        return found.topic if found else None

    def create(self, topic: Topic) -> None:
        if topic.name in self._driver.topics:
            raise SqlError(f'Topic "{topic.name}" exists already.', kind="topic exists")
        self._driver.topics[topic.name] = DriverTopic(replace(topic, config=dict(topic.config)))

    def delete(self, name: str) -> None:
        self._driver.topics.pop(name, None)

    def all(self) -> Sequence[Topic]:
        return [self._driver.topics[name].topic for name in sorted(self._driver.topics)]

    def append(self, topic: str, key: bytes | None, value: bytes | None, timestamp: int, headers: Headers = ()) -> None:
        self._driver.append(topic, key, value, timestamp, headers)

    def records(self, topic: str, *, from_beginning: bool, limit: int | None, follow: bool) -> Iterator[Any]:
        records = self._driver.records(topic) if from_beginning else []
        return iter(records[:limit])


class _Queries:
    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def start(self, plan: PhysicalPlan, *, offset_reset: str, paused: bool = False) -> None:
        query = self._driver.start(plan)
        query.state = PAUSED if paused else RUNNING

    def subscribe(self, plan: PhysicalPlan, *, offset_reset: str) -> DriverRows:
        return self._driver.subscribe(plan, offset_reset=offset_reset)

    def stop(self, query_id: str, *, forget: bool) -> None:
        self._driver.stop(query_id, forget=forget)

    def pause(self, query_id: str) -> None:
        self._driver.queries[query_id].state = PAUSED

    def resume(self, query_id: str) -> None:
        query = self._driver.queries[query_id]
        query.state = query.state if query.state == ERROR else RUNNING

    def all(self) -> Sequence[QueryStatus]:
        return [query.status() for query in self._driver.queries.values()]

    def lookup(
        self, query_id: str, keys: Sequence[Any] | None, window_start: tuple[int, int] | None
    ) -> Iterator[tuple[Any, ...]]:
        return iter(look_up(self._driver.queries[query_id], keys, window_start))


class _Commands:
    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def next_sequence(self) -> int:
        return len(self._driver.commands)

    def append(self, command: Command) -> int:
        self._driver.commands.append(command)
        return len(self._driver.commands) - 1


def _inputs(query: Query) -> Sequence[Any]:
    return query.plan.sub_topologies[0].inputs
