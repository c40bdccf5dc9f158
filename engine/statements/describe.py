"""DESCRIBE of a source or a function."""

from typing import TYPE_CHECKING

from headrace.engine.catalog.source import SideFormat, Source
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
    if statement.extended:
        return extended_sources(session, kind, statement.text)
    rows = tuple((s.name, _mark(s, c.name), str(c.type)) for s in _all(session, kind) for c in s.schema)
    return Listing("source_descriptions", ("Name", "Field", "Type"), rows, statement=statement.text)


def extended_sources(session: "Session", kind: str, text: str) -> Listing:
    """What DESCRIBE EXTENDED says of every stream or table."""
    rows = []
    for source in _all(session, kind):
        rows += [(source.name, f"Field {name}", type) for name, type in _columns(source)]
        rows += [(source.name, fact, value) for fact, value in _facts(session, source)]
    return Listing("source_descriptions", ("Name", "What", "Value"), tuple(rows), statement=text)


def _all(session: "Session", kind: str) -> list[Source]:
    return sorted((s for s in session.catalog.sources.values() if s.kind == kind), key=lambda s: s.name)


def _source(session: "Session", source: Source, statement: Describe) -> Description:
    facts = _facts(session, source) if statement.extended else []
    return Description(
        "sourceDescription", source.name, tuple(_columns(source)), tuple(facts), statement=statement.text
    )


def _columns(source: Source) -> list[tuple[str, str]]:
    columns = [(c.name, f"{c.type} {_role(source, c.name)}".strip()) for c in source.schema]
    if source.window is not None:
        columns += [("WINDOWSTART", "BIGINT (window)"), ("WINDOWEND", "BIGINT (window)")]
    return columns


def _facts(session: "Session", source: Source) -> list[tuple[str, str]]:
    readers, writers = session.catalog.readers(source.name), session.catalog.writers(source.name)
    facts = [
        ("Type", source.kind + (" (read-only)" if source.read_only else "")),
        ("Timestamp field", _timestamp(source)),
        ("Key format", _format(source.key_format)),
        ("Value format", _format(source.value_format)),
        ("Window", f"{source.window.type} {source.window.size_ms or ''}".strip() if source.window else "none"),
        ("Kafka topic", _topic(session, source)),
        ("Statement", source.sql),
        ("Read by", ", ".join(readers) or "none"),
        ("Written by", ", ".join(writers) or "none"),
    ]
    held = [q for q in (*readers, *writers) if q != source.query_id]
    facts.append(("Drop constraints", f"TERMINATE {', '.join(held)} first" if held else "none"))
    running = {q.id: q for q in session.services.queries.all()}
    for query_id in (q for q in writers if q in running):
        status = running[query_id]
        facts.append((f"{query_id} state", status.state))
        facts += [(f"{query_id} {name}", str(count)) for name, count in status.counters.items()]
    return facts


def _timestamp(source: Source) -> str:
    if source.timestamp is None:
        return "the record's own"
    return source.timestamp.column + (f" ({source.timestamp.format})" if source.timestamp.format else "")


def _format(side: SideFormat) -> str:
    options = [f"delimiter {side.properties['DELIMITER']!r}"] if "DELIMITER" in side.properties else []
    options += ["single value bare"] if side.wrap is False else ["single value wrapped"] if side.wrap else []
    return f"{side.name} ({', '.join(options)})" if options else side.name


def _topic(session: "Session", source: Source) -> str:
    topic = session.services.topics.describe(source.topic)
    if topic is None:
        return f"{source.topic} (missing)"
    retention = topic.config.get("retention.ms")
    kept = f", retention: {retention} ms" if retention else ""
    return f"{source.topic} (partitions: {topic.partitions}, replication: {topic.replicas}{kept})"


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
    described = session.registry.describe(name, span=statement.span)
    facts = [("Type", described.kind), ("Category", described.category), ("Overview", described.description)]
    for variation in described.variations:
        facts.append(("Variation", f"{variation.signature} -> {variation.result}"))
        if variation.description != described.description:
            facts.append(("Description", variation.description))
        facts += [("Example", f"{sql} = {result}") for sql, result in variation.examples]
    return Description("describe_function", described.name, (), tuple(facts), statement=statement.text)
