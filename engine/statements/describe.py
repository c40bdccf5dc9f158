"""DESCRIBE of a source or a function."""

from typing import TYPE_CHECKING

from headrace.engine.catalog.source import Source
from headrace.engine.results import Description, Listing
from headrace.engine.statements.dispatch import handles
from headrace.engine.types.schema import Namespace
from headrace.parser.errors import SqlError
from headrace.parser.statements import Describe

if TYPE_CHECKING:
    from headrace.engine.session import Session


@handles(Describe)
def describe(session: "Session", statement: Describe) -> Description | Listing:
    """Columns and facts of one thing."""
    name = statement.name or ""
    if statement.what == "SOURCE":
        return _source(session, session.catalog.source(name, span=statement.span), statement)
    if statement.what == "FUNCTION":
        return _function(session, name, statement)
    if statement.what == "CONNECTOR":
        raise SqlError(
            "DESCRIBE CONNECTOR is not supported yet.",
            span=statement.span,
            hint="connectors come with a later version",
            kind="unsupported",
        )
    kind = statement.what[:-1]
    rows = tuple(
        (s.name, _mark(s, c.name), str(c.type))
        for s in sorted(session.catalog.sources.values(), key=lambda s: s.name)
        if s.kind == kind
        for c in s.schema
    )
    return Listing("source_descriptions", ("Name", "Field", "Type"), rows, statement=statement.text)


def _source(session: "Session", source: Source, statement: Describe) -> Description:
    columns = [(c.name, f"{c.type} {_role(source, c.name)}".strip()) for c in source.schema]
    if source.window is not None:
        columns += [("WINDOWSTART", "BIGINT (window)"), ("WINDOWEND", "BIGINT (window)")]
    facts: list[tuple[str, str]] = []
    if statement.extended:
        topic = session.services.topics.describe(source.topic)
        running = {q.id: q for q in session.services.queries.all()}
        writers = session.catalog.writers(source.name)
        facts = [
            ("Type", source.kind),
            ("Timestamp field", source.timestamp.column if source.timestamp else "the record's own"),
            ("Key format", source.key_format.name),
            ("Value format", source.value_format.name),
            ("Window", f"{source.window.type} {source.window.size_ms or ''}".strip() if source.window else "none"),
            (
                "Kafka topic",
                f"{source.topic} (partitions: {topic.partitions}, replication: {topic.replicas})"
                if topic
                else source.topic,
            ),
            ("Statement", source.sql),
            ("Read by", ", ".join(session.catalog.readers(source.name)) or "none"),
            ("Written by", ", ".join(writers) or "none"),
        ]
        for query_id in writers:
            if query_id in running:
                facts += [(f"{query_id} {name}", str(count)) for name, count in running[query_id].counters.items()]
    return Description("sourceDescription", source.name, tuple(columns), tuple(facts), statement=statement.text)


def _role(source: Source, name: str) -> str:
    column = source.schema.find(name)
    assert column is not None
    if column.namespace is Namespace.KEY:
        return "(primary key)" if source.is_table else "(key)"
    if column.namespace is Namespace.HEADERS:
        return "(headers)" if column.header_key is None else f"(header('{column.header_key}'))"
    return ""


def _mark(source: Source, name: str) -> str:
    return f"{name} {_role(source, name)}".strip()


def _function(session: "Session", name: str, statement: Describe) -> Description:
    described = session.registry.describe(name)
    facts = [("Type", described.kind), ("Category", described.category), ("Overview", described.description)]
    facts += [("Variation", str(v)) for v in described.variations]
    return Description("describe_function", described.name, (), tuple(facts), statement=statement.text)
