"""Expressions as SQL, with no more parentheses than the grammar needs."""

from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import Any

from headrace.parser.expressions import (
    Arithmetic,
    ArrayConstructor,
    AtTimeZone,
    Between,
    BooleanLiteral,
    Case,
    Cast,
    ColumnRef,
    Comparison,
    DecimalLiteral,
    Dereference,
    DoubleLiteral,
    Expression,
    FunctionCall,
    InList,
    IntegerLiteral,
    IsNull,
    Lambda,
    Like,
    Logical,
    MapConstructor,
    Negate,
    Not,
    NullLiteral,
    StringLiteral,
    StructConstructor,
    Subscript,
    TimeUnit,
    TypedLiteral,
)
from headrace.parser.format.names import format_argument_name, format_double, format_name, format_string
from headrace.parser.format.types import format_type
from headrace.parser.keywords import UNIT_FUNCTIONS


class Binding(IntEnum):
    """How tightly an expression binds, loosest first: the rules of grammar/expressions.lark."""

    DISJUNCTION = 0
    CONJUNCTION = 1
    NEGATION = 2
    PREDICATE = 3
    VALUE = 4
    SUM = 5
    PRODUCT = 6
    SIGNED = 7
    ZONED = 8
    POSTFIX = 9


_ARITHMETIC = {
    "||": Binding.VALUE,
    "+": Binding.SUM,
    "-": Binding.SUM,
    "*": Binding.PRODUCT,
    "/": Binding.PRODUCT,
    "%": Binding.PRODUCT,
}


def format_expression(expression: Expression, least: Binding = Binding.DISJUNCTION) -> str:
    """An expression, in parentheses where it binds less tightly than `least`.

    >>> from headrace.parser import parse_expression
    >>> format_expression(parse_expression("(a + (b)) * c"))
    '(A + B) * C'
    """
    binding, formatter = _FORMATTERS[type(expression)]
    text = formatter(expression)
    if isinstance(expression, Logical | Arithmetic):
        binding = _level(expression)
    return f"({text})" if binding < least else text


def format_list(expressions: Iterable[Expression], least: Binding = Binding.DISJUNCTION) -> str:
    """Expressions with commas between them."""
    return ", ".join(format_expression(expression, least) for expression in expressions)


def _chain(e: Logical | Arithmetic) -> str:
    """`a AND b AND c …`, from the last to the first, so that a chain may be of any length."""
    opening, words = "", []
    while True:
        level = _level(e)
        words.append(f" {e.operator} {format_expression(e.right, Binding(level + 1))}")
        left = e.left
        if not isinstance(left, Logical | Arithmetic):
            words.append(format_expression(left, level))
            return opening + "".join(reversed(words))
        if _level(left) < level:
            opening += "("
            words.append(")")
        e = left


def _level(e: Logical | Arithmetic) -> Binding:
    if isinstance(e, Arithmetic):
        return _ARITHMETIC[e.operator]
    return Binding.DISJUNCTION if e.operator == "OR" else Binding.CONJUNCTION


def _not(e: Not) -> str:
    return f"NOT {format_expression(e.value, Binding.NEGATION)}"


def _comparison(e: Comparison) -> str:
    return f"{_value(e.left)} {e.operator} {_value(e.right)}"


def _between(e: Between) -> str:
    return f"{_value(e.value)} {_no(e.negated)}BETWEEN {_value(e.low)} AND {_value(e.high)}"


def _in_list(e: InList) -> str:
    return f"{_value(e.value)} {_no(e.negated)}IN ({format_list(e.items)})"


def _like(e: Like) -> str:
    escape = "" if e.escape is None else f" ESCAPE {format_string(e.escape)}"
    return f"{_value(e.value)} {_no(e.negated)}LIKE {_value(e.pattern)}{escape}"


def _is_null(e: IsNull) -> str:
    return f"{_value(e.value)} IS {_no(e.negated)}NULL"


def _negate(e: Negate) -> str:
    text = format_expression(e.value, Binding.SIGNED)
    # `--` begins a comment, and a sign before a digit would become part of the number
    return f"-({text})" if text[0] in "-.0123456789" else f"-{text}"


def _at_time_zone(e: AtTimeZone) -> str:
    return f"{format_expression(e.value, Binding.ZONED)} AT TIME ZONE {format_expression(e.zone)}"


