"""A running query: its plan, tasks, buffers and what is known of it.

The law: between commits a query only grows buffers and dirty state; dropping its tasks and buffers takes it back to what
the log holds. An idle query is touched by nothing.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import accumulate
from typing import Any

from headrace.engine.plan.physical import PhysicalPlan, SubTopology
from headrace.engine.services import Clock, QueryStatus
from headrace.runtime.exchange import Exchange
from headrace.runtime.metrics import Counters
from headrace.runtime.problems import ProblemLog, TaskProblems
from headrace.runtime.sink import SinkBuffer, TaskOutput
from headrace.runtime.state.store import StateStore
from headrace.runtime.task import Task, no_exchange

RUNNING, PAUSED, ERROR, TERMINATED = "RUNNING", "PAUSED", "ERROR", "TERMINATED"
KEPT_ERRORS = 10
EMISSION_INTERVAL_MS = 2_000
ALL = 1 << 62


@dataclass(frozen=True, slots=True)
class Delivery:
    """Records of one input partition for a query; `high` is the highest event time before them, -1 if unknown."""

    input: int
    partition: int
    records: Sequence[Any]
    high: int = -1


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What queries need from the process they run in."""

    clock: Clock
    partitioner: Callable[[int], Callable[[bytes | None], int]]
    """The partitioner for a number of partitions."""
    store: Callable[["Query", int, int, int], StateStore]
    """The restored store of (query, sub-topology, store, partition)."""


