"""GROUP BY: grouping keys, aggregate calls, and the projection over groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headrace.engine.analysis.bound import Cast
from headrace.engine.catalog.source import WindowedKey
from headrace.engine.codegen.operators.aggregate import AggregateCall, TumblingWindow
from headrace.engine.codegen.operators.rows import Named
from headrace.engine.plan.logical import AggregateStep, Filter, GroupBy, ReadSource, Select, Step
from headrace.engine.planner.names import ColumnNames, SourceNames, uses
from headrace.engine.planner.planned import PlannedQuery, check_key_type, result_schema
from headrace.engine.planner.projection import Item, check_names, find_keys, name_items
from headrace.engine.types.schema import WINDOW_BOUNDS
from headrace.engine.types.sqltype import BIGINT, SqlType
from headrace.parser.errors import SqlError
from headrace.parser.expressions import (
    BooleanLiteral,
    ColumnRef,
    Dereference,
    DoubleLiteral,
    Expression,
    FunctionCall,
    IntegerLiteral,
    NullLiteral,
    StringLiteral,
)
from headrace.parser.format import format_expression
from headrace.parser.statements import AllColumns, Query, SelectItem, StructAll, Window
from headrace.parser.walk import rewrite

if TYPE_CHECKING:
    from headrace.engine.planner.query import QueryPlanner

DAY_MS = 86_400_000
"""Default size + grace, and default retention, of a window (language inventory §8.4)."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a GROUP BY query is planned from."""

    query: Query
    names: SourceNames
    read: ReadSource
    target: str | None


def plan_aggregation(planner: "QueryPlanner", grouping: Grouping, steps: Step) -> PlannedQuery:
    """Plan the steps from GROUP BY to the projection; raises SqlError."""
    query, names = grouping.query, grouping.names
    window = plan_window(query.window) if query.window is not None else None
    bounds = tuple(WINDOW_BOUNDS) if window is not None else ()
    items = _items(query, names, bounds)
    keys = _keys(planner, grouping, items)
    calls = _Calls(planner, names, [(k.name, e) for k, e in keys])
    selected_items = [Item(calls.lift(i.expression), i.name, i.aliased) for i in items]
    having = calls.lift(names.qualify(query.having, "HAVING", extra=bounds)) if query.having is not None else None
    if not calls.calls:
        raise SqlError(
            "GROUP BY requires aggregate functions in either the SELECT or HAVING clause.",
            span=query.group_by[0].span if query.group_by else query.span,
        )
    check_names(items, persistent=grouping.target is not None)
    types = calls.types(window)
    for item in selected_items:
        _check_grouped(item.expression, types, names)
    if not query.group_by:
        raise SqlError(
            "Use of aggregate functions requires a GROUP BY clause.",
            span=query.span,
            hint="GROUP BY the columns that are not aggregated",
        )
    group = GroupBy(steps, tuple(k for k, _ in keys))
    aggregate: Step = AggregateStep(group, tuple(calls.calls), window)
    if having is not None:
        _check_having(having)
        aggregate = Filter(aggregate, *planner.condition(having, types, "HAVING"), "HAVING")
    key_names = find_keys(items, [e for _, e in keys], target=grouping.target, partitioning="grouping expression")
    selected = tuple(
        Named(i.name, planner.bind(i.expression, types, "SELECT"), format_expression(items[n].expression))
        for n, i in enumerate(selected_items)
    )
    schema = result_schema(selected, key_names)
    if grouping.target is not None and not schema.value:
        raise SqlError("The projection contains no value columns.", span=query.span)
    windowed = WindowedKey("TUMBLING", window.size_ms) if window is not None else None
    repartitions = [e for _, e in keys] != [ColumnRef(c.name) for c in grouping.read.source.schema.key]
    return PlannedQuery(
        Select(aggregate, selected, tuple(key_names)), schema, grouping.read, True, windowed,
        retention_ms=window.retention_ms if window and query.window and query.window.retention else None, repartitions=repartitions,
    )  # fmt: skip


def plan_window(window: Window) -> TumblingWindow:
    """Sizes in milliseconds with their defaults: grace max(24 h - size, 0), retention at least size + grace."""
    if window.kind != "TUMBLING":
        raise SqlError(
            f"{window.kind} windows are not supported yet.",
            span=window.span,
            hint="TUMBLING windows are",
            kind="unsupported",
        )
    size = window.size.milliseconds
    if size <= 0:
        raise SqlError("The size of a window must be positive.", span=window.span)
    grace = window.grace.milliseconds if window.grace is not None else max(DAY_MS - size, 0)
    retention = window.retention.milliseconds if window.retention is not None else max(DAY_MS, size + grace)
    if retention < size + grace:
        if window.grace is not None:
            raise SqlError(
                f"The retention of a window ({retention} ms) must be at least its size plus grace period ({size + grace} ms).",
                span=window.span, hint="raise RETENTION or lower GRACE PERIOD",
            )  # fmt: skip
        grace = max(retention - size, 0)
    return TumblingWindow(size, grace, max(retention, size))


