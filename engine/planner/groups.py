"""The columns of groups: grouping expressions and aggregate calls, which the rest of a query is made of.

The law: what stands outside of aggregate functions is a grouping expression, made of them, or constant.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from headrace.engine.analysis.bound import Bound, Cast, Column
from headrace.engine.analysis.text import expression_text
from headrace.engine.codegen.operators.aggregate import AggregateCall
from headrace.engine.codegen.operators.rows import Named
from headrace.engine.planner.names import SourceNames, refuse_bounds, uses
from headrace.parser.errors import SqlError
from headrace.parser.expressions import (
    BooleanLiteral,
    ColumnRef,
    DoubleLiteral,
    Expression,
    FunctionCall,
    IntegerLiteral,
    Negate,
    NullLiteral,
    StringLiteral,
)
from headrace.parser.format import format_expression
from headrace.parser.walk import children

if TYPE_CHECKING:
    from headrace.engine.planner.query import QueryPlanner


class Groups:
    """Collects the aggregate calls of a query; `columns` says what calls and grouping expressions are once grouped."""

    def __init__(self, planner: "QueryPlanner", names: SourceNames, keys: Sequence[tuple[Named, Expression]]) -> None:
        self._planner = planner
        self._names = names
        self.columns: dict[Expression, Bound] = {e: Column(k.bound.type, k.name) for k, e in keys}
        self.calls: list[AggregateCall] = []

    def collect(self, expression: Expression) -> None:
        """Register the aggregate calls of an expression."""
        pending = [expression]
        while pending:
            part = pending.pop()
            if part in self.columns:
                continue
            if self._is_aggregate(part):
                assert isinstance(part, FunctionCall)
                self._register(part)
            else:
                pending += reversed([*children(part)])

    def check_selected(self, selected: Sequence[Expression]) -> None:
        """Raise SqlError where a selected expression reads columns that are not grouped."""
        without = [e for e in selected if self._free(e) and uses(e, self._is_aggregate) is None]
        if without:
            raise SqlError(
                f"Non-aggregate SELECT expression(s) not part of GROUP BY: {', '.join(map(expression_text, without))}\n"
                "Either add the column(s) to the GROUP BY or remove them from the SELECT.",
                span=without[0].span,
            )
        free = [column for e in selected for column in self._free(e)]
        if free:
            raise SqlError(
                "Field used in aggregate SELECT expression(s) outside of aggregate functions not part of GROUP BY: "
                f"{_listed(free)}\nEither add the column(s) to the GROUP BY or remove them from the SELECT.",
                span=free[0].span,
            )

    def check_having(self, having: Expression) -> None:
        """Raise SqlError where HAVING reads columns that are not grouped."""
        free = self._free(having)
        if free:
            raise SqlError(
                f"Non-aggregate HAVING expression not part of GROUP BY: {_listed(free)}\n"
                "Either add the column(s) to the GROUP BY or remove them from the HAVING.",
                span=free[0].span,
            )

    def _free(self, expression: Expression) -> list[ColumnRef]:
        """Source columns read outside of aggregate calls and grouping expressions."""
        found: list[ColumnRef] = []
        pending = [expression]
        while pending:
            part = pending.pop()
            if part in self.columns:
                continue
            if isinstance(part, ColumnRef) and part.source is None and part.name in self._names.columns:
                found.append(part)
            pending += reversed([*children(part)])
        return found

    def _is_aggregate(self, part: Expression) -> bool:
        return isinstance(part, FunctionCall) and self._planner.registry.is_aggregate(part.name)

    def _register(self, call: FunctionCall) -> None:
        for argument in call.arguments:
            refuse_bounds(argument)
            nested = uses(argument, self._is_aggregate)
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
            constants=tuple(_constant(call, n) for n in range(columns, len(written))),
            properties=self._planner.settings.overrides,
            span=call.span,
        )
        typed = [b if b.type == t else Cast(t, b, contained=True) for b, t in zip(bound, aggregate.arguments)]
        name = f"KSQL_AGG_VARIABLE_{len(self.calls)}"
        self.calls.append(AggregateCall(name, aggregate, typed, format_expression(call)))
        self.columns[call] = Column(aggregate.result, name)


def _listed(columns: Sequence[ColumnRef]) -> str:
    return ", ".join(dict.fromkeys(c.name for c in columns))


def _constant(call: FunctionCall, position: int) -> object:
    expression = call.arguments[position]
    sign = -1 if isinstance(expression, Negate) else 1
    match expression.value if isinstance(expression, Negate) else expression:
        case IntegerLiteral(value) | DoubleLiteral(value):
            return sign * value
        case StringLiteral(value) | BooleanLiteral(value) if sign == 1:
            return value
        case NullLiteral() if sign == 1:
            return None
    raise SqlError(
        f"Parameter {position + 1} passed to function {call.name} must be a literal constant, "
        f"but was expression: '{expression_text(expression)}'",
        span=expression.span,
        kind="invalid argument",
    )
