"""Expressions as ksqlDB's messages show them: every operation in parentheses, constants in lower case.

This is for readers of messages; `headrace.parser.format` is what can be read back.
"""

from headrace.parser.expressions import (
    Arithmetic,
    ArrayConstructor,
    Between,
    BooleanLiteral,
    Case,
    Cast,
    Comparison,
    Dereference,
    Expression,
    FunctionCall,
    InList,
    IsNull,
    Lambda,
    Like,
    Logical,
    MapConstructor,
    Negate,
    Not,
    NullLiteral,
    StructConstructor,
    Subscript,
)
from headrace.parser.format import format_expression, format_name, format_string, format_type


def expression_text(expression: Expression) -> str:
    """The expression as a message shows it.

    >>> from headrace.parser import parse_expression
    >>> expression_text(parse_expression("TRUE + 1.5"))
    '(true + 1.5)'
    """
    match expression:
        case NullLiteral():
            return "null"
        case BooleanLiteral(value):
            return "true" if value else "false"
        case Arithmetic(operator, left, right) | Comparison(operator, left, right) | Logical(operator, left, right):
            return f"({expression_text(left)} {operator} {expression_text(right)})"
        case Negate(value):
            return f"-{expression_text(value)}"
        case Not(value):
            return f"(NOT {expression_text(value)})"
        case IsNull(value, negated):
            return f"({expression_text(value)} IS {'NOT ' if negated else ''}NULL)"
        case FunctionCall(name, arguments, star):
            return f"{format_name(name)}({'*' if star else _listed(arguments)})"
        case Cast(value, type):
            return f"CAST({expression_text(value)} AS {format_type(type)})"
    return _constructed(expression)


def _constructed(expression: Expression) -> str:
    match expression:
        case ArrayConstructor(items):
            return f"ARRAY[{_listed(items)}]"
        case MapConstructor(entries):
            return f"MAP({', '.join(f'{expression_text(k)}:={expression_text(v)}' for k, v in entries)})"
        case StructConstructor(fields):
            return f"STRUCT({', '.join(f'{format_name(n)}:={expression_text(v)}' for n, v in fields)})"
        case Dereference(base, field):
            return f"{expression_text(base)}->{format_name(field)}"
        case Subscript(base, index):
            return f"{expression_text(base)}[{expression_text(index)}]"
        case Lambda(parameters, body):
            return f"({', '.join(parameters)}) => {expression_text(body)}"
    return _predicate(expression)


def _predicate(expression: Expression) -> str:
    match expression:
        case Between(value, low, high, negated):
            return (
                f"({expression_text(value)} {_not(negated)}BETWEEN {expression_text(low)} AND {expression_text(high)})"
            )
        case InList(value, items, negated):
            return f"({expression_text(value)} {_not(negated)}IN ({_listed(items)}))"
        case Like(value, pattern, escape, negated):
            suffix = "" if escape is None else f" ESCAPE {format_string(escape)}"
            return f"({expression_text(value)} {_not(negated)}LIKE {expression_text(pattern)}{suffix})"
        case Case(whens, default, None):
            branches = " ".join(f"WHEN {expression_text(w.condition)} THEN {expression_text(w.result)}" for w in whens)
            otherwise = "" if default is None else f" ELSE {expression_text(default)}"
            return f"(CASE {branches}{otherwise} END)"
    return format_expression(expression)


def _listed(expressions: tuple[Expression, ...]) -> str:
    return ", ".join(map(expression_text, expressions))


def _not(negated: bool) -> str:
    return "NOT " if negated else ""
