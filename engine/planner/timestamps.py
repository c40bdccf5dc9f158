"""The TIMESTAMP property: which column holds event time, and whether it can."""

from headrace.engine.catalog.source import TimestampColumn
from headrace.engine.catalog.with_clause import WithClause
from headrace.engine.functions.errors import FunctionError
from headrace.engine.functions.java_time.formatter import timestamp_parser
from headrace.engine.types.schema import Schema
from headrace.engine.types.sqltype import BIGINT, STRING, TIMESTAMP
from headrace.parser.errors import SqlError


def timestamp_column(clause: WithClause, schema: Schema) -> TimestampColumn | None:
    """The event-time column of a WITH clause, checked against the schema; raises SqlError."""
    written = clause.text("TIMESTAMP")
    pattern = clause.text("TIMESTAMP_FORMAT")
    if written is None:
        return None
    span = clause.span("TIMESTAMP")
    name = written[1:-1] if written[:1] in ("`", '"') else written.upper()
    column = schema.find(name)
    if column is None:
        existing = ", ".join(c.name for c in schema)
        raise SqlError(
            f"The TIMESTAMP column set in the WITH clause does not exist in the schema: '{name}'",
            span=span,
            hint=f"existing columns: {existing}",
            kind="unknown column",
        )
    if (column.type == STRING and pattern is None) or column.type not in (STRING, BIGINT, TIMESTAMP):
        raise SqlError(
            f"Timestamp column, `{name}`, should be LONG(INT64), TIMESTAMP, or a String with a timestamp_format specified",
            span=span, hint=f"it is {column.type}", kind="type mismatch",
        )  # fmt: skip
    if pattern is not None and column.type != STRING:
        raise SqlError(
            f"A TIMESTAMP_FORMAT is set, but column `{name}` is {column.type}.",
            span=clause.span("TIMESTAMP_FORMAT"),
            hint="leave TIMESTAMP_FORMAT out",
        )
    if pattern is not None:
        try:
            timestamp_parser(pattern)
        except FunctionError as error:
            raise SqlError(
                f"Invalid date format: {pattern}", span=clause.span("TIMESTAMP_FORMAT"), hint=str(error)
            ) from error
    return TimestampColumn(name, pattern)
