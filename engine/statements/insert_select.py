"""INSERT INTO … SELECT: a query that appends to a stream that exists."""

import re
from typing import TYPE_CHECKING

from headrace.engine.catalog.catalog import PersistentQuery
from headrace.engine.catalog.source import Source
from headrace.engine.catalog.with_clause import INSERT, WithClause
from headrace.engine.plan.logical import Write, as_data
from headrace.engine.planner.persistent import physical_plan
from headrace.engine.planner.sink_types import fit_to_sink
from headrace.engine.results import Status
from headrace.engine.statements.dispatch import handles
from headrace.parser.errors import SqlError
from headrace.parser.statements import InsertSelect

if TYPE_CHECKING:
    from headrace.engine.session import Session

_RESERVED_PREFIXES = ("CSAS_", "CTAS_", "INSERTQUERY_", "CST_")


@handles(InsertSelect)
def insert_select(session: "Session", statement: InsertSelect) -> Status:
    """Plan, keep the command, start the query."""
    sink = _sink(session, statement)
    if statement.query.limit is not None:
        raise SqlError("INSERT INTO statements don't support LIMIT clause.", span=statement.query.span)
    planned = session.planner().plan(statement.query, target=statement.name)
    if planned.is_table:
        raise SqlError(
            f"INSERT INTO can only be used to insert into a stream. {sink.name} is a stream, but the query gives a table.",
            span=statement.query.span,
        )
    planned.check_sink(statement.name)
    planned = fit_to_sink(planned, sink, statement)
    query_id = _query_id(session, statement)
    described = session.services.topics.describe(sink.topic)
    partitions = described.partitions if described is not None else 1
    plan = physical_plan(session, query_id, statement.text, planned, sink, partitions)
    steps = as_data(Write(planned.steps, sink, partitions))
    sequence = session.record(statement, query_id=query_id, steps=steps)
    query = PersistentQuery(
        query_id, statement.text, (planned.read.source.name,), sink.name, steps, dict(session.properties)
    )
    session.metastore.swap(session.catalog.with_query(query))
    session.metastore.plans[query_id] = plan
    session.services.queries.start(plan, offset_reset=session.settings.text("auto.offset.reset"))
    return Status(
        f"Created query with ID {query_id}",
        query_id,
        f"stream/`{sink.name}`/create",
        sequence,
        statement=statement.text,
    )


def _sink(session: "Session", statement: InsertSelect) -> Source:
    sink = session.catalog.source(
        statement.name, span=statement.span, message=f"Source `{statement.name}` does not exist."
    )
    if sink.is_table:
        raise SqlError(
            f"INSERT INTO can only be used to insert into a stream. {sink.name} is a table.", span=statement.span
        )
    if sink.read_only:
        raise SqlError(f"Cannot insert into read-only stream: {sink.name}", span=statement.span)
    if sink.schema.headers:
        raise SqlError(f"Cannot insert into {sink.name} because it has header columns", span=statement.span)
    if sink.window is not None:
        raise SqlError("INSERT INTO is not supported for windowed streams.", span=statement.span)
    return sink


def _query_id(session: "Session", statement: InsertSelect) -> str:
    clause = WithClause(statement.properties, INSERT)
    given = clause.text("QUERY_ID")
    if given is None:
        return f"INSERTQUERY_{session.sequence()}"
    query_id = given.upper()
    span = clause.span("QUERY_ID")
    if query_id.startswith(_RESERVED_PREFIXES):
        raise SqlError(
            f"Query IDs must not start with a reserved query ID prefix ({', '.join(_RESERVED_PREFIXES)}). Got '{given}'.",
            span=span,
        )
    if not re.fullmatch(r"[A-Z0-9_]+", query_id):
        raise SqlError(f"Query IDs may contain only alphanumeric characters and '_'. Got: '{given}'", span=span)
    if query_id in session.catalog.queries:
        raise SqlError(
            f"Query ID '{query_id}' already exists.", span=span, hint=f"TERMINATE {query_id}; or choose another"
        )
    return query_id
