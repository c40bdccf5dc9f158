"""Arithmetic in generated code: INTEGER and BIGINT wrap, DOUBLE never raises, DECIMAL is exact or raises.

The law: a NULL operand raises (Python's own TypeError); the range test of integers is inline, only what overflows calls a
function.
"""

from headrace.engine.analysis import bound as b
from headrace.engine.analysis.bound import Bound
from headrace.engine.codegen.emitter import MAX_NESTING, Emitter
from headrace.engine.codegen.region import Value, nested
from headrace.engine.types.decimals import exact, operation
from headrace.engine.types.doubles import divide_double, remainder_double
from headrace.engine.types.integers import (
    BIGINT_MAX,
    BIGINT_MIN,
    INTEGER_MAX,
    INTEGER_MIN,
    divide_bigint,
    divide_integer,
    remainder,
    wrap_bigint,
    wrap_integer,
)
from headrace.engine.types.sqltype import DOUBLE, INTEGER, STRING, Decimal, SqlType

EXACT_DIGITS = 28
"""Digits that Python's own decimal context keeps: what has no more needs no context of ours to be exact."""


def write_arithmetic(emitter: Emitter, bound: b.Arithmetic) -> Value:
    """`left operator right`; chains lean left and may be long, so they are walked and not recursed into."""
    chain = [bound]
    while isinstance(left := chain[-1].left, b.Arithmetic):
        chain.append(left)
    value = emitter.emit(chain[-1].left)
    for node in reversed(chain):
        value = _compute(emitter, node, value, emitter.emit(node.right))
        if value.nesting > MAX_NESTING:
            value = emitter.named(value)
    return value


def write_negate(emitter: Emitter, bound: b.Negate) -> Value:
    """`-value`."""
    value = emitter.emit(bound.value)
    match bound.type:
        case Decimal(precision):
            return nested(f"{emitter.function(exact(precision).minus)}({value.text})", value, raises=True)
    if bound.type == DOUBLE:
        return nested(f"(-{value.text})", value, raises=value.nullable)
    return _ranged(emitter, bound.type, f"-{value.text}", value)


def _compute(emitter: Emitter, node: b.Arithmetic, left: Value, right: Value) -> Value:
    if node.type == STRING:
        return _concatenate(emitter, left, right)
    if isinstance(node.type, Decimal):
        if node.operator in "+-*" and node.type.precision <= EXACT_DIGITS:
            return nested(
                f"({left.text} {node.operator} {right.text})", left, right, raises=left.nullable or right.nullable
            )
        call = emitter.function(operation(node.operator, node.type))
        return nested(f"{call}({left.text}, {right.text})", left, right, raises=True)
    if node.type == DOUBLE:
        return _double(emitter, node, left, right)
    if node.operator in "/%":
        return _whole_division(emitter, node, left, right)
    return _ranged(emitter, node.type, f"{left.text} {node.operator} {right.text}", left, right)


def _ranged(emitter: Emitter, type: SqlType, text: str, *operands: Value) -> Value:
    low, high, wrap = (
        (INTEGER_MIN, INTEGER_MAX, wrap_integer) if type == INTEGER else (BIGINT_MIN, BIGINT_MAX, wrap_bigint)
    )
    result = emitter.variable()
    whole = f"({result} if {low} <= ({result} := {text}) <= {high} else {emitter.function(wrap)}({result}))"
    return nested(whole, *operands, raises=any(o.nullable for o in operands))


def _whole_division(emitter: Emitter, node: b.Arithmetic, left: Value, right: Value) -> Value:
    divisor = _literal(node.right)
    if isinstance(divisor, int) and divisor > 0:
        sign = "//" if node.operator == "/" else "%"
        part, by = emitter.atom(left), right.text
        text = f"({part.text} {sign} {by} if {part.text} >= 0 else -(-{part.text} {sign} {by}))"
        return nested(text, part, raises=part.nullable)
    call = remainder if node.operator == "%" else divide_integer if node.type == INTEGER else divide_bigint
    return nested(f"{emitter.function(call)}({left.text}, {right.text})", left, right, raises=True)


def _double(emitter: Emitter, node: b.Arithmetic, left: Value, right: Value) -> Value:
    raises = left.nullable or right.nullable
    if node.operator == "%":
        return nested(f"{emitter.function(remainder_double)}({left.text}, {right.text})", left, right, raises=raises)
    if node.operator == "/" and not _literal(node.right):
        call = emitter.function(divide_double)
        over, by = emitter.atom(left), emitter.atom(right)
        text = f"({over.text} / {by.text} if {by.text} else {call}({over.text}, {by.text}))"
        return nested(text, over, by, raises=raises)
    return nested(f"({left.text} {node.operator} {right.text})", left, right, raises=raises)


def _concatenate(emitter: Emitter, left: Value, right: Value) -> Value:
    sides = [_text_or_null(emitter, side) for side in (left, right)]
    return nested(f"({sides[0].text} + {sides[1].text})", *sides)


def _text_or_null(emitter: Emitter, side: Value) -> Value:
    if not side.nullable:
        return side
    atom = emitter.atom(side)
    return nested(f"({atom.text} if {atom.text} is not None else 'null')", atom)


def _literal(bound: Bound) -> object:
    return bound.value if isinstance(bound, b.Literal) else None