class Query:
    """A query of this process, persistent or push."""

    __slots__ = (
        "_exchanges",
        "_owed",
        "_round",
        "_surroundings",
        "_tasks",
        "_touched",
        "coalesce",
        "counters",
        "emission_interval",
        "errors",
        "id",
        "order",
        "owes_kept",
        "partitions",
        "plan",
        "problems",
        "sink",
        "sink_partitions",
        "state",
    )

    def __init__(
        self, plan: PhysicalPlan, surroundings: Surroundings, *, partitions: int, sink_partitions: int
    ) -> None:
        self.plan = plan
        self.id = plan.query_id
        self.state = RUNNING
        self.order = 0
        self.partitions = partitions
        self.sink_partitions = sink_partitions
        self.coalesce = plan.coalesces and plan.properties.get("cache.max.bytes.buffering", "") != "0"
        self.emission_interval = int(plan.properties.get("commit.interval.ms", EMISSION_INTERVAL_MS))
        self.owes_kept = False
        """Whether committed changes wait for emission in tasks that may not have been restored yet."""
        self.errors: deque[tuple[int, str]] = deque(maxlen=KEPT_ERRORS)
        self.counters = Counters()
        self.problems = ProblemLog(plan.query_id, surroundings.clock)
        self._surroundings = surroundings
        self.sink: SinkBuffer | None = None
        self._exchanges: list[Exchange] = []
        self._tasks: dict[tuple[int, int], Task] = {}
        self._touched: dict[Task, None] = {}
        self._owed: dict[Task, None] = {}
        self._round: dict[Task, int] = {}

    @property
    def needs_order(self) -> bool:
        """Whether results depend on the order between partitions, so that slices are cut at the event-time horizon."""
        return self.plan.timed or len(self.plan.sub_topologies) > 1

    @property
    def merges(self) -> bool:
        """Whether records of several partitions or topics meet in one task, so that results depend on their order."""
        return len(self.plan.sub_topologies) > 1 or len(self.plan.sub_topologies[0].inputs) > 1

    @property
    def needs_highs(self) -> bool:
        """Whether its stages must know the highest event time before a slice."""
        return self.needs_order and (self.partitions > 1 or len(self.plan.sub_topologies[0].inputs) > 1)

    @property
    def is_emission_owed(self) -> bool:
        """Whether changes wait to be written to the sink."""
        return self.owes_kept or bool(self._owed)

    @property
    def tasks(self) -> Sequence[Task]:
        """The tasks that exist (those that had input, or were looked at)."""
        return tuple(self._tasks.values())

    @property
    def tasks_with_changes(self) -> Sequence[Task]:
        """The tasks that ran since the last commit."""
        return tuple(self._touched)

    def run(self, deliveries: Sequence[Delivery]) -> None:
        """Process records through all sub-topologies; what is written stays in the sink buffer."""
        first = self.plan.sub_topologies[0]
        if len(first.inputs) > 1:
            self._run_merged(first, deliveries)
        else:
            for delivery in deliveries:
                task = self.task(0, delivery.partition)
                task.highs[0] = delivery.high
                self._touched[task] = None
                task.run(delivery.records)
                self.problems.counts.records_in += len(delivery.records)
        for index, exchange in enumerate(self._exchanges):
            for partition, rows in exchange.take():
                task = self.task(index + 1, partition)
                self._touched[task] = None
                task.run(rows)

    def absorb(self) -> bool:
        """Take over the changes of the tasks that ran; says whether an emission is owed."""
        for task in self._touched:
            if task.absorb() and self.coalesce:
                self._owed[task] = None
        return self.is_emission_owed

    def emit(self, limit: int = ALL) -> bool:
        """Write the last change of up to `limit` keys that owe one to the sink buffer.

        Says whether all that owed one when the round began are done; what changes meanwhile waits for the next round.
        """
        self.absorb()
        if self.owes_kept:
            last = len(self.plan.sub_topologies) - 1
            for partition in range(self.partitions):
                self.task(last, partition)
            self.owes_kept = False
        if not self._round:
            self._round = {task: task.owed for task in self._owed}
        for task, left in list(self._round.items()):
            if limit <= 0:
                return False
            count = min(left, limit)
            task.show(count)
            self._touched[task] = None  # the mark of the emission belongs into the changelog
            limit -= count
            self._round[task] -= count
            if self._round[task] == 0:
                del self._round[task]
            if not task.owed:
                self._owed.pop(task, None)
        return not self._round

    def close_windows(self) -> bool:
        """Emit the windows of EMIT FINAL that are open, as their input has ended; says whether there were any."""
        if self.coalesce or not self.plan.sub_topologies[-1].program.stores:
            return False
        closed = False
        for partition in range(self.partitions):
            task = self.task(len(self.plan.sub_topologies) - 1, partition)
            before = [store.stream_time for store in task.stores]
            task.emit()
            if before != [store.stream_time for store in task.stores]:
                self._touched[task] = None
                closed = True
        return closed

    def settled(self) -> None:
        """The changes so far are in a commit."""
        self._touched.clear()

    def drop(self) -> None:
        """Forget tasks, buffers and problems; the next run restores what was committed."""
        self._tasks.clear()
        self._touched.clear()
        self._owed.clear()
        self._round.clear()
        self._exchanges = []
        self.sink = None
        self.problems.discard()

    def fail(self, message: str, now: int) -> None:
        """Note an error."""
        self.state = ERROR
        self.errors.append((now, message))

    def task(self, sub: int, partition: int) -> Task:
        """A task, made (and its state restored) when it is first needed."""
        task = self._tasks.get((sub, partition))
        if task is None:
            task = self._make_task(self.plan.sub_topologies[sub], partition)
            self._tasks[sub, partition] = task
            if self.coalesce and task.owed:
                self._owed[task] = None
        return task

    def status(self, lag: int = 0) -> QueryStatus:
        """What is known of the query."""
        sink = self.plan.sink
        return QueryStatus(
            id=self.id,
            sql=self.plan.sql,
            sink=sink.name if sink else None,
            sink_topic=sink.topic if sink else None,
            state=self.state,
            push=sink is None,
            errors=tuple(self.errors),
            counters={**self.counters.as_dict(), "lag": lag},
        )

    def buffer(self) -> SinkBuffer:
        """The sink buffer."""
        if self.sink is None:
            count = self.sink_partitions
            self.sink = SinkBuffer(
                self.plan.sink.topic if self.plan.sink else "", count, self._surroundings.partitioner(count)
            )
        return self.sink

    def _make_task(self, sub: SubTopology, partition: int) -> Task:
        index = sub.index
        stores = [self._surroundings.store(self, index, number, partition) for number in range(len(sub.program.stores))]
        topic = sub.inputs[0].topic if sub.inputs else None
        return Task(
            sub.program,
            sub=index,
            partition=partition,
            problems=TaskProblems(self.problems, sub.program.sites, topic, partition),
            outputs=() if sub.exchanges else (TaskOutput(self.buffer(), partition, self.partitions),),
            stores=stores,
            coalesce=self.coalesce,
            inputs=len(sub.inputs),
            exchange=self._exchange(index).append_for if sub.exchanges else no_exchange,
        )

    def _exchange(self, index: int) -> Exchange:
        while len(self._exchanges) <= index:
            self._exchanges.append(Exchange(self.partitions, self._surroundings.partitioner(self.partitions)))
        return self._exchanges[index]

    def _run_merged(self, sub: SubTopology, deliveries: Sequence[Delivery]) -> None:
        by_partition: dict[int, list[Delivery]] = {}
        for delivery in deliveries:
            by_partition.setdefault(delivery.partition, []).append(delivery)
            self.problems.counts.records_in += len(delivery.records)
        for partition, parts in sorted(by_partition.items()):
            task = self.task(0, partition)
            self._touched[task] = None
            task.run(list(merge(*(_ranked(sub, part) for part in parts))))


def _ranked(sub: SubTopology, delivery: Delivery) -> list[tuple[int, int, int, Any]]:
    """Records as (high, input, offset, record): their order is that of a merge by heads."""
    event_time = sub.inputs[delivery.input].event_time
    records = delivery.records
    times = event_time(records) if event_time else [r.timestamp for r in records]
    highs = accumulate(times, max, initial=delivery.high)
    next(highs)
    return [(high, delivery.input, record.offset, record) for high, record in zip(highs, records, strict=True)]
