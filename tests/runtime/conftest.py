"""Hand-made plans, exactly to the contract of `engine.codegen.stage`, so that the runtime is tested without the planner."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from headrace.engine.codegen.stage import StageProgram, StoreSpec
from headrace.engine.plan.physical import Input, Materialization, PhysicalPlan, Sink, SubTopology
from headrace.engine.types.schema import Column, Namespace, Schema
from headrace.engine.types.sqltype import BIGINT, STRING


class Total(msgspec.Struct, array_like=True, gc=False):
    """The state of a count."""

    ts: int
    count: int


SCHEMA = Schema((Column("ID", STRING, Namespace.KEY), Column("N", BIGINT)))


def even_filter(context: Any) -> Any:
    """WHERE n % 2 = 0: passes records on as they are."""
    output = context.outputs[0]
    problems = context.problems

    def run(records: Sequence[Any]) -> None:
        for record in records:
            try:
                n = int(record.value)
            except (TypeError, ValueError) as error:
                problems.undecodable(record, False, error)
                continue
            if n == 13:
                raise RuntimeError("thirteen")
            if n % 2 == 0:
                output.to(output.partition(record.key)).append(
                    (record.timestamp, record.key, record.value, record.headers)
                )

    return run, lambda: None, lambda key, window, state: None


def push_all(context: Any) -> Any:
    """SELECT id, n: rows of values for a reader."""
    rows = context.outputs[0].to(0)

    def run(records: Sequence[Any]) -> None:
        rows.extend((r.timestamp, (r.key.decode() if r.key else None, int(r.value)), None) for r in records)

    return run, lambda: None, lambda key, window, state: None


def send(context: Any) -> Any:
    """GROUP BY value: the exchange side."""

    def run(records: Sequence[Any]) -> None:
        high = context.highs[0]
        for record in records:
            high = max(high, record.timestamp)
            row = (high, context.partition, record.offset, 0, record.timestamp, record.headers, record.value.decode())
            context.exchange(record.value)(row)

    return run, lambda: None, lambda key, window, state: None


def counting(context: Any, rows_of: Callable[[Sequence[Any]], Any]) -> Any:
    store, output, coalesce = context.stores[0], context.outputs[0], context.coalesce

    def write(key: str, state: Total | None) -> None:
        value = None if state is None else str(state.count).encode()
        name = key.encode()
        output.to(output.partition(name)).append((state.ts if state else 0, name, value, ()))

    def run(records: Sequence[Any]) -> None:
        rows, changed = store.rows, store.changed
        for ts, key in rows_of(records):
            store.stream_time = max(store.stream_time, ts)
            state = rows.get(key)
            if state is None and store.load is not None:
                state = store.load(key)
            if key not in changed:
                changed[key] = None if state is None else Total(state.ts, state.count)
            if state is None:
                state = rows[key] = Total(ts, 0)
            state.ts = max(state.ts, ts)
            state.count += 1
            if not coalesce:
                write(key, state)

    def emit() -> None:
        for key in store.pending:
            write(key, store.rows.get(key))
        store.pending.clear()

    def row(key: str, window: int | None, state: Total) -> Any:
        return state.ts, (key, state.count)

    return run, emit, row


def count(context: Any) -> Any:
    """COUNT(*) GROUP BY the key."""
    return counting(context, lambda records: ((r.timestamp, r.key.decode()) for r in records))


def count_exchanged(context: Any) -> Any:
    """COUNT(*) GROUP BY, after the exchange."""
    return counting(context, lambda rows: ((row[4], row[6]) for row in rows))


def windowed(size: int) -> Callable[[Any], Any]:
    """COUNT(*) in tumbling windows GROUP BY the key; every change."""

    def make(context: Any) -> Any:
        store, output = context.stores[0], context.outputs[0]

        def run(records: Sequence[Any]) -> None:
            for record in records:
                ts, key = record.timestamp, record.key.decode()
                store.stream_time = max(store.stream_time, ts)
                start = ts // size * size
                if start + size <= store.stream_time:
                    context.problems.late(record, start, start + size, store.stream_time)
                    continue
                rows = store.windows.setdefault(start, {})
                changed = store.changed_windows.setdefault(start, {})
                state = rows.get(key)
                if state is None and store.load_window is not None:
                    state = store.load_window(start, key)
                changed.setdefault(key, None if state is None else Total(state.ts, state.count))
                if state is None:
                    state = rows[key] = Total(ts, 0)
                state.count += 1
                output.to(output.partition(record.key)).append(
                    (ts, record.key + start.to_bytes(8, "big"), str(state.count).encode(), ())
                )

        def row(key: str, window: int | None, state: Total) -> Any:
            return state.ts, (key, window, state.count)

        return run, lambda: None, row

    return make


COUNT_STORE = StoreSpec("Aggregate", str, Total)


def program(make: Callable[[Any], Any], *stores: StoreSpec) -> StageProgram:
    return StageProgram("", make, stores, ("site",))


def filter_plan(query_id: str, source: str, sink: str, **options: Any) -> PhysicalPlan:
    sub = SubTopology(0, program(even_filter), (Input(source),))
    return PhysicalPlan(query_id, f"CSAS {sink}", (sub,), SCHEMA, Sink(sink, sink), **options)


def push_plan(query_id: str, source: str, **options: Any) -> PhysicalPlan:
    return PhysicalPlan(query_id, "SELECT", (SubTopology(0, program(push_all), (Input(source),)),), SCHEMA, **options)


def count_plan(query_id: str, source: str, sink: str, **options: Any) -> PhysicalPlan:
    sub = SubTopology(0, program(count, COUNT_STORE), (Input(source),))
    place = Materialization(0, 0, ("ID",), False, str.encode)
    return PhysicalPlan(query_id, f"CTAS {sink}", (sub,), SCHEMA, Sink(sink, sink), place, **options)


def exchange_plan(query_id: str, source: str, sink: str, **options: Any) -> PhysicalPlan:
    subs = (
        SubTopology(0, program(send), (Input(source),), exchanges=True),
        SubTopology(1, program(count_exchanged, COUNT_STORE)),
    )
    place = Materialization(1, 0, ("ID",), False, str.encode)
    return PhysicalPlan(query_id, f"CTAS {sink}", subs, SCHEMA, Sink(sink, sink), place, **options)


def window_plan(query_id: str, source: str, sink: str, size: int, retention: int, **options: Any) -> PhysicalPlan:
    store = StoreSpec("Aggregate", str, Total, True, size, retention)
    sub = SubTopology(0, program(windowed(size), store), (Input(source),))
    place = Materialization(0, 0, ("ID",), True, str.encode)
    return PhysicalPlan(query_id, f"CTAS {sink}", (sub,), SCHEMA, Sink(sink, sink), place, timed=True, **options)


def unsunk(plan: PhysicalPlan) -> PhysicalPlan:
    """The plan as a push query: its rows, (time, key, value, headers) of a topic, become (time, (value,), ())."""
    (sub,) = plan.sub_topologies
    make = sub.program.make

    class Values:
        partitions = 1

        def __init__(self, rows: list[Any]) -> None:
            self.append = lambda row: rows.append((row[0], (int(row[2]),), ()))

        def to(self, partition: int) -> Any:
            return self

        def partition(self, key: bytes | None) -> int:
            return 0

    def made(context: Any) -> Any:
        rows = context.outputs[0].to(0)
        return make(SimpleNamespace(stores=context.stores, outputs=[Values(rows)], coalesce=context.coalesce))

    return replace(
        plan,
        sink=None,
        materialization=None,
        sub_topologies=(replace(sub, program=replace(sub.program, make=made)),),
    )


class NoFormats:
    """The tests write their stages by hand."""

    def get(self, name: str) -> None:
        return None

    def names(self) -> Sequence[str]:
        return ()


@pytest.fixture(scope="session")
def plans() -> SimpleNamespace:
    """The hand-made plans by name."""
    return SimpleNamespace(
        filter=filter_plan,
        push=push_plan,
        count=count_plan,
        exchange=exchange_plan,
        window=window_plan,
        formats=NoFormats(),
        Total=Total,
        count_store=COUNT_STORE,
        window_store=lambda size, retention: StoreSpec("Aggregate", str, Total, True, size, retention),
        unsunk=unsunk,
    )


class Bench:
    """An engine without threads on a log that outlives it."""

    def __init__(self, log: Any = None) -> None:
        from headrace.runtime.clock import ManualClock
        from headrace.runtime.log.memory import MemoryLog

        self.log = log or MemoryLog()
        self.clock = ManualClock(1_000_000)
        self.plans: list[tuple[PhysicalPlan, str]] = []
        self.open()

    def open(self) -> None:
        """Open (again): as after a crash, only what the log holds is left."""
        from headrace.runtime.engine import Engine

        self.engine = Engine(self.log, clock=self.clock, threaded=False)
        for plan, reset in self.plans:
            self.engine.services.queries.start(plan, offset_reset=reset)

    def topic(self, name: str, partitions: int = 1) -> None:
        self.log.create_topic(name, partitions)

    def start(self, plan: PhysicalPlan, reset: str = "earliest") -> None:
        if plan.sink is not None and self.log.describe(plan.sink.topic) is None:
            self.topic(
                plan.sink.topic, max(self.log.describe(i.topic).partitions for i in plan.sub_topologies[0].inputs)
            )
        self.plans.append((plan, reset))
        self.engine.services.queries.start(plan, offset_reset=reset)

    def put(self, topic: str, *rows: tuple[int, bytes | None, bytes | None], partition: int = 0) -> None:
        transaction = self.log.transaction()
        transaction.append(topic, partition, [(*row, ()) for row in rows])
        transaction.commit()

    def drain(self) -> None:
        while self.engine.step():
            pass

    def values(self, topic: str, partition: int = 0) -> list[tuple[bytes | None, bytes | None]]:
        begin = self.log.begin_offset(topic, partition)
        records = self.log.read(topic, partition, begin, max_records=100_000).records
        return [(r.key, r.value) for r in records]

    def rows(self, query_id: str, keys: Any = None, windows: Any = None) -> list[Any]:
        return sorted(values for _, values in self.engine.services.queries.lookup(query_id, keys, windows))

    def status(self, query_id: str) -> Any:
        return next(q for q in self.engine.queries() if q.id == query_id)


@pytest.fixture
def bench() -> Bench:
    """A fresh engine on a MemoryLog and a ManualClock."""
    return Bench()
