"""AND, OR, NOT and CASE in generated code.

The law: an operand or branch is evaluated only where ksqlDB would; a NULL condition raises, as a Java Boolean does.
"""

from headrace.engine.analysis import bound as b
from headrace.engine.codegen.emitter import Emitter
from headrace.engine.codegen.region import Region, Value, bare, nested

_INLINE_BRANCHES = 3
_ELIF_BRANCHES = 16
"""More branches than this would nest too deeply in Python's own parser."""


def write_logical(emitter: Emitter, bound: b.Logical) -> Value:
    """Operands from the left: pure ones in one text, those with statements of their own under an `if`."""
    joint = f" {bound.operator.lower()} "
    pending: list[Value] = []
    for number, operand in enumerate(bound.operands):
        region, value = _collect_truth(emitter, operand)
        if number == 0 or region.is_empty:
            emitter.region.extend(region)
            pending.append(value)
            continue
        so_far = _joined(joint, pending)
        result = emitter.named(so_far)
        region.line(f"{result.text} = {bare(value.text)}", raises=value.raises)
        emitter.region.block(f"if {result.text}:" if bound.operator == "AND" else f"if not {result.text}:", region)
        pending = [result]
    return _joined(joint, pending)


def write_not(emitter: Emitter, bound: b.Not) -> Value:
    """`NOT value`."""
    value = emitter.truth(emitter.emit(bound.value))
    return nested(f"(not {value.text})", value)


def write_case(emitter: Emitter, bound: b.Case) -> Value:
    """The first branch whose condition holds."""
    branches = [(_collect_truth(emitter, c), emitter.collect(r)) for c, r in bound.whens]
    default = emitter.collect(bound.default)
    conditions = [condition for condition, _ in branches]
    results = [*(result for _, result in branches), default]
    has_statements = any(not region.is_empty for region, _ in [*conditions, *results])
    if not has_statements and len(branches) <= _INLINE_BRANCHES:
        return _inline(emitter, [(c, r) for (_, c), (_, r) in branches], default[1])
    variable = emitter.variable()
    if all(region.is_empty for region, _ in conditions) and len(branches) <= _ELIF_BRANCHES:
        _write_elifs(emitter.region, variable, [(c.text, r) for (_, c), r in branches], default)
        emitter.region.raises |= any(c.raises for _, c in conditions)
    else:
        emitter.region.block("while True:", _loop(variable, branches, default))
    return Value(variable, any(value.nullable for _, value in results), atom=True)


def _inline(emitter: Emitter, branches: list[tuple[Value, Value]], default: Value) -> Value:
    text = "".join(f"{result.text} if {condition.text} else " for condition, result in branches) + default.text
    results = [*(result for _, result in branches), default]
    conditions = [condition for condition, _ in branches]
    return nested(f"({text})", *conditions, *results, nullable=any(r.nullable for r in results))


def _write_elifs(
    region: Region, variable: str, branches: list[tuple[str, tuple[Region, Value]]], default: tuple[Region, Value]
) -> None:
    for number, (condition, (statements, value)) in enumerate(branches):
        statements.line(f"{variable} = {bare(value.text)}", raises=value.raises)
        region.block(f"{'elif' if number else 'if'} {bare(condition)}:", statements)
    default[0].line(f"{variable} = {bare(default[1].text)}", raises=default[1].raises)
    region.block("else:", default[0])


def _loop(
    variable: str,
    branches: list[tuple[tuple[Region, Value], tuple[Region, Value]]],
    default: tuple[Region, Value],
) -> Region:
    # A loop that runs once: `break` keeps any number of branches flat.
    body = Region()
    for (before, condition), (statements, value) in branches:
        body.extend(before)
        statements.line(f"{variable} = {bare(value.text)}", raises=value.raises)
        statements.line("break")
        body.block(f"if {bare(condition.text)}:", statements)
        body.raises = body.raises or condition.raises
    body.extend(default[0])
    body.line(f"{variable} = {bare(default[1].text)}", raises=default[1].raises)
    body.line("break")
    return body


def _joined(joint: str, values: list[Value]) -> Value:
    if len(values) == 1:
        return values[0]
    return nested(f"({joint.join(v.text for v in values)})", *values)


def _collect_truth(emitter: Emitter, bound: b.Bound) -> tuple[Region, Value]:
    region, value = emitter.collect(bound)
    if not value.nullable:
        return region, value
    with emitter.inner() as checks:
        checked = emitter.truth(value)
    region.extend(checks)
    return region, checked
