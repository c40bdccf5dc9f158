"""Lists of expressions that must come to one type: IN, ARRAY[…], keys and values of MAP(…).

The law: scanned from the left, the first element that is not NULL fixes the family; numbers widen, literals bend to the
family, structs unite their fields; anything else does not belong.
"""

from collections.abc import Sequence

from headrace.engine.analysis.bound import ArrayOf, Bound, Literal, MapOf, StructOf
from headrace.engine.analysis.literals import boolean_of_text, coerce, invalid_text, is_null, number_of_text
from headrace.engine.analysis.text import expression_text
from headrace.engine.types.cast import conversion
from headrace.engine.types.coercion import common_number, common_type
from headrace.engine.types.sqltype import (
    BOOLEAN,
    BYTES,
    DATE,
    STRING,
    TIME,
    TIMESTAMP,
    Array,
    Map,
    SqlType,
    Struct,
    is_numeric,
)
from headrace.parser.errors import Span, SqlError
from headrace.parser.expressions import Expression

_FROM_TEXT = (DATE, TIME, TIMESTAMP, BYTES)


def common_list(items: Sequence[tuple[Expression, Bound]]) -> tuple[list[Bound], SqlType | None]:
    """The items coerced to their common type, and that type; None where all are NULL. Raises SqlError."""
    common: SqlType | None = None
    for expression, bound in items:
        if is_null(bound):
            continue
        merged = _merge(common, bound, expression.span)
        if merged is None:
            raise SqlError(
                f"operator does not exist: {common} = {bound.type} ({expression_text(expression)})\n"
                "Hint: You might need to add explicit type casts.",
                span=expression.span,
                kind="type mismatch",
            )
        common = merged
    if common is None:
        return [bound for _, bound in items], None
    return [coerce(bound, common, contained=False, span=expression.span) for expression, bound in items], common


def _merge(common: SqlType | None, bound: Bound, span: Span | None) -> SqlType | None:
    """The type that holds what came before and this; None where there is none."""
    if is_null(bound) or common == bound.type:
        return common
    match common, bound:
        case None, _:
            return bound.type
        case Array(item), ArrayOf():
            merged = _merge_all(item, bound.items, span)
            return None if merged is None else Array(merged)
        case Map(key, value), MapOf():
            keys = _merge_all(key, [k for k, _ in bound.entries], span)
            values = _merge_all(value, [v for _, v in bound.entries], span)
            return None if keys is None or values is None else Map(keys, values)
        case Struct(), StructOf():
            return _merge_struct(common, bound, span)
        case _, Literal():
            return _merge_literal(common, bound, span)
    return bound.type if common is None else common_type(common, bound.type)


def _merge_all(common: SqlType, items: Sequence[Bound], span: Span | None) -> SqlType | None:
    merged: SqlType | None = common
    for item in items:
        merged = _merge(merged, item, span)
        if merged is None:
            return None
    return merged


def _merge_struct(common: Struct, bound: StructOf, span: Span | None) -> Struct | None:
    fields = dict(common.fields)
    for name, value in bound.fields:
        merged = _merge(fields.get(name), value, span)
        if merged is None:
            return None
        fields[name] = merged
    return Struct(tuple(fields.items()))


def _merge_literal(common: SqlType, literal: Literal, span: Span | None) -> SqlType | None:
    if literal.value is None:
        # A NULL inside a constructor has taken the type of its neighbours there, which may be text that bends.
        return common_type(common, literal.type) or common
    text = literal.value if literal.type == STRING else None
    if common == STRING:
        return STRING if conversion(literal.type, STRING) is not None else None
    if not isinstance(text, str):
        return common_type(common, literal.type)
    if is_numeric(common):
        number = number_of_text(text)
        if number is None:
            raise invalid_text(text, common, span)
        return common_number(common, number.type)
    if common == BOOLEAN:
        if boolean_of_text(text) is None:
            raise invalid_text(text, common, span)
        return common
    return common if common in _FROM_TEXT else None
