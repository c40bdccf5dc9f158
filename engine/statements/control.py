"""TERMINATE, PAUSE and RESUME of persistent queries."""

from dataclasses import replace
from typing import TYPE_CHECKING

from headrace.engine.results import Status
from headrace.engine.statements.dispatch import handles
from headrace.parser.errors import SqlError
from headrace.parser.statements import ControlQuery

if TYPE_CHECKING:
    from headrace.engine.session import Session


@handles(ControlQuery)
def control_query(session: "Session", statement: ControlQuery) -> Status:
    """Act on one query, or on all."""
    ids = list(session.catalog.queries) if statement.query_id is None else [_find(session, statement)]
    sequence = session.record(statement)
    act = {"TERMINATE": _terminate, "PAUSE": _pause, "RESUME": _resume}[statement.action]
    for query_id in ids:
        act(session, query_id)
    done = {"TERMINATE": "terminated", "PAUSE": "paused", "RESUME": "resumed"}[statement.action]
    what = f"Query {ids[0]}" if statement.query_id is not None else f"{len(ids)} quer{'y' if len(ids) == 1 else 'ies'}"
    target = ids[0] if statement.query_id is not None else "ALL"
    return Status(
        f"{what} {done}.",
        command_id=f"{statement.action.lower()}/{target}/execute",
        sequence=sequence,
        statement=statement.text,
    )


def _find(session: "Session", statement: ControlQuery) -> str:
    query_id = statement.query_id or ""
    found = next((q for q in session.catalog.queries if q.upper() == query_id.upper()), None)
    if found is None:
        running = ", ".join(session.catalog.queries) or "none"
        raise SqlError(
            f"Unknown queryId: {query_id}",
            span=statement.span,
            hint=f"running queries: {running}",
            kind="unknown query",
        )
    return found


def _terminate(session: "Session", query_id: str) -> None:
    session.services.queries.stop(query_id, forget=True)
    catalog = session.catalog.without_query(query_id)
    for source in list(catalog.sources.values()):
        if source.query_id == query_id:
            catalog = catalog.with_source(replace(source, query_id=None))
    session.metastore.swap(catalog)


def _pause(session: "Session", query_id: str) -> None:
    session.services.queries.pause(query_id)


def _resume(session: "Session", query_id: str) -> None:
    session.services.queries.resume(query_id)
