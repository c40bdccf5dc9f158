"""The engine's generated stages, run on batches in memory as the references are."""

from collections.abc import Callable, Sequence
from typing import Any

from headrace.engine.catalog.metastore import Metastore
from headrace.engine.plan.physical import PhysicalPlan
from headrace.engine.services import Topic
from headrace.engine.session import Session
from headrace.runtime.driver import Driver
from headrace.runtime.query import ALL
from headrace.runtime.serde.registry import default_formats
from headrace.runtime.state.store import StateStore

BIDS = """
CREATE STREAM bids (k VARCHAR KEY, bid_id BIGINT, auction BIGINT, bidder BIGINT, price BIGINT, channel VARCHAR, url VARCHAR, dateTime BIGINT, extra VARCHAR)
  WITH (KAFKA_TOPIC='bids', VALUE_FORMAT='JSON'{timestamp});
"""

FILTER = (
    BIDS.format(timestamp="")
    + "CREATE STREAM big AS SELECT k, auction, price * 9.08E-1 AS price, bidder FROM bids WHERE price > 1000;"
)

WINDOW = (
    BIDS.format(timestamp=", TIMESTAMP='dateTime'")
    + """
CREATE TABLE per_auction AS SELECT auction, COUNT(*) AS cnt, SUM(price) AS total, MAX(price) AS top
  FROM bids WINDOW TUMBLING (SIZE 10 SECONDS) GROUP BY auction;
"""
)


def plan_of(sql: str, properties: dict[str, str] | None = None) -> PhysicalPlan:
    """The physical plan of the last query of a text."""
    driver = Driver(default_formats())
    driver.services.topics.create(Topic("bids", 1))
    metastore = Metastore()
    Session(metastore, driver.services, properties=properties).execute(sql)
    return next(reversed(metastore.plans.values()))


class _Output:
    partitions = 1

    def __init__(self) -> None:
        self.rows: list[Any] = []

    def to(self, partition: int) -> list[Any]:
        return self.rows

    def partition(self, key: bytes | None) -> int:
        return 0


class _Problems:
    def __getattr__(self, name: str) -> Callable[..., None]:
        def fail(*details: object) -> None:
            raise AssertionError(f"{name}: {details}")

        return fail


class _Context:
    partition = 0
    coalesce = True

    def __init__(self, plan: PhysicalPlan) -> None:
        self.problems = _Problems()
        self.outputs = (_Output(),)
        self.stores = [StateStore(s, coalesce=True) for s in plan.sub_topologies[0].program.stores]


def run_stage(plan: PhysicalPlan, batches: Sequence[Sequence[Any]], *, emit_every: int) -> int:
    """Run a plan's only stage over batches as a task does; returns how many rows came out."""
    context = _Context(plan)
    run, emit, _ = plan.sub_topologies[0].program.make(context)
    rows = context.outputs[0].rows
    count = 0
    for number, batch in enumerate(batches, 1):
        run(batch)
        for store in context.stores:
            store.absorb()
        if number % emit_every == 0 or number == len(batches):
            for store in context.stores:
                store.show(ALL)
            emit()
        count += len(rows)
        rows.clear()
    return count
