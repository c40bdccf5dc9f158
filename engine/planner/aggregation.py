"""GROUP BY: grouping keys, aggregate calls, and the projection over groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headrace.engine.analysis.text import expression_text
from headrace.engine.catalog.source import Source
from headrace.engine.codegen.operators.aggregate import AggregateCall
from headrace.engine.codegen.operators.rows import Named
from headrace.engine.plan.logical import AggregateStep, Filter, GroupBy, ReadSource, Select, Step
from headrace.engine.planner.groups import Groups
from headrace.engine.planner.names import ColumnNames, SourceNames, refuse_bounds, uses
from headrace.engine.planner.planned import PlannedQuery, check_key_type, check_typed, result_schema
from headrace.engine.planner.projection import Item, KeyRule, check_names, listed, name_items, qualified
from headrace.engine.planner.windows import plan_window, windowed_key
from headrace.engine.types.schema import WINDOW_BOUNDS
from headrace.engine.types.sqltype import BIGINT
from headrace.parser.errors import SqlError
from headrace.parser.expressions import ColumnRef, Dereference, Expression, FunctionCall
from headrace.parser.format import format_expression
from headrace.parser.statements import Query, SelectItem

if TYPE_CHECKING:
    from headrace.engine.planner.query import QueryPlanner


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a GROUP BY query is planned from."""

    query: Query
    names: SourceNames
    read: ReadSource
    target: str | None


def plan_aggregation(planner: "QueryPlanner", grouping: Grouping, steps: Step) -> PlannedQuery:
    """Plan the steps from GROUP BY to the projection; raises SqlError."""
    query, names, source = grouping.query, grouping.names, grouping.read.source
    window = plan_window(query.window, final=query.emit == "FINAL") if query.window is not None else None
    bounds = tuple(WINDOW_BOUNDS) if window is not None else ()
    items = _items(planner, query, names, bounds)
    check_names(items, persistent=grouping.target is not None)
    keys = _keys(planner, grouping, items)
    having = names.qualify(query.having, "HAVING", extra=bounds) if query.having is not None else None
    if having is not None:
        refuse_bounds(having)
    groups = Groups(planner, names, keys)
    for expression in (*(i.expression for i in items), *((having,) if having is not None else ())):
        groups.collect(expression)
    types = {**names.columns, **(dict.fromkeys(WINDOW_BOUNDS, BIGINT) if window is not None else {})}
    selected = tuple(
        Named(
            i.name, planner.bind(i.expression, types, "SELECT", replace=groups.columns), format_expression(i.expression)
        )
        for i in items
    )
    for named, item in zip(selected, items, strict=True):
        check_typed(named.bound.type, item.expression)
    _check_clauses(groups, items, query)
    _check_state(groups.calls, source)
    if source.is_table:
        _check_undo(groups.calls, query)
    aggregate: Step = AggregateStep(GroupBy(steps, tuple(k for k, _ in keys)), tuple(groups.calls), window)
    if having is not None:
        groups.check_having(having)
        aggregate = Filter(aggregate, *planner.condition(having, types, "HAVING", replace=groups.columns), "HAVING")
    rule = KeyRule(tuple(items), tuple(e for _, e in keys), "grouping expression")
    schema = result_schema(selected, rule.names())
    windowed = windowed_key(window) if window is not None else None
    repartitions = [e for _, e in keys] != [ColumnRef(c.name) for c in source.schema.key]
    return PlannedQuery(
        Select(aggregate, selected, tuple(rule.names())), schema, grouping.read, True, windowed,
        retention_ms=window.retention_ms if window and query.window and query.window.retention else None, repartitions=repartitions,
        key_rule=rule,
    )  # fmt: skip


def _items(planner: "QueryPlanner", query: Query, names: SourceNames, bounds: Sequence[str]) -> list[Item]:
    written: list[SelectItem] = []
    for item in planner.expand(query.items, names, extra=bounds):
        if isinstance(item, SelectItem):
            written.append(item)
        else:
            names.check_star(item)
            written += [SelectItem(ColumnRef(c.name, span=item.span), None) for c in names.source.schema]
    return name_items(written, ColumnNames([*names.columns, *(i.alias for i in written if i.alias)]))


def _keys(planner: "QueryPlanner", grouping: Grouping, items: Sequence[Item]) -> list[tuple[Named, Expression]]:
    column_names = ColumnNames([*grouping.names.columns, *(i.name for i in items)])
    keys: list[tuple[Named, Expression]] = []
    for written in grouping.query.group_by:
        refuse_bounds(written)
        expression = grouping.names.qualify(written, "GROUP BY")
        _refuse_aggregates(planner, expression, "GROUP BY")
        if any(e == expression for _, e in keys):
            text = expression_text(qualified(expression, grouping.names.alias))
            raise SqlError(f"Duplicate GROUP BY expression: {text}", span=written.span, hint="write it once")
        bound = planner.bind(expression, grouping.names.columns, "GROUP BY")
        selected = next((i.name for i in items if i.expression == expression), None)
        own = (
            expression.name
            if isinstance(expression, ColumnRef)
            else expression.field_name
            if isinstance(expression, Dereference)
            else None
        )
        name = selected or own or column_names.generate()
        check_key_type(name, bound.type, expression)
        keys.append((Named(name, bound, format_expression(expression)), expression))
    return keys


def _check_clauses(groups: Groups, items: Sequence[Item], query: Query) -> None:
    """A query with GROUP BY aggregates, one that aggregates groups, and shows nothing else."""
    if query.group_by and not groups.calls:
        raise SqlError(
            "GROUP BY requires aggregate functions in either the SELECT or HAVING clause.", span=query.group_by[0].span
        )
    groups.check_selected([i.expression for i in items])
    if not query.group_by:
        raise SqlError(
            "Use of aggregate functions requires a GROUP BY clause.",
            span=query.span,
            hint="GROUP BY the columns that are not aggregated",
        )


def _refuse_aggregates(planner: "QueryPlanner", expression: Expression, clause: str) -> None:
    found = uses(expression, lambda e: isinstance(e, FunctionCall) and planner.registry.is_aggregate(e.name))
    if isinstance(found, FunctionCall):
        raise SqlError(
            f"{clause} does not support aggregate functions: {found.name} is an aggregate function.", span=found.span
        )


def _check_undo(calls: Sequence[AggregateCall], query: Query) -> None:
    """Rows of a table change, so that what they gave must be taken back."""
    without = list(dict.fromkeys(c.aggregate.name for c in calls if not c.aggregate.supports_tables))
    if without:
        plural = "s" if len(without) > 1 else ""
        raise SqlError(
            f"The aggregation function{plural} {listed(without)} cannot be applied to a table source, only to a stream source.",
            span=query.span,
            hint="group the stream that the table is made from",
        )


def _check_state(calls: Sequence[AggregateCall], source: Source) -> None:
    """ksqlDB keeps states in the value format of the source."""
    if source.value_format.name == "DELIMITED" and any(c.aggregate.has_nested_state for c in calls):
        raise SqlError(
            "One of the functions used in the statement has an intermediate type that the value format can not handle. "
            "Please remove the function or change the format.",
            hint=f'"{source.name}" is DELIMITED; a copy of it in JSON can be grouped',
        )
