"""Values of INSERT … VALUES and of assertions: constant expressions, coerced to a column's type."""

from typing import TYPE_CHECKING, Any

from headrace.engine.analysis.binder import bind
from headrace.engine.analysis.literals import coerce
from headrace.engine.analysis.scope import Scope
from headrace.engine.analysis.text import expression_text
from headrace.engine.codegen.evaluate import evaluate
from headrace.engine.types.coercion import widens
from headrace.engine.types.schema import Column
from headrace.engine.types.sqltype import DOUBLE, Array, Decimal, Map, SqlType, Struct, is_numeric
from headrace.parser.errors import SqlError
from headrace.parser.expressions import ColumnRef, Expression, Lambda, NullLiteral
from headrace.parser.walk import walk

if TYPE_CHECKING:
    from headrace.engine.session import Session


def evaluate_value(session: "Session", expression: Expression, column: Column) -> Any:
    """The value of a constant expression as the column's type; raises SqlError where it does not fit."""
    if isinstance(expression, NullLiteral):
        return None
    parts = list(walk(expression))
    reference = next((e for e in parts if isinstance(e, ColumnRef)), None)
    if reference is not None and not any(isinstance(e, Lambda) for e in parts):
        raise SqlError(
            f"Column names cannot be used in VALUES: {reference.name}",
            span=reference.span,
            hint="put text in single quotes",
        )
    bound = bind(expression, Scope.of({}), session.registry, types=session.catalog.types)
    try:
        if _narrows(bound.type, column.type):
            raise SqlError(f"{bound.type} does not fit into {column.type}")
        return evaluate(coerce(bound, column.type, span=expression.span), {})
    except (SqlError, ValueError, ArithmeticError) as error:
        raise SqlError(
            f"Expected type {column.type} for field `{column.name}` but got {bound.type}({expression_text(expression)})",
            span=expression.span,
            hint=str(error),
            kind="type mismatch",
        ) from error


def _narrows(given: SqlType, wanted: SqlType) -> bool:
    """Whether a number would lose digits in general: only DECIMALs are fitted to their column, by value."""
    match given, wanted:
        case Array(item), Array(new_item):
            return _narrows(item, new_item)
        case Map(key, value), Map(new_key, new_value):
            return _narrows(key, new_key) or _narrows(value, new_value)
        case Struct(fields), Struct():
            return any((new := wanted.field(name)) is not None and _narrows(type, new) for name, type in fields)
    if not is_numeric(given) or not is_numeric(wanted):
        return False
    return given == DOUBLE if isinstance(wanted, Decimal) else not widens(given, wanted)
