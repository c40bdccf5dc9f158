"""Types of arithmetic: the widest operand's, but for DECIMAL, whose results have digits enough for any outcome."""

from headrace.engine.analysis import bound as b
from headrace.engine.analysis.bound import Bound
from headrace.engine.analysis.literals import coerce, is_null
from headrace.engine.analysis.text import expression_text
from headrace.engine.types.coercion import base_name, common_number
from headrace.engine.types.decimals import as_decimal, decimal_result
from headrace.engine.types.sqltype import DOUBLE, STRING, Decimal, is_numeric
from headrace.parser.errors import SqlError
from headrace.parser.expressions import Arithmetic, Expression, Negate


def compute(node: Arithmetic, left: Bound, right: Bound) -> Bound:
    """Bind `left operator right` (any operator but `||`); raises SqlError."""
    assert node.operator != "||"
    first, second = left.type, right.type
    if is_null(left) or is_null(right):
        raise _refused(node, f"Arithmetic on types {first} and {second} are not supported.")
    if node.operator == "+" and first == second == STRING:
        return b.Arithmetic(STRING, "+", left, right)
    if not is_numeric(first) or not is_numeric(second):
        raise _refused(node, f"Unsupported arithmetic types. {base_name(first)} {base_name(second)}")
    result = common_number(first, second)
    if isinstance(result, Decimal):
        wide_left, wide_right = as_decimal(first), as_decimal(second)
        assert wide_left is not None
        assert wide_right is not None
        result = decimal_result(node.operator, wide_left, wide_right)
    elif result == DOUBLE:
        left, right = _as_double(left), _as_double(right)
    return b.Arithmetic(result, node.operator, left, right)


def negate(node: Negate, value: Bound) -> Bound:
    """Bind `-value`; raises SqlError."""
    if not is_numeric(value.type):
        raise _refused(node, f"Negation is only supported for numbers, not {value.type}.")
    return b.Negate(value.type, value)


def _as_double(side: Bound) -> Bound:
    # Python computes int with float as Java does; only decimals and constants are converted beforehand.
    if isinstance(side, b.Literal) or isinstance(side.type, Decimal):
        return coerce(side, DOUBLE, contained=False)
    return side


def _refused(node: Expression, reason: str) -> SqlError:
    return SqlError(
        f"Error processing expression: {expression_text(node)}. {reason}", span=node.span, kind="type mismatch"
    )
