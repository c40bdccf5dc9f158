"""A SELECT becomes logical steps: source, WHERE, table functions, PARTITION BY or GROUP BY, HAVING, projection.

The law: what ksqlDB refuses is refused here, with its facts in the message; what is not built yet is refused by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from headrace.engine.analysis.binder import bind
from headrace.engine.analysis.bound import Bound
from headrace.engine.analysis.scope import Scope
from headrace.engine.analysis.text import expression_text
from headrace.engine.catalog.catalog import Catalog
from headrace.engine.codegen.operators.rows import Named
from headrace.engine.config import Settings
from headrace.engine.functions.registry import FunctionRegistry
from headrace.engine.plan.logical import Explode, Filter, ReadSource, Select, SelectKey, Step
from headrace.engine.planner.aggregation import Grouping, plan_aggregation
from headrace.engine.planner.names import ColumnNames, SourceNames, check_readable, check_source_name, uses
from headrace.engine.planner.planned import (
    PlannedQuery,
    check_key_type,
    check_typed,
    check_value_formats,
    result_schema,
)
from headrace.engine.planner.projection import Item, KeyRule, check_names, name_items, starred, struct_fields
from headrace.engine.types.schema import WINDOW_BOUNDS
from headrace.engine.types.sqltype import BOOLEAN, Array, SqlType, Struct
from headrace.parser.errors import SqlError
from headrace.parser.expressions import Case, ColumnRef, Dereference, Expression, FunctionCall, NullLiteral
from headrace.parser.format import format_expression
from headrace.parser.statements import AliasedSource, AllColumns, Query, SelectItem, StructAll
from headrace.parser.walk import rewrite


class QueryPlanner:
    """Plans queries on one catalog snapshot."""

    def __init__(self, catalog: Catalog, registry: FunctionRegistry, settings: Settings) -> None:
        self.catalog = catalog
        self.registry = registry
        self.settings = settings

    def plan(self, query: Query, *, target: str | None) -> PlannedQuery:
        """Plan a query; `target` names the sink of a persistent one. Raises SqlError."""
        if not isinstance(query.relation, AliasedSource):
            raise SqlError(
                "Joins are not supported yet.",
                span=query.relation.span or query.span,
                hint="they come with a later version",
                kind="unsupported",
            )
        source = self.catalog.source(query.relation.name, span=query.relation.span)
        check_source_name(query.relation.alias, query.relation.span)
        check_readable(source, query.relation.span)
        names = SourceNames(source, query.relation.alias)
        read = ReadSource(source, query.relation.alias)
        self._check_clauses(query, names)
        if query.group_by or query.window is not None or self._aggregates(query):
            return self._grouped(query, names, read, target)
        return self._plain(query, names, read, target)

    def bind(
        self,
        expression: Expression,
        types: Mapping[str, SqlType],
        clause: str,
        *,
        replace: Mapping[Expression, Bound] | None = None,
    ) -> Bound:
        """Bind an expression whose column references are qualified; errors name the clause.

        Expressions found in `replace` are known already: aggregate calls and grouping expressions.
        """
        scope = Scope.of(types, clause=clause)
        try:
            return bind(expression, scope, self.registry, types=self.catalog.types, replace=replace)
        except SqlError as error:
            if clause in ("WHERE", "HAVING") and not error.message.startswith(("Error in", "Type error")):
                raise SqlError(
                    f"Error in {clause} expression: {error.message}",
                    span=error.span or expression.span,
                    hint=error.hint,
                    kind=error.kind,
                ) from error
            if error.span is None:
                error.span = expression.span
            raise

    def condition(
        self,
        expression: Expression,
        types: Mapping[str, SqlType],
        clause: str,
        *,
        replace: Mapping[Expression, Bound] | None = None,
    ) -> tuple[Bound, str]:
        """Bind a WHERE or HAVING: it must be BOOLEAN."""
        bound = self.bind(expression, types, clause, replace=replace)
        text = format_expression(expression)
        if bound.type != BOOLEAN:
            shown = expression_text(expression)
            raise SqlError(
                f"Type error in {clause} expression: Should evaluate to boolean but is {shown} ({bound.type}) instead.",
                span=expression.span,
                kind="type mismatch",
            )
        return bound, text

    def _check_clauses(self, query: Query, names: SourceNames) -> None:
        if query.group_by and query.partition_by:
            raise SqlError("GROUP BY and PARTITION BY cannot be used together.", span=query.partition_by[0].span)
        if query.partition_by and names.source.is_table:
            raise SqlError(
                "PARTITION BY is not supported for tables.",
                span=query.partition_by[0].span,
                hint="GROUP BY groups a table anew",
            )
        if query.window is not None and not query.group_by and not self._aggregates(query):
            raise SqlError("WINDOW clause requires a GROUP BY clause.", span=query.window.span)
        if query.having is not None and not query.group_by:
            raise SqlError("HAVING requires a GROUP BY clause.", span=query.having.span)
        if query.emit == "FINAL":
            if query.window is None:
                raise SqlError("EMIT FINAL is only supported for windowed aggregations.", span=query.span)
            if not self.settings.flag("ksql.suppress.enabled"):
                raise SqlError("EMIT FINAL is disabled by 'ksql.suppress.enabled'.", span=query.span)

    def _aggregates(self, query: Query) -> bool:
        def is_aggregate(part: Expression) -> bool:
            return isinstance(part, FunctionCall) and self.registry.is_aggregate(part.name)

        return any(isinstance(i, SelectItem) and uses(i.expression, is_aggregate) is not None for i in query.items)

    # Queries without GROUP BY

    def _plain(self, query: Query, names: SourceNames, read: ReadSource, target: str | None) -> PlannedQuery:
        source, types = read.source, dict(names.columns)
        steps: Step = read
        if query.where is not None:
            steps = Filter(steps, *self.condition(names.qualify(query.where, "WHERE"), types, "WHERE"))
        partitioning = [names.qualify(e, "PARTITION BY") for e in query.partition_by]
        items, keys = self._items(query, names, partitioning, target)
        check_names(items, persistent=target is not None)
        items, steps = self._explode(items, steps, types)
        rule = KeyRule(tuple(items), tuple(keys))
        if query.partition_by:
            rule = KeyRule(rule.items, rule.keys, "partitioning expression", names.alias)
            steps = SelectKey(steps, self._key_columns(keys, items, types))
        key_names = rule.names()
        selected = tuple(self._named(i, types) for i in items)
        schema = result_schema(selected, key_names)
        window = source.window if not query.partition_by else None
        if source.window is not None and query.partition_by:
            raise SqlError(
                "Implicit repartitioning of windowed sources is not supported.", span=query.partition_by[0].span
            )
        return PlannedQuery(
            Select(steps, selected, tuple(key_names)),
            schema,
            read,
            source.is_table,
            window,
            repartitions=bool(query.partition_by and keys),
            key_rule=rule,
        )

    def _items(
        self, query: Query, names: SourceNames, partitioning: Sequence[Expression], target: str | None
    ) -> tuple[list[Item], list[Expression]]:
        written = self.expand(query.items, names)
        column_names = ColumnNames(
            [*names.columns, *(i.alias for i in written if isinstance(i, SelectItem) and i.alias)]
        )
        named = name_items([i for i in written if isinstance(i, SelectItem)], column_names)
        new_key = self._new_key(partitioning, named, column_names) if partitioning else None
        keys: list[Expression] = [ColumnRef(c.name) for c in names.source.schema.key]
        if new_key is not None:
            keys = [e for _, e in new_key]
        items: list[Item] = []
        rest = iter(named)
        for item in written:
            if isinstance(item, AllColumns):
                names.check_star(item)
                star = starred(names, key=new_key, bounds=target is None)
                chosen = {i.expression for i in named if i.expression in keys}
                items += [i for i in star if not (i.expression in chosen and new_key is not None)]
            else:
                items.append(next(rest))
        return items, keys

    def expand(
        self, items: Sequence[SelectItem | AllColumns | StructAll], names: SourceNames, *, extra: Sequence[str] = ()
    ) -> list[SelectItem | AllColumns]:
        """The items qualified, with the fields that `expression->*` stands for; `extra` names are legal as well."""
        written: list[SelectItem | AllColumns] = []
        for item in items:
            match item:
                case StructAll(expression):
                    base = names.qualify(expression, "SELECT")
                    kind = self.bind(base, names.columns, "SELECT").type
                    if not isinstance(kind, Struct):
                        raise SqlError(
                            f'"->*" needs a STRUCT; {format_expression(base)} is {kind}.',
                            span=expression.span,
                            kind="type mismatch",
                        )
                    written += struct_fields(base, [f for f, _ in kind.fields])
                case SelectItem(expression, alias):
                    qualified = names.qualify(expression, "SELECT", extra=extra)
                    written.append(SelectItem(qualified, alias, span=item.span))
                case AllColumns():
                    written.append(item)
        return written

    def _new_key(
        self, partitioning: Sequence[Expression], named: Sequence[Item], column_names: ColumnNames
    ) -> list[tuple[str, Expression]]:
        if any(isinstance(e, NullLiteral) for e in partitioning):
            if len(partitioning) > 1:
                raise SqlError("Cannot PARTITION BY multiple columns including NULL", span=partitioning[0].span)
            return []
        if len(set(partitioning)) < len(partitioning):
            twice = next(e for n, e in enumerate(partitioning) if e in partitioning[:n])
            raise SqlError(
                f"Duplicate PARTITION BY expression: {expression_text(twice)}", span=twice.span, hint="write it once"
            )
        key = []
        for expression in partitioning:
            selected = next((i.name for i in named if i.expression == expression), None)
            own = {ColumnRef: "name", Dereference: "field_name"}.get(type(expression))
            key.append((selected or (getattr(expression, own) if own else column_names.generate()), expression))
        return key

    def _key_columns(
        self, keys: Sequence[Expression], items: Sequence[Item], types: Mapping[str, SqlType]
    ) -> tuple[Named, ...]:
        columns = []
        for number, expression in enumerate(keys):
            name = next((i.name for i in items if i.expression == expression), f"KSQL_KEY_{number}")
            bound = self.bind(expression, types, "PARTITION BY")
            check_key_type(name, bound.type, expression)
            columns.append(Named(name, bound, format_expression(expression)))
        return tuple(columns)

    def _is_table_call(self, part: Expression) -> bool:
        return isinstance(part, FunctionCall) and self.registry.is_table_function(part.name)

    def _explode(self, items: list[Item], steps: Step, types: dict[str, SqlType]) -> tuple[list[Item], Step]:
        functions: list[Named] = []

        def rule(part: Expression) -> Expression | None:
            if not (isinstance(part, FunctionCall) and self._is_table_call(part)):
                return None
            for argument in part.arguments:
                inner = uses(argument, self._is_table_call)
                if isinstance(inner, FunctionCall):
                    raise SqlError(f"Table functions can not be nested: {part.name}({inner.name}())", span=inner.span)
            bound = self.bind(part, types, "SELECT")
            name = f"KSQL_SYNTH_{len(functions)}"
            functions.append(Named(name, bound, format_expression(part)))
            return ColumnRef(name, span=part.span)

        for item in items:
            case = uses(item.expression, lambda e: isinstance(e, Case) and uses(e, self._is_table_call) is not None)
            if case is not None:
                raise SqlError(
                    "Table functions cannot be used in CASE.",
                    span=case.span,
                    hint="use CASE on what the function gives",
                )
        rewritten = [replace(i, expression=rewrite(i.expression, rule)) for i in items]
        if not functions:
            return items, steps
        source = steps
        while not isinstance(source, ReadSource):
            source = source.children()[0]
        if source.source.is_table:
            raise SqlError("Table source is not supported with table functions.", hint="table functions take a stream")
        for function in functions:
            types[function.name] = _row_type(function.bound)
        return rewritten, Explode(steps, tuple(functions))

    def _named(self, item: Item, types: Mapping[str, SqlType]) -> Named:
        bound = self.bind(item.expression, types, "SELECT")
        check_typed(bound.type, item.expression)
        return Named(item.name, bound, format_expression(item.expression))

    # Queries with GROUP BY

    def _grouped(self, query: Query, names: SourceNames, read: ReadSource, target: str | None) -> PlannedQuery:
        if read.source.is_table and query.window is not None:
            raise SqlError("WINDOW clause is only supported for stream sources.", span=query.window.span)
        if any(isinstance(i, SelectItem) and uses(i.expression, self._is_table_call) for i in query.items):
            raise SqlError(
                "Table functions cannot be used with aggregations.",
                span=query.span,
                hint="write the rows to a stream and group that",
            )
        types = dict(names.columns)
        steps: Step = read
        if query.where is not None:
            if query.window is not None:
                _refuse_bounds_in_where(query.where, names)
            steps = Filter(steps, *self.condition(names.qualify(query.where, "WHERE"), types, "WHERE"))
        check_value_formats([read.source], "GROUP BY", query.group_by[0].span if query.group_by else query.span)
        return plan_aggregation(self, Grouping(query, names, read, target), steps)


def _row_type(bound: Bound) -> SqlType:
    assert isinstance(bound.type, Array)
    return bound.type.item


def _refuse_bounds_in_where(where: Expression, names: SourceNames) -> None:
    """Rows are filtered before they have a window."""
    found = uses(where, lambda e: isinstance(e, ColumnRef) and e.name in WINDOW_BOUNDS and e.name not in names.columns)
    if isinstance(found, ColumnRef):
        raise SqlError(
            f"Error in WHERE expression: Unknown column {found.name}.",
            span=found.span,
            hint="rows are filtered before they have a window",
            kind="unknown column",
        )
