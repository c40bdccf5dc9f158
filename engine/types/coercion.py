"""Implicit conversions: what widens to what, and the type that holds several others.

The law: numbers widen INTEGER → BIGINT → DECIMAL → DOUBLE; containers widen part by part; nothing else changes its type
by itself but literals.
"""

from headrace.engine.types.decimals import as_decimal, widen_decimals
from headrace.engine.types.sqltype import BIGINT, DOUBLE, INTEGER, Array, Decimal, Map, SqlType, Struct, is_numeric


def widens(source: SqlType, target: SqlType) -> bool:
    """Whether every value of `source` may stand for one of `target` without a CAST."""
    if source == target:
        return True
    match source, target:
        case Array(item), Array(new_item):
            return widens(item, new_item)
        case Map(key, value), Map(new_key, new_value):
            return widens(key, new_key) and widens(value, new_value)
        case Struct(fields), Struct():
            return all((new := target.field(name)) is not None and widens(type, new) for name, type in fields)
    if not is_numeric(source) or not is_numeric(target):
        return False
    if isinstance(target, Decimal):
        exact = as_decimal(source)
        return exact is not None and widen_decimals(exact, target) == target
    return _rank(source) < _rank(target)


def common_number(left: SqlType, right: SqlType) -> SqlType:
    """The narrowest numeric type that holds both numeric types."""
    if left == right:
        return left
    if DOUBLE in (left, right):
        return DOUBLE
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        first, second = as_decimal(left), as_decimal(right)
        assert first is not None
        assert second is not None
        return widen_decimals(first, second)
    return BIGINT


def common_type(left: SqlType, right: SqlType) -> SqlType | None:
    """The narrowest type that holds both, or None; structs are united field by field."""
    if left == right:
        return left
    match left, right:
        case Array(item), Array(other):
            common = common_type(item, other)
            return None if common is None else Array(common)
        case Map(key, value), Map(other_key, other_value):
            keys, values = common_type(key, other_key), common_type(value, other_value)
            return None if keys is None or values is None else Map(keys, values)
        case Struct(), Struct():
            return _union(left, right)
    return common_number(left, right) if is_numeric(left) and is_numeric(right) else None


def base_name(type: SqlType) -> str:
    """The name of a type without its parameters."""
    match type:
        case Decimal():
            return "DECIMAL"
        case Array():
            return "ARRAY"
        case Map():
            return "MAP"
        case Struct():
            return "STRUCT"
    return str(type)


def _union(left: Struct, right: Struct) -> Struct | None:
    fields = dict(left.fields)
    for name, type in right.fields:
        common = common_type(fields[name], type) if name in fields else type
        if common is None:
            return None
        fields[name] = common
    return Struct(tuple(fields.items()))


def _rank(type: SqlType) -> int:
    if type == INTEGER:
        return 0
    if type == BIGINT:
        return 1
    return 2 if isinstance(type, Decimal) else 3
