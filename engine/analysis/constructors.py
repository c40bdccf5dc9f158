"""ARRAY[…], MAP(…) and STRUCT(…), and the ways into them: subscripts and fields."""

from collections.abc import Callable
from difflib import get_close_matches

from headrace.engine.analysis.bound import ArrayOf, Bound, Element, Entry, Field, Literal, MapOf, StructOf
from headrace.engine.analysis.lists import common_list
from headrace.engine.analysis.literals import coerce_literal, is_null
from headrace.engine.analysis.text import expression_text
from headrace.engine.types.coercion import widens
from headrace.engine.types.sqltype import BIGINT, INTEGER, STRING, Array, Map, Struct
from headrace.parser.errors import SqlError
from headrace.parser.expressions import (
    ArrayConstructor,
    Dereference,
    MapConstructor,
    StructConstructor,
    Subscript,
)
from headrace.parser.expressions import Expression as Written

Bind = Callable[[Written], Bound]

_ISSUE = "(see https://github.com/confluentinc/ksql/issues/4239)"
_NULL_HINT = "give one of them a type: CAST(NULL AS …)"


def bind_array(written: ArrayConstructor, bind: Bind) -> Bound:
    """`ARRAY[items]`: at least one item, not all NULL."""
    if not written.items:
        raise SqlError(
            f"Array constructor cannot be empty. Please supply at least one element {_ISSUE}.", span=written.span
        )
    items, common = common_list([(item, bind(item)) for item in written.items])
    if common is None:
        raise SqlError(
            f"Cannot construct an array with all NULL elements {_ISSUE}.", span=written.span, hint=_NULL_HINT
        )
    return ArrayOf(Array(common), tuple(items))


def bind_map(written: MapConstructor, bind: Bind) -> Bound:
    """`MAP(key := value, …)`: at least one entry, neither keys nor values all NULL."""
    if not written.entries:
        raise SqlError(
            f"Map constructor cannot be empty. Please supply at least one key value pair {_ISSUE}.", span=written.span
        )
    keys, key = common_list([(k, bind(k)) for k, _ in written.entries])
    values, value = common_list([(v, bind(v)) for _, v in written.entries])
    if key is None:
        raise SqlError(f"Cannot construct a map with all NULL keys {_ISSUE}.", span=written.span, hint=_NULL_HINT)
    if value is None:
        raise SqlError(f"Cannot construct a map with all NULL values {_ISSUE}.", span=written.span, hint=_NULL_HINT)
    return MapOf(Map(key, value), tuple(zip(keys, values, strict=True)))


def bind_struct(written: StructConstructor, bind: Bind) -> Bound:
    """`STRUCT(name := value, …)`: every name once."""
    names = [name for name, _ in written.fields]
    if len(set(names)) < len(names):
        raise SqlError(f"Duplicate field names found in STRUCT: '{expression_text(written)}'", span=written.span)
    fields = tuple((name, bind(value)) for name, value in written.fields)
    for (name, bound), (_, value) in zip(fields, written.fields, strict=True):
        if is_null(bound):
            raise SqlError(
                f"The type of STRUCT field '{name}' cannot be inferred from NULL.", span=value.span, hint=_NULL_HINT
            )
    return StructOf(Struct(tuple((name, bound.type) for name, bound in fields)), fields)


def bind_field(written: Dereference, bind: Bind) -> Bound:
    """`base->name`."""
    base = bind(written.base)
    if not isinstance(base.type, Struct):
        raise SqlError(
            f"Expected STRUCT type, got {base.type} for {expression_text(written.base)}.",
            span=written.span,
            kind="type mismatch",
        )
    type = base.type.field(written.field_name)
    if type is None:
        names = [name for name, _ in base.type.fields]
        near = get_close_matches(written.field_name.upper(), {n.upper(): n for n in names}, n=1)
        hint = (
            f'did you mean "{next(n for n in names if n.upper() == near[0])}"?'
            if near
            else f"existing fields: {', '.join(names)}"
        )
        raise SqlError(
            f"Could not find field '{written.field_name}' in '{expression_text(written.base)}'.",
            span=written.span,
            hint=hint,
            kind="unknown field",
        )
    return Field(type, base, written.field_name)


def bind_subscript(written: Subscript, bind: Bind) -> Bound:
    """`base[index]` of an ARRAY or a MAP."""
    base, index = bind(written.base), bind(written.index)
    match base.type:
        case Array(item):
            if index.type not in (INTEGER, BIGINT):
                raise _wrong_index(written, "ARRAY", "INTEGER", index)
            return Element(item, base, index)
        case Map(key, value):
            if isinstance(index, Literal) and index.type != key and key != STRING:
                index = coerce_literal(index, key, span=written.index.span)
            if not widens(index.type, key):
                raise _wrong_index(written, "MAP", str(key), index)
            return Entry(value, base, index)
    raise SqlError(
        f"Subscript is not supported for {expression_text(written.base)} ({base.type}).",
        span=written.span,
        hint="only an ARRAY or a MAP has elements",
        kind="type mismatch",
    )


def _wrong_index(written: Subscript, kind: str, wanted: str, index: Bound) -> SqlError:
    return SqlError(
        f"The subscript of {kind} {expression_text(written.base)} must be {wanted}, not {index.type}.",
        span=written.index.span or written.span,
        kind="type mismatch",
    )
