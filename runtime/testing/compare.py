"""Expected against actual: documents, records, topics; and the table that shows where they part.

The law: numbers are compared as they are written (scale counts), but columns of type DOUBLE as binary64 and whole ones by
value (upstream's files have `3.0` for an INTEGER here and there).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headrace.engine.types.sqltype import BIGINT, DOUBLE, INTEGER, Array, Decimal, Map, SqlType, Struct
from headrace.runtime.testing.document import Document, Number, write

TOLERANCE = 1e-6
"""Absolute, for doubles of binary formats and where a case asks for inexact comparison."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How numbers are compared: `tolerance` is for doubles, `exact` False makes every fraction a double."""

    tolerance: float = 0.0
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a comparison."""

    name: str
    expected: str
    actual: str
    equal: bool


def matches(expected: Document, actual: Document, type: SqlType | None, rule: Rule) -> bool:
    """Whether a document of the given type is the expected one."""
    match expected:
        case None:
            return actual is None
        case bool():
            return expected is actual
        case Number():
            return isinstance(actual, Number) and _same_number(expected, actual, type, rule)
        case str():
            if isinstance(actual, Number):
                return isinstance(type, Decimal) and _same_number(Number(expected), actual, type, rule)
            return expected == actual
        case Mapping():
            return isinstance(actual, Mapping) and _same_object(expected, actual, type, rule)
        case _:
            item = type.item if isinstance(type, Array) else None
            return (
                isinstance(actual, Sequence)
                and not isinstance(actual, str)
                and len(expected) == len(actual)
                and all(matches(e, a, item, rule) for e, a in zip(expected, actual))
            )


def fields(name: str, expected: Document, actual: Document, type: SqlType | None, rule: Rule) -> list[Field]:
    """The lines that compare two documents: one per field where both are objects, else one."""
    if not (isinstance(expected, Mapping) and isinstance(actual, Mapping)):
        return [Field(name, show(expected), show(actual), matches(expected, actual, type, rule))]
    same_size = len(expected) == len(actual)
    lines, seen = [], set()
    for field, value in expected.items():
        found = _find(field, actual)
        seen.add(found)
        text = "(missing)" if found is None else show(actual[found])
        equal = _same_field(field, value, actual, type, rule) and (found is not None or same_size)
        lines.append(Field(f"{name}.{field}", show(value), text, equal))
    lines += [Field(f"{name}.{f}", "(absent)", show(actual[f]), same_size) for f in actual if f not in seen]
    return lines


def table(lines: Sequence[Field]) -> str:
    """Expected and actual side by side; `≠` marks what differs."""
    rows = [("", "", "expected", "actual"), *(("" if f.equal else "≠", f.name, f.expected, f.actual) for f in lines)]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    return "\n".join(
        f"  {mark:1} {name:{widths[1]}}  {expected:{widths[2]}}  {actual}".rstrip()
        for mark, name, expected, actual in rows
    )


def show(document: Document) -> str:
    """A document as JSON text."""
    return write(document)


def _same_number(expected: Number, actual: Number, type: SqlType | None, rule: Rule) -> bool:
    try:
        if type == DOUBLE or not (rule.exact or (expected.is_integer and actual.is_integer)):
            tolerance = rule.tolerance if rule.exact else TOLERANCE
            e, a = float(expected), float(actual)
            return e == a or (math.isnan(e) and math.isnan(a)) or abs(e - a) <= tolerance
        if type in (INTEGER, BIGINT):
            return actual.is_integer and expected.decimal == actual.decimal
        return expected.decimal.as_tuple() == actual.decimal.as_tuple()
    except (ValueError, ArithmeticError):
        return False


def _same_object(
    expected: Mapping[str, Document], actual: Mapping[str, Document], type: SqlType | None, rule: Rule
) -> bool:
    return len(expected) == len(actual) and all(
        _same_field(name, value, actual, type, rule) for name, value in expected.items()
    )


def _same_field(
    name: str, expected: Document, actual: Mapping[str, Document], type: SqlType | None, rule: Rule
) -> bool:
    """Upstream's look-up: a field that is not there is null; the number of fields is what tells them apart."""
    found = _find(name, actual)
    if found is None:
        return expected is None
    return matches(expected, actual[found], _field_type(type, found), rule)


def _find(name: str, actual: Mapping[str, Document]) -> str | None:
    return name if name in actual else name.upper() if name.upper() in actual else None


def _field_type(type: SqlType | None, name: str) -> SqlType | None:
    match type:
        case Struct():
            return type.field(name) or type.field(name.upper())
        case Map(_, value):
            return value
        case _:
            return None
