"""A planned query before its sink, and the rules its result keeps."""

from collections.abc import Sequence
from dataclasses import dataclass

from headrace.engine.analysis.bound import NULL
from headrace.engine.catalog.source import Source, WindowedKey
from headrace.engine.codegen.operators.rows import Named
from headrace.engine.plan.logical import ReadSource, Step
from headrace.engine.planner.projection import KeyRule
from headrace.engine.types.schema import Column, Namespace, Schema
from headrace.engine.types.sqltype import Array, Map, SqlType, Struct
from headrace.parser.errors import Span, SqlError
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
    key_rule: KeyRule | None = None

    def check_sink(self, target: str) -> None:
        """Raise SqlError unless the columns are enough for a sink: every key column once, and a value (a push query needs neither)."""
        if self.key_rule is not None:
            self.key_rule.check(target)
        if not self.schema.value:
            raise SqlError(
                "The projection contains no value columns.",
                hint="use AS_VALUE(key) to copy a key column into the value",
            )


def result_schema(items: Sequence[Named], keys: Sequence[str]) -> Schema:
    """Key columns in key order, then the others as selected."""
    by_name = {i.name: i for i in items}
    key = [Column(k, by_name[k].bound.type, Namespace.KEY) for k in keys]
    return Schema((*key, *(Column(i.name, i.bound.type) for i in items if i.name not in keys)))


def check_typed(kind: SqlType, expression: Expression) -> None:
    """Raise SqlError for a selected NULL, which has no type."""
    if kind == NULL:
        raise SqlError(
            "Can't infer a type of null. Please explicitly cast it to a required type, e.g. CAST(null AS VARCHAR).",
            span=expression.span,
            kind="type mismatch",
        )


def check_key_type(name: str, kind: SqlType, expression: Expression | None = None) -> None:
    """Raise SqlError where a key column holds a MAP at any depth."""
    if _holds_map(kind):
        raise SqlError(
            "Map keys, including types that contain maps, are not supported as they may lead to unexpected behavior due to inconsistent serialization. "
            f"Key column name: `{name}`. Column type: {kind}. See https://github.com/confluentinc/ksql/issues/6621 for more.",
            span=expression.span if expression else None,
            hint="use a column of another type as the key",
        )


def check_value_formats(sources: Sequence[Source], clause: str, span: Span | None) -> None:
    """Raise SqlError where a source that is grouped or joined has KAFKA values, which ksqlDB cannot keep in state."""
    names = [s.name for s in sources if s.value_format.name == "KAFKA"]
    if names:
        raise SqlError(
            f"Source(s) {', '.join(names)} are using the 'KAFKA' value format. This format does not yet support {clause}.",
            span=span,
            hint="copy it to a stream of another VALUE_FORMAT first",
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
