"""CASE: conditions are BOOLEAN, results have exactly one type."""

from collections.abc import Callable

from headrace.engine.analysis import bound as b
from headrace.engine.analysis.bound import Bound
from headrace.engine.analysis.literals import coerce, is_null
from headrace.engine.analysis.text import expression_text
from headrace.engine.types.sqltype import BOOLEAN, SqlType
from headrace.parser.errors import SqlError
from headrace.parser.expressions import Case, Expression


def bind_case(written: Case, bind: Callable[[Expression], Bound]) -> Bound:
    """Bind a searched CASE; raises SqlError."""
    if written.operand is not None:
        raise SqlError(
            "CASE with an operand is not supported.",
            span=written.span,
            hint="write CASE WHEN x = 1 THEN …",
            kind="unsupported",
        )
    conditions = [_condition(when.condition, bind) for when in written.whens]
    results = [bind(when.result) for when in written.whens]
    default = b.Literal(b.NULL, None) if written.default is None else bind(written.default)
    common = next((r.type for r in [*results, default] if not is_null(r)), None)
    if common is None:
        raise SqlError(
            "Invalid Case expression. All case branches have NULL type", span=written.span, hint="use CAST(NULL AS …)"
        )
    for when, result in zip(written.whens, results, strict=True):
        _check_type(common, result, when.result, "Type for all 'THEN' clauses should be the same.")
    if written.default is not None:
        rule = "Type for the default clause should be the same as for 'THEN' clauses."
        _check_type(common, default, written.default, rule)
    typed = [coerce(r, common) if is_null(r) else r for r in [*results, default]]
    return b.Case(common, tuple(zip(conditions, typed[:-1], strict=True)), typed[-1])


def _condition(written: Expression, bind: Callable[[Expression], Bound]) -> Bound:
    bound = bind(written)
    if bound.type != BOOLEAN:
        raise SqlError(
            f"WHEN operand type should be boolean.\nType for '{expression_text(written)}' is {bound.type}",
            span=written.span,
            kind="type mismatch",
        )
    return bound


def _check_type(wanted: SqlType, found: Bound, written: Expression, rule: str) -> None:
    if found.type not in (wanted, b.NULL):
        raise SqlError(
            f"Invalid Case expression. {rule}\nExpression '{expression_text(written)}' has type: {found.type}.\n"
            f"Previous expression(s) type: {wanted}.",
            span=written.span,
            hint="use CAST to give all branches one type",
            kind="type mismatch",
        )
