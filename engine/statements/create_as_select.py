"""CREATE STREAM … AS SELECT and CREATE TABLE … AS SELECT: a sink and the query that fills it."""

from typing import TYPE_CHECKING

from headrace.engine.catalog.catalog import PersistentQuery
from headrace.engine.catalog.source import Source
from headrace.engine.catalog.with_clause import AS_SELECT, WithClause
from headrace.engine.plan.logical import Write, as_data
from headrace.engine.planner.formats import FormatChooser
from headrace.engine.planner.names import check_source_name
from headrace.engine.planner.persistent import physical_plan
from headrace.engine.planner.planned import PlannedQuery
from headrace.engine.planner.timestamps import timestamp_column
from headrace.engine.results import Status
from headrace.engine.services import Topic
from headrace.engine.statements.dispatch import handles
from headrace.engine.statements.topic_config import check_counts, check_existing, retention_config
from headrace.parser.errors import SqlError
from headrace.parser.statements import CreateAsSelect

if TYPE_CHECKING:
    from headrace.engine.session import Session


@handles(CreateAsSelect)
def create_as_select(session: "Session", statement: CreateAsSelect) -> Status:
    """Plan, create the sink topic, keep the command, start the query."""
    word = statement.kind.lower()
    existing = session.catalog.sources.get(statement.name)
    if existing is not None:
        if statement.if_not_exists:
            note = f"Cannot add {word} `{statement.name}`: A {existing.kind.lower()} with the same name already exists."
            return Status(note, statement=statement.text, warnings=(note,))
        if statement.or_replace:
            raise SqlError(
                "CREATE OR REPLACE of queries is not supported yet.",
                span=statement.span,
                hint="DROP it first",
                kind="unsupported",
            )
        raise SqlError(
            f"Cannot add {word} '{statement.name}': A {existing.kind.lower()} with the same name already exists",
            span=statement.span, hint="DROP it first, or use IF NOT EXISTS", kind="exists",
        )  # fmt: skip
    planned = plan_query(session, statement)
    clause = WithClause(statement.properties, AS_SELECT)
    query_id = f"{'CSAS' if statement.kind == 'STREAM' else 'CTAS'}_{statement.name}_{session.sequence()}"
    sink = plan_sink(session, statement, planned, clause, query_id)
    partitions, topic = sink_topic(session, clause, planned, sink)
    plan = physical_plan(session, query_id, statement.text, planned, sink, partitions)
    if topic is not None:
        session.services.topics.create(topic)
    steps = as_data(Write(planned.steps, sink, partitions))
    sequence = session.record(statement, query_id=query_id, steps=steps)
    source = planned.read.source
    query = PersistentQuery(query_id, statement.text, (source.name,), sink.name, steps, dict(session.properties))
    session.metastore.swap(session.catalog.with_source(sink).with_query(query))
    session.metastore.plans[query_id] = plan
    session.services.queries.start(plan, offset_reset=session.settings.text("auto.offset.reset"))
    return Status(
        f"Created query with ID {query_id}",
        query_id,
        f"{word}/`{statement.name}`/create",
        sequence,
        statement=statement.text,
        warnings=plan.warnings,
    )


def plan_query(session: "Session", statement: CreateAsSelect) -> PlannedQuery:
    """Plan the SELECT; raises SqlError where its kind is not that of the statement."""
    check_source_name(statement.name, statement.span)
    if statement.query.limit is not None:
        raise SqlError(
            f"CREATE {statement.kind} AS SELECT statements don't support LIMIT clause.", span=statement.query.span
        )
    planned = session.planner().plan(statement.query, target=statement.name)
    if planned.is_table != (statement.kind == "TABLE"):
        other = "TABLE" if planned.is_table else "STREAM"
        raise SqlError(
            f"Invalid result type. Your SELECT query produces a {other}. Please use CREATE {other} AS SELECT statement instead.",
            span=statement.span, kind="type mismatch",
        )  # fmt: skip
    return planned


def plan_sink(
    session: "Session", statement: CreateAsSelect, planned: PlannedQuery, clause: WithClause, query_id: str
) -> Source:
    """The source that the query writes."""
    chooser = FormatChooser(session.services.formats, session.settings, clause)
    read = planned.read.source
    if not planned.schema.key and clause.text("KEY_FORMAT") not in (None, "NONE"):
        raise SqlError(
            "Key format specified for stream without key columns.",
            span=clause.span("KEY_FORMAT"),
            hint="leave KEY_FORMAT out or select a key column",
        )
    timestamp = timestamp_column(clause, planned.schema)
    planned.check_sink(statement.name)
    topic = clause.text("KAFKA_TOPIC") or session.settings.text("ksql.output.topic.name.prefix") + statement.name
    sink = Source(
        statement.name, statement.kind, planned.schema, topic, chooser.key(read.key_format, has_key=bool(planned.schema.key)), chooser.value(read.value_format),
        planned.window, timestamp, statement.text, query_id=query_id,
    )  # fmt: skip
    chooser.check(sink)
    return sink


def sink_topic(session: "Session", clause: WithClause, planned: PlannedQuery, sink: Source) -> tuple[int, Topic | None]:
    """The partitions of the sink, and the topic to create if it is missing."""
    read = session.services.topics.describe(planned.read.source.topic)
    inherited = read.partitions if read is not None else 1
    setting = session.settings.text("ksql.sink.partitions")
    wanted = clause.number("PARTITIONS") or (int(setting) if setting else None)
    check_counts(clause)
    config = retention_config(clause, sink, window_ms=planned.retention_ms)
    existing = session.services.topics.describe(sink.topic)
    if existing is not None:
        if session.replayed is None:
            check_existing(clause, existing, partitions=wanted)
        return existing.partitions, None
    partitions = wanted or inherited
    policy = "delete" if not sink.is_table else "compact" if sink.window is None else "compact,delete"
    return partitions, Topic(
        sink.topic,
        partitions,
        clause.number("REPLICAS") or _replicas(session, read),
        {"cleanup.policy": policy, **config},
    )


def _replicas(session: "Session", read: Topic | None) -> int:
    setting = session.settings.text("ksql.sink.replicas")
    if setting:
        return int(setting)
    return read.replicas if read is not None else 1