def _subscript(e: Subscript) -> str:
    return f"{format_expression(e.base, Binding.POSTFIX)}[{_value(e.index)}]"


def _dereference(e: Dereference) -> str:
    return f"{format_expression(e.base, Binding.POSTFIX)}->{format_name(e.field_name)}"


def _column(e: ColumnRef) -> str:
    return format_name(e.name) if e.source is None else f"{format_name(e.source)}.{format_name(e.name)}"


def _function_call(e: FunctionCall) -> str:
    if e.star:
        return f"{format_name(e.name)}(*)"
    arguments = [format_expression(argument) for argument in e.arguments]
    match e.arguments[:1]:
        case (ColumnRef(name=name, source=None),) if e.name in UNIT_FUNCTIONS:
            arguments[0] = format_argument_name(name)
    return f"{format_name(e.name)}({', '.join(arguments)})"


def _lambda(e: Lambda) -> str:
    names = ", ".join(format_name(parameter) for parameter in e.parameters)
    return f"{names if len(e.parameters) == 1 else f'({names})'} => {format_expression(e.body)}"


def _cast(e: Cast) -> str:
    return f"CAST({format_expression(e.value)} AS {format_type(e.type)})"


def _case(e: Case) -> str:
    parts = ["CASE"]
    if e.operand is not None:
        parts.append(format_expression(e.operand))
    for when in e.whens:
        parts.append(f"WHEN {format_expression(when.condition)} THEN {format_expression(when.result)}")
    if e.default is not None:
        parts.append(f"ELSE {format_expression(e.default)}")
    return " ".join([*parts, "END"])


def _array(e: ArrayConstructor) -> str:
    return f"ARRAY[{format_list(e.items)}]"


def _map(e: MapConstructor) -> str:
    return f"MAP({', '.join(f'{format_expression(key)} := {format_expression(value)}' for key, value in e.entries)})"


def _struct(e: StructConstructor) -> str:
    return f"STRUCT({', '.join(f'{format_name(name)} := {format_expression(value)}' for name, value in e.fields)})"


def _typed(e: TypedLiteral) -> str:
    type_name = e.type if e.type == "DECIMAL" else format_name(e.type)
    return f"{type_name} {format_string(e.text)}"


def _value(expression: Expression) -> str:
    return format_expression(expression, Binding.VALUE)


def _no(negated: bool) -> str:
    return "NOT " if negated else ""


_FORMATTERS: dict[type[Expression], tuple[Binding, Callable[[Any], str]]] = {
    Logical: (Binding.DISJUNCTION, _chain),
    Not: (Binding.NEGATION, _not),
    Comparison: (Binding.PREDICATE, _comparison),
    Between: (Binding.PREDICATE, _between),
    InList: (Binding.PREDICATE, _in_list),
    Like: (Binding.PREDICATE, _like),
    IsNull: (Binding.PREDICATE, _is_null),
    Arithmetic: (Binding.VALUE, _chain),
    Negate: (Binding.SIGNED, _negate),
    AtTimeZone: (Binding.ZONED, _at_time_zone),
    Subscript: (Binding.POSTFIX, _subscript),
    Dereference: (Binding.POSTFIX, _dereference),
    ColumnRef: (Binding.POSTFIX, _column),
    FunctionCall: (Binding.POSTFIX, _function_call),
    Lambda: (Binding.POSTFIX, _lambda),
    TimeUnit: (Binding.POSTFIX, lambda e: str(e.unit)),
    Cast: (Binding.POSTFIX, _cast),
    Case: (Binding.POSTFIX, _case),
    ArrayConstructor: (Binding.POSTFIX, _array),
    MapConstructor: (Binding.POSTFIX, _map),
    StructConstructor: (Binding.POSTFIX, _struct),
    TypedLiteral: (Binding.POSTFIX, _typed),
    NullLiteral: (Binding.POSTFIX, lambda e: "NULL"),
    BooleanLiteral: (Binding.POSTFIX, lambda e: "TRUE" if e.value else "FALSE"),
    IntegerLiteral: (Binding.POSTFIX, lambda e: str(e.value)),
    DecimalLiteral: (Binding.POSTFIX, lambda e: str(e.text)),
    DoubleLiteral: (Binding.POSTFIX, lambda e: format_double(e.value)),
    StringLiteral: (Binding.POSTFIX, lambda e: format_string(e.value)),
}
