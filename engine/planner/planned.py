"""A planned query before its sink, and the rules its result keeps."""

from collections.abc import Sequence
from dataclasses import dataclass

from headrace.engine.analysis.bound import NULL
from headrace.engine.catalog.source import WindowedKey
from headrace.engine.codegen.operators.rows import Named
from headrace.engine.plan.logical import ReadSource, Step
from headrace.engine.types.schema import Column, Namespace, Schema
from headrace.engine.types.sqltype import Array, Map, SqlType, Struct
from headrace.parser.errors import SqlError
from headrace.parser.expressions import Expression


@dataclass(frozen=True, slots=True)
class PlannedQuery:
    """The steps of a query before its sink, and what they give."""

    steps: Step
    schema: Schema
    read: ReadSource
    is_table: bool
    window: WindowedKey | None = None
    retention_ms: int | None = None
    repartitions: bool = False


def result_schema(items: Sequence[Named], keys: Sequence[str]) -> Schema:
    """Key columns in key order, then the others as selected."""
    for item in items:
        if item.bound.type == NULL:
            raise SqlError(
                "Can't infer a type of null. Please explicitly cast it to a required type, e.g. CAST(null AS VARCHAR).",
                kind="type mismatch",
            )
    by_name = {i.name: i for i in items}
    key = [Column(k, by_name[k].bound.type, Namespace.KEY) for k in keys]
    return Schema((*key, *(Column(i.name, i.bound.type) for i in items if i.name not in keys)))


def check_key_type(name: str, kind: SqlType, expression: Expression | None = None) -> None:
    """Raise SqlError where a key column holds a MAP at any depth."""
    if _holds_map(kind):
        raise SqlError(
            "Map keys, including types that contain maps, are not supported as they may lead to unexpected behavior due to inconsistent serialization. "
            f"Key column name: `{name}`. Column type: {kind}.",
            span=expression.span if expression else None,
            hint="use a column of another type as the key",
        )


def _holds_map(kind: SqlType) -> bool:
    match kind:
        case Map():
            return True
        case Array(item):
            return _holds_map(item)
        case Struct(fields):
            return any(_holds_map(t) for _, t in fields)
        case _:
            return False
