"""Comparisons in generated code: NULL is tested for explicitly and makes them FALSE, so they never raise by themselves."""

import decimal

from headrace.engine.analysis import bound as b
from headrace.engine.analysis.bound import Bound
from headrace.engine.analysis.like import like, like_matcher, simple_form
from headrace.engine.codegen.emitter import Emitter, present
from headrace.engine.codegen.region import Value, nested
from headrace.engine.types.decimals import decimal_of_double
from headrace.engine.types.sqltype import DOUBLE, STRING, Array, Decimal, Map, Struct

_PYTHON = {"=": "==", "<>": "!=", "IS DISTINCT FROM": "!=", "IS NOT DISTINCT FROM": "=="}
_FORMS = {"contains": "{1} in {0}", "starts": "{0}.startswith({1})", "ends": "{0}.endswith({1})"}
_SURROGATES = "\ud800"


def write_compare(emitter: Emitter, bound: b.Compare) -> Value:
    """`left operator right`."""
    left, right = emitter.emit(bound.left), emitter.emit(bound.right)
    if bound.left.type == DOUBLE and isinstance(bound.right.type, Decimal):
        left = _exact(emitter, left)
    elif bound.right.type == DOUBLE and isinstance(bound.left.type, Decimal):
        right = _exact(emitter, right)
    operator = _PYTHON.get(bound.operator, bound.operator)
    if bound.operator.startswith("IS"):
        return nested(f"({left.text} {operator} {right.text})", left, right)
    if operator == "==":
        return _equal(emitter, left, right)
    left, right = _testable(emitter, left), _testable(emitter, right)
    test = f"{left.text} {operator} {right.text}"
    if operator != "!=" and bound.left.type == STRING and not (_is_plain(bound.left) or _is_plain(bound.right)):
        test = f"{emitter.function(text_order)}({left.text}, {right.text}) {operator} 0"
    return nested(_guarded(test, left, right), left, right)


def write_between(emitter: Emitter, bound: b.Between) -> Value:
    """`low <= value AND value <= high`."""
    parts = [bound.value, bound.low, bound.high]
    if any(isinstance(p.type, Decimal) for p in parts) and any(p.type == DOUBLE for p in parts):
        return _as_two(emitter, bound)
    if bound.value.type == STRING and not (_is_plain(bound.low) and _is_plain(bound.high)):
        return _as_two(emitter, bound)
    value, low, high = (_testable(emitter, emitter.emit(p)) for p in parts)
    return nested(_guarded(f"{low.text} <= {value.text} <= {high.text}", value, low, high), value, low, high)


def write_in(emitter: Emitter, bound: b.InList) -> Value:
    """`value IN (items)`."""
    if all(isinstance(item, b.Literal) for item in bound.items):
        return _in_constants(emitter, bound)
    value = _testable(emitter, emitter.emit(bound.value))
    items = [emitter.emit(item) for item in bound.items]
    listed = ", ".join(item.text for item in items) + ("," if len(items) == 1 else "")
    return nested(_guarded(f"{value.text} in ({listed})", value), value, *items)


def write_is_null(emitter: Emitter, bound: b.IsNull) -> Value:
    """`value IS [NOT] NULL`."""
    value = emitter.emit(bound.value)
    return nested(f"({value.text} is {'not None' if bound.negated else 'None'})", value)


def write_like(emitter: Emitter, bound: b.Like) -> Value:
    """`value LIKE pattern`."""
    value = _testable(emitter, emitter.emit(bound.value))
    if isinstance(bound.pattern, b.Literal):
        if not isinstance(bound.pattern.value, str):
            return Value("False", False, atom=True)
        matches = emitter.function(like_matcher(bound.pattern.value, bound.escape), "like")
        form = simple_form(bound.pattern.value, bound.escape)
        value = value if form is None else emitter.atom(value)
        test = f"{matches}({value.text}) is not None"
        if form is not None:
            # Only a line end keeps % from matching, and no line end is printable.
            cheap = _FORMS[form[0]].format(value.text, emitter.constant(form[1]))
            test = f"{cheap} and ({value.text}.isprintable() or {test})"
        return nested(_guarded(test, value), value)
    pattern = _testable(emitter, emitter.emit(bound.pattern))
    escape = "None" if bound.escape is None else emitter.constant(bound.escape)
    test = f"{emitter.function(like)}({value.text}, {pattern.text}, {escape})"
    return nested(_guarded(test, value, pattern), value, pattern, raises=True)


def text_order(left: str, right: str) -> int:
    """Below, at or above zero as `left` comes before, with or after `right` by UTF-16 units, Java's order of text."""
    if left == right:
        return 0
    # Only pairs of a supplementary character and one of the last 8,192 of the basic plane are ordered otherwise.
    if left.isascii() or right.isascii():
        return -1 if left < right else 1
    return -1 if left.encode("utf-16-be", "surrogatepass") < right.encode("utf-16-be", "surrogatepass") else 1


def _equal(emitter: Emitter, left: Value, right: Value) -> Value:
    # None == x is False already, unless both may be None.
    if not (left.nullable and right.nullable):
        return nested(f"({left.text} == {right.text})", left, right)
    left = emitter.atom(left)
    return nested(f"({left.text} is not None and {left.text} == {right.text})", left, right)


def _testable(emitter: Emitter, value: Value) -> Value:
    return emitter.atom(value) if value.nullable else value


def _guarded(test: str, *values: Value) -> str:
    guard = present(*values)
    return f"({guard} and {test})" if guard else f"({test})"


def _exact(emitter: Emitter, value: Value) -> Value:
    call = emitter.function(decimal_of_double)
    if not value.nullable:
        return nested(f"{call}({value.text})", value, raises=True)
    atom = emitter.atom(value)
    return nested(f"({call}({atom.text}) if {atom.text} is not None else None)", atom, nullable=True, raises=True)


def _as_two(emitter: Emitter, bound: b.Between) -> Value:
    value = bound.value
    above = b.Compare(bound.type, ">=", value, bound.low)
    below = b.Compare(bound.type, "<=", value, bound.high)
    return emitter.emit(b.Logical(bound.type, "AND", (above, below)))


def _in_constants(emitter: Emitter, bound: b.InList) -> Value:
    value = emitter.emit(bound.value)
    constants = [
        _plain_number(item.value) for item in bound.items if isinstance(item, b.Literal) and item.value is not None
    ]
    hashable = not isinstance(bound.value.type, Array | Map | Struct)
    # None is in no set of constants, so that NULL needs no test.
    listed = emitter.constant(frozenset(constants) if hashable else constants)
    return nested(f"({value.text} in {listed})", value)


def _plain_number(value: object) -> object:
    if isinstance(value, decimal.Decimal) and value.is_finite() and value == value.to_integral_value():
        return int(value)
    return value


def _is_plain(bound: Bound) -> bool:
    return isinstance(bound, b.Literal) and isinstance(bound.value, str) and all(c < _SURROGATES for c in bound.value)
