"""SELECT: push queries (EMIT CHANGES), pull queries on materialised tables, and bounded reads of streams."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from headrace.engine.planner.persistent import physical_plan
from headrace.engine.planner.pull import plan_pull
from headrace.engine.results import QueryRow, Rows, RowSource
from headrace.engine.statements.dispatch import handles
from headrace.parser.errors import SqlError
from headrace.parser.statements import AliasedSource, Query

if TYPE_CHECKING:
    from headrace.engine.session import Session


@handles(Query)
def select(session: "Session", statement: Query) -> Rows:
    """Run a query for its caller."""
    if statement.emit is None and isinstance(statement.relation, AliasedSource):
        source = session.catalog.source(statement.relation.name, span=statement.relation.span)
        if source.is_table:
            return _pull(session, statement)
        if not session.settings.flag("ksql.query.pull.stream.enabled"):
            raise SqlError(
                "Pull queries on streams are disabled.", span=statement.span, hint="add EMIT CHANGES for a push query"
            )
        return _subscribe(session, statement, bounded=True)
    return _subscribe(session, statement, bounded=False)


def _subscribe(session: "Session", statement: Query, *, bounded: bool) -> Rows:
    planned = session.planner().plan(statement, target=None)
    query_id = f"transient_{planned.read.source.name}_{session.metastore.next_transient()}"
    plan = physical_plan(session, query_id, statement.text, planned, None, limit=statement.limit, bounded=bounded)
    reset = "earliest" if bounded else session.settings.text("auto.offset.reset")
    rows = session.services.queries.subscribe(plan, offset_reset=reset)
    return Rows(planned.schema, rows, not bounded, query_id, statement=statement.text, warnings=plan.warnings)


def _pull(session: "Session", statement: Query) -> Rows:
    pull = plan_pull(session, statement)
    if pull.keys == []:
        return Rows(pull.schema, _Finished([]), False, statement=statement.text)
    found = session.services.queries.lookup(pull.query_id, pull.keys, pull.window_start)
    rows: list[QueryRow] = []
    for timestamp, values in found:
        projected = pull.project(timestamp, values)
        if projected is not None:
            rows.append(QueryRow(projected, timestamp))
        if statement.limit is not None and len(rows) >= statement.limit:
            break
    return Rows(pull.schema, _Finished(rows), False, statement=statement.text)


class _Finished(RowSource):
    """Rows that are all there."""

    def __init__(self, rows: list[QueryRow]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[QueryRow]:
        return iter(self._rows)

    def close(self) -> None:
        self._rows = []
