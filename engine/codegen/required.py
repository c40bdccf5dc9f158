"""Which columns an expression cannot do without: where one of them is NULL, the whole expression fails."""

from headrace.engine.analysis import bound as b
from headrace.engine.analysis.bound import Bound, children
from headrace.engine.types.sqltype import STRING


def required_columns(bound: Bound) -> frozenset[str]:
    """The keys of columns that are certainly operands of uncontained arithmetic: lazy parts, calls and casts do not count."""
    found: set[str] = set()
    pending = [bound]
    while pending:
        part = pending.pop()
        if isinstance(part, b.Negate) or (isinstance(part, b.Arithmetic) and part.type != STRING):
            operands = [_inside_conversion(child) for child in children(part)]
            found.update(operand.key for operand in operands if isinstance(operand, b.Column))
        pending += _certain(part)
    return frozenset(found)


def _inside_conversion(operand: Bound) -> Bound:
    while isinstance(operand, b.Cast) and not operand.contained:
        operand = operand.value
    return operand


def _certain(part: Bound) -> list[Bound]:
    """The children whose errors are certainly errors of the part."""
    match part:
        case b.Call() | b.Lambda() | b.Cast(contained=True):
            return []
        case b.Logical():
            return [part.operands[0]]
        case b.Case():
            return [part.whens[0][0]]
    return list(children(part))
