"""SHOW and LIST: what there is."""

from typing import TYPE_CHECKING

from headrace.engine.config import PROPERTIES
from headrace.engine.results import Listing
from headrace.engine.statements.describe import extended_sources
from headrace.engine.statements.dispatch import handles
from headrace.parser.errors import SqlError
from headrace.parser.statements import Show

if TYPE_CHECKING:
    from headrace.engine.session import Session

INTERNAL = ("_confluent", "__")
"""How the names of internal topics begin; SHOW ALL TOPICS lists them too."""


@handles(Show)
def show(session: "Session", statement: Show) -> Listing:
    """List one kind of thing."""
    if statement.extended and statement.what in ("STREAMS", "TABLES"):
        return extended_sources(session, statement.what[:-1], statement.text)
    makers = {
        "STREAMS": _sources,
        "TABLES": _sources,
        "TOPICS": _topics,
        "QUERIES": _queries,
        "PROPERTIES": _properties,
        "FUNCTIONS": _functions,
        "TYPES": _types,
        "VARIABLES": _variables,
    }
    maker = makers.get(statement.what)
    if maker is None:
        raise SqlError(
            f"SHOW {statement.what} is not supported yet.",
            span=statement.span,
            hint="connectors come with a later version",
            kind="unsupported",
        )
    return maker(session, statement)


def _sources(session: "Session", statement: Show) -> Listing:
    kind = statement.what[:-1]
    rows = tuple(
        (s.name, s.topic, s.key_format.name, s.value_format.name, s.window is not None)
        for s in sorted(session.catalog.sources.values(), key=lambda s: s.name)
        if s.kind == kind
    )
    columns = (f"{kind.capitalize()} Name", "Kafka Topic", "Key Format", "Value Format", "Windowed")
    return Listing(statement.what.lower(), columns, rows, statement=statement.text)


def _topics(session: "Session", statement: Show) -> Listing:
    rows = tuple(
        (t.name, t.partitions, t.replicas)
        for t in session.services.topics.all()
        if statement.all or not t.name.startswith(INTERNAL)
    )
    return Listing("kafka_topics", ("Kafka Topic", "Partitions", "Partition Replicas"), rows, statement=statement.text)


def _queries(session: "Session", statement: Show) -> Listing:
    rows = tuple(
        (
            q.id,
            "PUSH" if q.push else "PERSISTENT",
            q.state,
            q.sink or "",
            q.sink_topic or "",
            " ".join(q.sql.split()),
            q.errors[-1][1] if q.errors else "",
        )
        for q in session.services.queries.all()
    )
    columns = ("Query ID", "Query Type", "Status", "Sink Name", "Sink Kafka Topic", "Query String", "Last Error")
    if statement.extended:
        counters = {q.id: q.counters for q in session.services.queries.all()}
        extended = tuple((*r, ", ".join(f"{n}={c}" for n, c in counters[r[0]].items())) for r in rows)
        return Listing("queries", (*columns, "Counters"), extended, statement=statement.text)
    return Listing("queries", columns, rows, statement=statement.text)


def _properties(session: "Session", statement: Show) -> Listing:
    rows = []
    for name in sorted({*PROPERTIES, *session.properties}):
        override = session.properties.get(name)
        default = PROPERTIES[name].default if name in PROPERTIES else ""
        rows.append(
            (
                name,
                "SESSION" if override is not None else "",
                override if override is not None else default,
                PROPERTIES[name].meaning if name in PROPERTIES else "",
            )
        )
    return Listing(
        "properties", ("Property", "Override", "Effective Value", "Meaning"), tuple(rows), statement=statement.text
    )


def _functions(session: "Session", statement: Show) -> Listing:
    rows = []
    for name in session.registry.names():
        described = session.registry.describe(name)
        rows.append((name, described.kind, described.category, described.description))
    return Listing(
        "function_names", ("Function Name", "Type", "Category", "Description"), tuple(rows), statement=statement.text
    )


def _types(session: "Session", statement: Show) -> Listing:
    rows = tuple((name, str(type)) for name, type in sorted(session.catalog.types.items()))
    return Listing("type_list", ("Type Name", "Schema"), rows, statement=statement.text)


def _variables(session: "Session", statement: Show) -> Listing:
    return Listing(
        "variables", ("Variable Name", "Value"), tuple(sorted(session.variables.items())), statement=statement.text
    )
