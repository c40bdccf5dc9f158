"""Function calls, casts and lambdas in generated code.

The law: a call whose function or arguments may raise is contained; NULL-strict functions are called without NULL only;
functions and constants are bound, never pasted.
"""

from collections.abc import Sequence

from headrace.engine.analysis import bound as b
from headrace.engine.codegen.emitter import Emitter, present
from headrace.engine.codegen.inlined import inlined
from headrace.engine.codegen.region import Region, Value, bare, nested
from headrace.engine.types.cast import conversion
from headrace.engine.types.sqltype import STRING, Array, Map, Struct


def write_call(emitter: Emitter, bound: b.Call) -> Value:
    """A call of a scalar or table function."""
    folded = _fold(bound)
    if folded is not None:
        return emitter.emit(folded)
    function = bound.function
    if function.name == "CONCAT" and all(a.type == STRING for a in bound.arguments):
        return _concatenate(emitter, bound)
    with emitter.inner() as before:
        arguments = [_argument(emitter, a, strict=function.null_strict) for a in bound.arguments]
        call = inlined(emitter, bound, arguments) or _called(emitter, bound, arguments)
    guard = present(*arguments) if function.null_strict else ""
    text = f"({call} if {guard} else None)" if guard else call
    value = nested(text, *arguments, nullable=True)
    if function.can_fail or value.raises or before.raises:
        return emitter.contain(before, value)
    emitter.region.extend(before)
    return value


def write_cast(emitter: Emitter, bound: b.Cast) -> Value:
    """`CAST(value AS type)`, or a conversion that the statement did not write."""
    found = conversion(bound.value.type, bound.type)
    assert found is not None
    with emitter.inner() as before:
        value = _converted(emitter, bound, found.call, can_fail=found.can_fail)
    if bound.contained and (value.raises or before.raises):
        return emitter.contain(before, value)
    emitter.region.extend(before)
    return value


def write_lambda(emitter: Emitter, bound: b.Lambda) -> Value:
    """A function: an expression if its body is one, else a `def`."""
    parameters = {name: emitter.code.fresh("p") for name in bound.parameters}
    with emitter.frame(parameters) as frame:
        body, value = emitter.collect(bound.body)
    defaults = [f"{local}={outer}" for outer, local in frame.captured.items()]
    head = ", ".join([*parameters.values(), *defaults])
    raises = body.raises or value.raises
    if body.is_empty:
        return Value(f"(lambda {head}: {bare(value.text)})", False, raises, nesting=value.nesting + 1)
    name = emitter.code.fresh("fn")
    definition = Region()
    definition.extend(body)
    definition.line(f"return {value.text}")
    definition.raises = False
    emitter.region.block(f"def {name}({head}):", definition)
    return Value(name, False, raises, atom=True)


def _called(emitter: Emitter, bound: b.Call, arguments: Sequence[Value]) -> str:
    function = emitter.function(bound.function.call, "f_" + bound.function.name.lower())
    return f"{function}({', '.join(a.text for a in arguments)})"


def _concatenate(emitter: Emitter, bound: b.Call) -> Value:
    """`a || b` and CONCAT on text, where NULL is empty: written out, as it is the most common call of all."""
    with emitter.inner() as before:
        parts = [emitter.emit(argument) for argument in bound.arguments]
    text = " + ".join(f"({part.text} or '')" if part.nullable else part.text for part in parts)
    value = nested(f"({text})", *parts)
    if value.raises or before.raises:
        return emitter.contain(before, value)
    emitter.region.extend(before)
    return value


def _argument(emitter: Emitter, bound: b.Bound, *, strict: bool) -> Value:
    return emitter.operand(bound) if strict else emitter.emit(bound)


def _converted(emitter: Emitter, bound: b.Cast, call: object, *, can_fail: bool) -> Value:
    if call is None:
        return emitter.emit(bound.value)
    assert callable(call)
    value = emitter.operand(bound.value)
    text = f"{emitter.function(call, 'cast')}({value.text})"
    if value.nullable:
        text = f"({text} if {value.text} is not None else None)"
    return nested(text, value, nullable=value.nullable, raises=can_fail)


def _fold(bound: b.Call) -> b.Literal | None:
    """A deterministic call on constants, computed once; containers are made anew for every row."""
    function = bound.function
    if not function.deterministic or isinstance(bound.type, Array | Map | Struct):
        return None
    values = [a.value for a in bound.arguments if isinstance(a, b.Literal)]
    if not values or len(values) < len(bound.arguments):
        return None
    if function.null_strict and None in values:
        return b.Literal(bound.type, None)
    try:
        return b.Literal(bound.type, function.call(*values))
    except Exception:
        # It fails for every row then, and is reported there.
        return None
