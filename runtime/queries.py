"""Running queries as statements see them (`engine.services.Queries`).

The law: while commands are replayed nothing starts; what is left at the end starts once, and what was terminated is
forgotten once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from headrace.engine.plan.physical import PhysicalPlan
from headrace.engine.services import QueryStatus
from headrace.parser.errors import SqlError
from headrace.runtime.cursor import Cursor
from headrace.runtime.log.base import LogError, TopicLog, UnknownTopic
from headrace.runtime.lookup import look_up
from headrace.runtime.pushes import PushQueries
from headrace.runtime.query import PAUSED, TERMINATED, Query, Surroundings
from headrace.runtime.scheduler import Scheduler
from headrace.runtime.subscription import Subscription


@dataclass(slots=True)
class _Replayed:
    plan: PhysicalPlan
    offset_reset: str
    paused: bool


class EngineQueries:
    """The queries of an engine. Used by its thread."""

    def __init__(
        self,
        log: TopicLog,
        scheduler: Scheduler,
        pushes: PushQueries,
        surroundings: Surroundings,
        *,
        post: Callable[[Callable[[], None]], object],
        drive: Callable[[], bool] | None,
    ) -> None:
        self._log = log
        self._scheduler = scheduler
        self._pushes = pushes
        self._surroundings = surroundings
        self._post = post
        self._drive = drive
        self._order = count(1)
        self._replayed: dict[str, _Replayed] | None = None
        self._forgotten: dict[str, PhysicalPlan] = {}
        self.running: dict[str, Query] = {}
        self.is_bounded = False
        """Whether every push query ends with the records that there are when it starts."""

    def begin_replay(self) -> None:
        """Only note what is started and stopped from now on."""
        self._replayed = {}

    def end_replay(self) -> None:
        """Start what is left."""
        replayed, self._replayed = self._replayed or {}, None
        for query_id, plan in self._forgotten.items():
            if query_id not in replayed:
                self._scheduler.stop(self._query(plan), forget=True)
        self._forgotten.clear()
        for each in replayed.values():
            self.start(each.plan, offset_reset=each.offset_reset, paused=each.paused)

    def start(self, plan: PhysicalPlan, *, offset_reset: str, paused: bool = False) -> None:
        """Run a persistent query."""
        if self._replayed is not None:
            self._replayed[plan.query_id] = _Replayed(plan, offset_reset, paused)
            return
        query = self._query(plan)
        query.order = next(self._order)
        self.running[query.id] = query
        try:
            self._scheduler.start(query, offset_reset=offset_reset, paused=paused)
        except UnknownTopic as error:
            self._scheduler.start_failed(query, str(error), offset_reset)
            if paused:
                self._scheduler.pause(query)
        if paused:
            query.state = PAUSED

    def subscribe(self, plan: PhysicalPlan, *, offset_reset: str) -> Subscription:
        """Run a push query."""
        self._scheduler.settle()
        query = self._query(plan)
        query.order = next(self._order)
        try:
            cursors = self._cursors(plan, offset_reset=offset_reset)
        except LogError as error:
            raise SqlError(str(error), kind="unknown topic") from error
        subscription = Subscription(
            plan,
            on_close=lambda: self._post(lambda: self._pushes.stop(query.id)),
            on_drained=lambda: self._post(lambda: None),
            drive=self._drive,
        )
        self._pushes.start(query, cursors, subscription, bounded=plan.bounded or self.is_bounded)
        return subscription

    def stop(self, query_id: str, *, forget: bool) -> None:
        """Stop a query."""
        if self._replayed is not None:
            replayed = self._replayed.pop(query_id, None)
            if replayed is not None and forget:
                self._forgotten[query_id] = replayed.plan
            return
        query = self.running.pop(query_id, None)
        if query is None:
            self._pushes.stop(query_id)
            return
        self._scheduler.stop(query, forget=forget)
        query.state = TERMINATED

    def pause(self, query_id: str) -> None:
        """Let a query stand."""
        if self._replayed is not None:
            self._replayed[query_id].paused = True
            return
        query = self._find(query_id)
        self._scheduler.pause(query)
        query.state = PAUSED

    def resume(self, query_id: str) -> None:
        """Let a query go on."""
        if self._replayed is not None:
            self._replayed[query_id].paused = False
            return
        self._scheduler.resume(self._find(query_id))

    def close_windows(self) -> bool:
        """Close the windows of one EMIT FINAL query whose input has ended, the oldest first; says whether there was one."""
        self._scheduler.settle()
        return self._scheduler.close_windows(sorted(self.running.values(), key=lambda query: query.order))

    def all(self) -> Sequence[QueryStatus]:
        """All queries, persistent ones first."""
        persistent = [query.status(self._scheduler.placement.lag(query)) for query in self.running.values()]
        return persistent + [query.status() for query in self._pushes.queries.values()]

    def lookup(
        self, query_id: str, keys: Sequence[Any] | None, window_start: tuple[int, int] | None
    ) -> Iterator[tuple[Any, ...]]:
        """Rows of a materialised table, of one committed version."""
        self._scheduler.settle()
        return iter(look_up(self._find(query_id), keys, window_start))

    def _find(self, query_id: str) -> Query:
        query = self.running.get(query_id)
        if query is None:
            raise SqlError(
                f'There is no query "{query_id}".', hint="SHOW QUERIES lists what runs", kind="unknown query"
            )
        return query

    def _query(self, plan: PhysicalPlan) -> Query:
        inputs = [self._log.describe(source.topic) for source in plan.sub_topologies[0].inputs]
        partitions = max((topic.partitions for topic in inputs if topic is not None), default=1)
        sink = self._log.describe(plan.sink.topic) if plan.sink else None
        return Query(plan, self._surroundings, partitions=partitions, sink_partitions=sink.partitions if sink else 1)

    def _cursors(self, plan: PhysicalPlan, *, offset_reset: str) -> list[Cursor]:
        cursors = []
        for source in plan.sub_topologies[0].inputs:
            topic = self._log.describe(source.topic)
            if topic is None:
                raise UnknownTopic(f'Topic "{source.topic}" does not exist.')
            start = self._log.begin_offset if offset_reset == "earliest" else self._log.end_offset
            for partition in range(topic.partitions):
                cursor = Cursor(source.topic, partition, start(source.topic, partition))
                if plan.bounded or self.is_bounded:
                    cursor.until = self._log.end_offset(source.topic, partition)
                cursors.append(cursor)
        return cursors
