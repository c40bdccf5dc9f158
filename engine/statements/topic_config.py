"""What WITH properties say of the topic behind a source: retention, partitions, replicas."""

from headrace.engine.catalog.source import Source
from headrace.engine.catalog.with_clause import WithClause
from headrace.engine.services import Topic
from headrace.parser.errors import SqlError


def retention_config(clause: WithClause, source: Source, *, window_ms: int | None = None) -> dict[str, str]:
    """`retention.ms` of the topic: RETENTION_MS, at least what the windows of the query need. Raises SqlError for tables without windows."""
    given = clause.number("RETENTION_MS")
    if given is not None and source.is_table and source.window is None:
        raise SqlError(
            "Invalid config variable in the WITH clause: RETENTION_MS. Non-windowed tables do not support retention.",
            span=clause.span("RETENTION_MS"),
            hint="a table keeps the last row of every key",
        )
    longest = max((ms for ms in (given, window_ms) if ms is not None), default=None)
    return {} if longest is None else {"retention.ms": str(longest)}


def check_counts(clause: WithClause) -> None:
    """Raise SqlError for counts below 1."""
    for name in ("PARTITIONS", "REPLICAS"):
        given = clause.number(name)
        if given is not None and given < 1:
            raise SqlError(f"{name} must be at least 1.", span=clause.span(name))


def check_existing(clause: WithClause, existing: Topic, *, partitions: int | None) -> None:
    """Raise SqlError where PARTITIONS or REPLICAS differ from those of the topic that is there."""
    replicas = clause.number("REPLICAS")
    wanted, found = [], []
    if clause.has("PARTITIONS") and existing.partitions != clause.number("PARTITIONS"):
        wanted.append(f"{partitions} partitions")
        found.append(f"topic has {existing.partitions}")
    if replicas is not None and existing.replicas != replicas:
        wanted.append(f"{replicas} replication factor")
        found.append(f"topic has {existing.replicas}")
    if wanted:
        raise SqlError(
            f"A Kafka topic with the name '{existing.name}' already exists, with different partition/replica configuration than required. "
            f"KSQL expects {' and '.join(wanted)} ({' and '.join(found)}).",
            span=clause.span("PARTITIONS") or clause.span("REPLICAS"),
            hint="leave them out or name another topic",
        )