def _items(query: Query, names: SourceNames, bounds: Sequence[str]) -> list[Item]:
    written: list[SelectItem] = []
    for item in query.items:
        match item:
            case SelectItem(expression, alias):
                written.append(SelectItem(names.qualify(expression, "SELECT", extra=bounds), alias, span=item.span))
            case AllColumns():
                written += [SelectItem(ColumnRef(c.name), None) for c in names.source.schema]
            case StructAll(expression):
                raise SqlError('"->*" is not supported with GROUP BY.', span=expression.span)
    return name_items(written, ColumnNames([*names.columns, *(i.alias for i in written if i.alias)]))


def _keys(planner: "QueryPlanner", grouping: Grouping, items: Sequence[Item]) -> list[tuple[Named, Expression]]:
    column_names = ColumnNames([*grouping.names.columns, *(i.name for i in items)])
    keys: list[tuple[Named, Expression]] = []
    for written in grouping.query.group_by:
        _refuse_bounds(written)
        expression = grouping.names.qualify(written, "GROUP BY")
        _refuse_aggregates(planner, expression, "GROUP BY")
        if any(e == expression for _, e in keys):
            raise SqlError("GROUP BY contains the same expression twice.", span=written.span)
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


def _refuse_bounds(expression: Expression) -> None:
    found = uses(expression, lambda e: isinstance(e, ColumnRef) and e.name in WINDOW_BOUNDS)
    if isinstance(found, ColumnRef):
        raise SqlError(
            f"Window bounds column {found.name} can only be used in the SELECT clause of windowed aggregations",
            span=found.span,
        )


def _refuse_aggregates(planner: "QueryPlanner", expression: Expression, clause: str) -> None:
    found = uses(expression, lambda e: isinstance(e, FunctionCall) and planner.registry.is_aggregate(e.name))
    if isinstance(found, FunctionCall):
        raise SqlError(
            f"{clause} does not support aggregate functions: {found.name} is an aggregate function.", span=found.span
        )


def _check_having(having: Expression) -> None:
    _refuse_bounds(having)


def _check_grouped(expression: Expression, types: dict[str, SqlType], names: SourceNames) -> None:
    found = uses(
        expression,
        lambda e: isinstance(e, ColumnRef) and e.source is None and e.name not in types and e.name in names.columns,
    )
    if found is not None:
        raise SqlError(
            f"Non-aggregate SELECT expression(s) not part of GROUP BY: {format_expression(found)}",
            span=found.span, hint="add the column to the GROUP BY or remove it from the SELECT",
        )  # fmt: skip


class _Calls:
    """Collects the aggregate calls of a query; in what it lifts, calls and grouping expressions become columns."""

    def __init__(self, planner: "QueryPlanner", names: SourceNames, keys: Sequence[tuple[str, Expression]]) -> None:
        self._planner = planner
        self._names = names
        self._keys = {expression: name for name, expression in keys}
        self._by_text: dict[Expression, str] = {}
        self.calls: list[AggregateCall] = []

    def lift(self, expression: Expression) -> Expression:
        """The expression over the columns of groups."""
        return rewrite(expression, self._rule)

    def types(self, window: TumblingWindow | None) -> dict[str, SqlType]:
        """The columns of groups: keys, results, ROWTIME, window bounds."""
        found = {name: self._planner.bind(e, self._names.columns, "GROUP BY").type for e, name in self._keys.items()}
        found |= {call.name: call.aggregate.result for call in self.calls}
        return found | (dict.fromkeys(WINDOW_BOUNDS, BIGINT) if window is not None else {})

    def _rule(self, part: Expression) -> Expression | None:
        if part in self._keys:
            return ColumnRef(self._keys[part], span=part.span)
        if isinstance(part, FunctionCall) and self._planner.registry.is_aggregate(part.name):
            return ColumnRef(self._call(part), span=part.span)
        return None

    def _call(self, call: FunctionCall) -> str:
        if call in self._by_text:
            return self._by_text[call]
        for argument in call.arguments:
            _refuse_bounds(argument)
            nested = uses(
                argument, lambda e: isinstance(e, FunctionCall) and self._planner.registry.is_aggregate(e.name)
            )
            if isinstance(nested, FunctionCall):
                raise SqlError(f"Aggregate functions can not be nested: {call.name}({nested.name}())", span=nested.span)
        registry = self._planner.registry
        star = call.star or not call.arguments
        written = (ColumnRef("ROWTIME"),) if star else call.arguments
        columns = 1 if star else registry.column_count(call.name, len(written))
        bound = [self._planner.bind(a, self._names.columns, "SELECT") for a in written[:columns]]
        aggregate = registry.aggregate(
            call.name,
            [b.type for b in bound],
            star=star,
            constants=tuple(_constant(a) for a in written[columns:]),
            properties=self._planner.settings.overrides,
            span=call.span,
        )
        wanted = aggregate.arguments
        bound = (
            [b if b.type == t else Cast(t, b, contained=True) for b, t in zip(bound, wanted, strict=True)]
            if wanted
            else []
        )
        name = f"KSQL_AGG_VARIABLE_{len(self.calls)}"
        self.calls.append(AggregateCall(name, aggregate, bound, format_expression(call)))
        self._by_text[call] = name
        return name


def _constant(expression: Expression) -> object:
    match expression:
        case IntegerLiteral(value) | StringLiteral(value) | BooleanLiteral(value) | DoubleLiteral(value):
            return value
        case NullLiteral():
            return None
        case _:
            raise SqlError(
                "A constant is needed here.", span=expression.span, hint="write a literal", kind="invalid argument"
            )
