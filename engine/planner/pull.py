"""Pull queries: which keys to look up (or scan), then WHERE and projection over the table's rows.

The law: the whole WHERE is applied to every row found; keys and window bounds taken from it only narrow the look-up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from headrace.engine.analysis.values import evaluate_value
from headrace.engine.catalog.source import Source
from headrace.engine.codegen.builder import Row, StageBuilder
from headrace.engine.codegen.frozen import freeze
from headrace.engine.codegen.operators.rows import Named
from headrace.engine.plan.physical import Materialization
from headrace.engine.planner.names import ColumnNames, SourceNames
from headrace.engine.planner.projection import Item, check_names, name_items, starred
from headrace.engine.types.python import is_hashable
from headrace.engine.types.schema import WINDOW_BOUNDS, Column, Namespace, Schema
from headrace.engine.types.sqltype import SqlType
from headrace.parser.errors import SqlError
from headrace.parser.expressions import Between, ColumnRef, Comparison, Expression, InList, IntegerLiteral, Logical
from headrace.parser.format import format_expression
from headrace.parser.statements import AllColumns, Query, SelectItem

if TYPE_CHECKING:
    from headrace.engine.session import Session

Project = Callable[[int, tuple[Any, ...]], tuple[Any, ...] | None]


@dataclass(frozen=True, slots=True)
class PullPlan:
    """A planned pull query. `keys` are state keys, None for a scan; `project` gives a row's values, None where WHERE drops it."""

    query_id: str
    schema: Schema
    keys: Sequence[Any] | None
    window_start: tuple[int, int] | None
    project: Project


def plan_pull(session: "Session", query: Query) -> PullPlan:
    """Plan a pull query on a table; raises SqlError."""
    planner = session.planner()
    source = session.catalog.source(query.relation.name, span=query.relation.span)  # type: ignore[union-attr]
    materialization = _materialization(session, source, query)
    _refuse_clauses(query)
    names = SourceNames(source, query.relation.alias)  # type: ignore[union-attr]
    for hidden in ("ROWPARTITION", "ROWOFFSET"):
        names.columns.pop(hidden, None)
    where = names.qualify(query.where, "WHERE") if query.where is not None else None
    items = _items(query, names)
    check_names(items, persistent=False)
    condition = planner.condition(where, names.columns, "WHERE") if where is not None else None
    selected = [
        Named(i.name, planner.bind(i.expression, names.columns, "SELECT"), format_expression(i.expression))
        for i in items
    ]
    keys = _keys(session, source, materialization, where)
    if keys is None and not session.settings.flag("ksql.query.pull.table.scan.enabled"):
        raise SqlError(
            "Missing WHERE clause on the key columns, and table scans are disabled by 'ksql.query.pull.table.scan.enabled'.",
            span=query.span,
            hint="name every key column with = or IN",
        )
    key_names = {c.name for c in source.schema.key}
    columns = tuple(
        Column(
            n.name, n.bound.type, Namespace.KEY if n.text in key_names or n.text in WINDOW_BOUNDS else Namespace.VALUE
        )
        for n in selected
    )
    project = _project(source, condition, selected, names.columns)
    return PullPlan(source.query_id or "", Schema(columns), keys, _window_range(where), project)


def _materialization(session: "Session", source: Source, query: Query) -> Materialization:
    plan = session.metastore.plans.get(source.query_id or "")
    if plan is None or plan.materialization is None:
        raise SqlError(
            f"The `{source.name}` table isn't queryable.", span=query.relation.span,
            hint=f"to derive a queryable table, use CREATE TABLE QUERYABLE_{source.name} AS SELECT … GROUP BY …, or add EMIT CHANGES", kind="not materialised",
        )  # fmt: skip
    return plan.materialization


def _refuse_clauses(query: Query) -> None:
    for clause, present in (
        ("WINDOW", query.window),
        ("GROUP BY", query.group_by),
        ("PARTITION BY", query.partition_by),
        ("HAVING", query.having),
    ):
        if present:
            raise SqlError(
                f"Pull queries don't support {clause} clauses.",
                span=query.span,
                hint="add EMIT CHANGES for a push query",
            )


