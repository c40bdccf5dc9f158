"""The physical plan of a query: lowered stages with what the runtime must know beside them."""

from typing import TYPE_CHECKING, Any

from headrace.engine.catalog.source import Source
from headrace.engine.codegen.operators.event_time import ParseTimestamp
from headrace.engine.codegen.operators.time_window import TimeWindow
from headrace.engine.plan.logical import AggregateStep, ReadSource, Step
from headrace.engine.plan.physical import PhysicalPlan, Sink
from headrace.engine.planner.lower import Lowering
from headrace.engine.planner.planned import PlannedQuery
from headrace.engine.planner.shape import QueryShape, Target
from headrace.engine.types.sqltype import STRING

if TYPE_CHECKING:
    from headrace.engine.session import Session


def physical_plan(
    session: "Session",
    query_id: str,
    sql: str,
    planned: PlannedQuery,
    sink: Source | None,
    partitions: int = 1,
    *,
    limit: int | None = None,
    bounded: bool = False,
) -> PhysicalPlan:
    """Lower a planned query; without a sink it is a push query."""
    described = session.services.topics.describe(planned.read.source.topic)
    source_partitions = described.partitions if described is not None else 1
    coalesces = sink is not None and sink.is_table and session.settings.text("cache.max.bytes.buffering") != "0"
    shape = QueryShape(
        planned,
        Target(sink, partitions),
        session.services.formats,
        source_partitions=source_partitions,
        coalesces=coalesces and _coalesces(planned.steps),
        parse_timestamp=_timestamp_parser(session),
        decode_always=session.settings.flag("headrace.decode.all.columns"),
    )
    lowered = Lowering(query_id, shape).lower()
    return PhysicalPlan(
        query_id, sql, lowered.sub_topologies, planned.schema, Sink(sink.name, sink.topic) if sink is not None else None, lowered.materialization,
        timed=planned.window is not None or planned.repartitions, coalesces=shape.coalesces, limit=limit, bounded=bounded,
        properties=dict(session.properties),
    )  # fmt: skip


def _coalesces(step: Step) -> bool:
    """Whether changes may wait: those of an aggregation, unless every one matters (sessions) or none does (EMIT FINAL)."""
    if isinstance(step, AggregateStep):
        return step.window is None or (isinstance(step.window, TimeWindow) and not step.window.final)
    return not isinstance(step, ReadSource) and any(_coalesces(c) for c in step.children())


def _timestamp_parser(session: "Session") -> ParseTimestamp:
    """PARSE_TIMESTAMP, looked up when the first text is parsed."""
    found: list[Any] = []

    def parse(text: str, pattern: str) -> int:
        if not found:
            found.append(session.registry.scalar("PARSE_TIMESTAMP", [STRING, STRING]).call)
        timestamp: int = found[0](text, pattern)
        return timestamp

    return parse
