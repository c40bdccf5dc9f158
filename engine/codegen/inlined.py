"""Functions that are cheaper written out than called: what a row pays for a call is more than what they do.

The law: the text means what the function in the library does, for arguments that are atoms or in parentheses; a function
that takes the place of a built-in one is called.
"""

from collections.abc import Callable, Sequence

from headrace.engine.analysis import bound as b
from headrace.engine.codegen.emitter import Emitter
from headrace.engine.codegen.region import Value

Inliner = Callable[[Emitter, b.Call, Sequence[Value]], str | None]

_LIBRARY = "headrace.engine.functions.scalar."


def inlined(emitter: Emitter, bound: b.Call, arguments: Sequence[Value]) -> str | None:
    """The call written out, or None where it has to be a call."""
    call = bound.function.call
    module = str(getattr(call, "__module__", ""))
    if not module.startswith(_LIBRARY):
        return None
    write = _INLINERS.get(f"{module.removeprefix(_LIBRARY)}.{getattr(call, '__name__', '')}")
    return write(emitter, bound, arguments) if write is not None else None


def _as(template: str) -> Inliner:
    return lambda emitter, bound, arguments: template.format(*(a.text for a in arguments))


def _coalesce(emitter: Emitter, bound: b.Call, arguments: Sequence[Value]) -> str:
    # An argument that fails fails the call, also where it would not be chosen.
    arguments = [emitter.atom(a) if a.raises else a for a in arguments]
    text = arguments[-1].text
    for value in reversed(arguments[:-1]):
        if not value.nullable:
            text = value.text
            continue
        atom = emitter.atom(value).text
        text = f"({atom} if {atom} is not None else {text})"
    return text


def _substring(emitter: Emitter, bound: b.Call, arguments: Sequence[Value]) -> str | None:
    places = [a.value for a in bound.arguments[1:] if isinstance(a, b.Literal)]
    whole = [p for p in places if isinstance(p, int) and p > 0]
    if len(whole) < len(bound.arguments) - 1:
        return None
    start = whole[0] - 1
    end = f"{start + whole[1]}" if len(whole) > 1 else ""
    return f"{arguments[0].text}[{start or ''}:{end}]"


def _trim(emitter: Emitter, bound: b.Call, arguments: Sequence[Value]) -> str:
    return f"{arguments[0].text}.strip({emitter.constant(_SPACE, 'space')})"


_SPACE = "".join(map(chr, range(33)))

_INLINERS: dict[str, Inliner] = {
    "null.as_value": _as("{0}"),
    "null.coalesce": _coalesce,
    "null.ifnull": _coalesce,
    "text.lcase": _as("{0}.lower()"),
    "text.ucase": _as("{0}.upper()"),
    "text.replace": _as("{0}.replace({1}, {2})"),
    "text.trim": _trim,
    "text.len_bytes": _as("len({0})"),
    "pieces.substring": _substring,
    "arithmetic.abs_double": _as("abs({0})"),
    "arrays.array_length": _as("len({0})"),
    "timestamps.from_unixtime": _as("{0}"),
    "timestamps.unix_timestamp": _as("{0}"),
}
