"""DROP STREAM and DROP TABLE: refused while something reads the source; the query that fills it ends with it."""

from typing import TYPE_CHECKING

from headrace.engine.results import Status
from headrace.engine.statements.dispatch import handles
from headrace.parser.errors import SqlError
from headrace.parser.statements import DropSource

if TYPE_CHECKING:
    from headrace.engine.catalog.source import Source
    from headrace.engine.session import Session


@handles(DropSource)
def drop_source(session: "Session", statement: DropSource) -> Status:
    """Drop a source, its own query and, if asked, its topic."""
    word = statement.kind.lower()
    source = session.catalog.sources.get(statement.name)
    if source is None:
        note = f"{statement.kind.capitalize()} {statement.name} does not exist"
        if statement.if_exists:
            return Status(note + ".", statement=statement.text, warnings=(note + ".",))
        session.catalog.source(statement.name, span=statement.span, message=note)
        raise AssertionError
    if source.kind != statement.kind:
        raise SqlError(
            f"Incompatible data source type is {source.kind}, but statement was DROP {statement.kind}",
            span=statement.span,
            hint=f"use DROP {source.kind}",
        )
    if source.read_only and statement.delete_topic:
        raise SqlError(f"Cannot delete topic for read-only source: {source.name}", span=statement.span)
    _check_unused(session, source, statement)
    sequence = session.record(statement)
    catalog = session.catalog
    if source.query_id is not None and source.query_id in catalog.queries:
        session.services.queries.stop(source.query_id, forget=True)
        catalog = catalog.without_query(source.query_id)
    session.metastore.swap(catalog.without_source(source.name))
    if statement.delete_topic and session.services.topics.describe(source.topic) is not None:
        session.services.topics.delete(source.topic)
    return Status(
        f"Source `{source.name}` (topic: {source.topic}) was dropped.",
        command_id=f"{word}/`{source.name}`/drop",
        sequence=sequence,
        statement=statement.text,
    )


def _check_unused(session: "Session", source: "Source", statement: DropSource) -> None:
    readers = session.catalog.readers(source.name)
    writers = tuple(w for w in session.catalog.writers(source.name) if w != source.query_id)
    if readers or writers:
        raise SqlError(
            f"Cannot drop {source.name}.\nThe following queries read from this source: [{', '.join(readers)}].\n"
            f"The following queries write into this source: [{', '.join(writers)}].\nYou need to terminate them before dropping {source.name}.",
            span=statement.span, hint=f"TERMINATE {(readers + writers)[0]};", kind="in use",
        )  # fmt: skip
    if statement.delete_topic:
        sharing = [
            s.name for s in session.catalog.sources.values() if s.topic == source.topic and s.name != source.name
        ]
        if sharing:
            raise SqlError(
                f"Refusing to delete topic. Found other data sources ({', '.join(sharing)}) using topic {source.topic}",
                span=statement.span,
                hint="drop those first",
            )