def _items(query: Query, names: SourceNames) -> list[Item]:
    written: list[SelectItem | Item] = []
    for item in query.items:
        if isinstance(item, AllColumns):
            names.check_star(item)
            written += starred(names, key=None, bounds=True)
        elif isinstance(item, SelectItem):
            written.append(SelectItem(names.qualify(item.expression, "SELECT"), item.alias, span=item.span))
        else:
            raise SqlError('"->*" is not supported in pull queries on tables yet.', span=item.span, kind="unsupported")
    return name_items(
        written, ColumnNames([*names.columns, *(i.alias for i in written if isinstance(i, SelectItem) and i.alias)])
    )


def _project(
    source: Source, condition: tuple[Any, str] | None, selected: Sequence[Named], types: dict[str, SqlType]
) -> Project:
    builder = StageBuilder(f"pull {source.name}")
    code = builder.code
    bounds = list(WINDOW_BOUNDS) if source.window is not None else []
    stored = [*(c.name for c in source.schema.key), *bounds, *(c.name for c in source.schema.value)]
    columns = {name: builder.variable(name) for name in stored}
    with code.block("def project(problems, ts, values):"):
        code.line("r = None")
        code.line(f"{''.join(v + ', ' for v in columns.values())}= values")
        row = Row({**columns, "ROWTIME": "ts"}, "ts", "r", "()")
        if condition is not None:
            passes = builder.expressions(row).predicate(*condition)
            code.line(f"if not ({passes}): return None")
        expressions = builder.expressions(row)
        given = [expressions.column(n.bound, n.text) for n in selected]
        code.line(f"return ({''.join(v + ', ' for v in given)})")
    namespace: dict[str, Any] = dict(code.constants)
    exec(code.compile(builder.title), namespace)  # noqa: S102 - our own text
    function = namespace["project"]
    return lambda ts, values: function(_QUIET, ts, values)


class _Quiet:
    """Failures of expressions in a pull query are NULL; nobody keeps them."""

    def failed(self, site: int, record: object, error: BaseException) -> None:
        pass


_QUIET = _Quiet()


def _conjuncts(where: Expression | None) -> list[Expression]:
    if where is None:
        return []
    if isinstance(where, Logical) and where.operator == "AND":
        return [*_conjuncts(where.left), *_conjuncts(where.right)]
    return [where]


def _keys(
    session: "Session", source: Source, materialization: Materialization, where: Expression | None
) -> list[Any] | None:
    """State keys that WHERE allows, or None where it does not fix every key column."""
    allowed: dict[str, list[Any]] = {}
    for part in _conjuncts(where):
        match part:
            case Comparison("=", ColumnRef(name), value) | Comparison("=", value, ColumnRef(name)):
                options = [value]
            case InList(ColumnRef(name), items, False):
                options = list(items)
            case _:
                continue
        column = source.schema.find(name)
        if column is None or column not in source.schema.key or name in allowed:
            continue
        try:
            found = [evaluate_value(session, o, column) for o in options]
        except SqlError:
            continue
        allowed[name] = [v if is_hashable(column.type) else freeze(v) for v in found if v is not None]
    columns = [c.name for c in source.schema.key]
    if not all(c in allowed for c in columns):
        return None
    combinations = list(dict.fromkeys(product(*(allowed[c] for c in columns))))
    return [k[0] for k in combinations] if len(columns) == 1 else combinations


def _window_range(where: Expression | None) -> tuple[int, int] | None:
    """Bounds of WINDOWSTART in WHERE, where they are plain numbers."""
    low, high = -(2**63), 2**63 - 1
    found = False
    for part in _conjuncts(where):
        match part:
            case Comparison(operator, ColumnRef("WINDOWSTART"), IntegerLiteral(value)):
                found = True
                if operator in ("=", ">=", ">"):
                    low = max(low, value)
                if operator in ("=", "<=", "<"):
                    high = min(high, value)
            case Between(ColumnRef("WINDOWSTART"), IntegerLiteral(first), IntegerLiteral(last), False):
                found = True
                low, high = max(low, first), min(high, last)
            case _:
                pass
    return (low, high) if found else None
