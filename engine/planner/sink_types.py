"""Whether a query fits the stream it is inserted into: same columns by position and name, types equal or widened."""

from dataclasses import replace

from headrace.engine.analysis.bound import Cast
from headrace.engine.catalog.source import Source
from headrace.engine.codegen.operators.rows import Named
from headrace.engine.plan.logical import Select
from headrace.engine.planner.planned import PlannedQuery, result_schema
from headrace.engine.types.schema import Column
from headrace.engine.types.sqltype import BIGINT, DOUBLE, INTEGER, Decimal, SqlType
from headrace.parser.errors import SqlError
from headrace.parser.statements import InsertSelect


def fit_to_sink(planned: PlannedQuery, sink: Source, statement: InsertSelect) -> PlannedQuery:
    """The plan with its columns named and typed as the sink's; raises SqlError where they do not fit."""
    select = planned.steps
    assert isinstance(select, Select)
    mine, theirs = planned.schema, sink.schema
    for given, wanted in ((mine.key, theirs.key), (mine.value, theirs.value)):
        if len(given) != len(wanted) or not all(_fits(g, w) for g, w in zip(given, wanted, strict=True)):
            raise SqlError(
                f"Incompatible schema between results and sink.\nResult schema is {mine}\nSink schema is {theirs}",
                span=statement.query.span or statement.span, hint="select the columns of the sink, in its order", kind="type mismatch",
            )  # fmt: skip
    wanted_types = {c.name: c.type for c in theirs}
    items = tuple(_converted(i, wanted_types[i.name]) for i in select.items)
    schema = result_schema(items, select.keys)
    return replace(planned, steps=replace(select, items=items), schema=schema)


def _fits(given: Column, wanted: Column) -> bool:
    return given.name == wanted.name and (given.type == wanted.type or _widens(given.type, wanted.type))


def _widens(given: SqlType, wanted: SqlType) -> bool:
    if wanted == BIGINT:
        return given == INTEGER
    if wanted == DOUBLE:
        return given in (INTEGER, BIGINT) or isinstance(given, Decimal)
    if isinstance(wanted, Decimal):
        whole = wanted.precision - wanted.scale
        if given in (INTEGER, BIGINT):
            return whole >= (10 if given == INTEGER else 19)
        return isinstance(given, Decimal) and given.scale <= wanted.scale and given.precision - given.scale <= whole
    return False


def _converted(item: Named, wanted: SqlType) -> Named:
    return item if item.bound.type == wanted else replace(item, bound=Cast(wanted, item.bound, contained=True))
