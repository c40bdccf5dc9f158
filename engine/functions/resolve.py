"""Choosing the overload of a call.

The law: an overload that fits exactly wins over one that needs a cast, a fixed number of parameters over a variadic one,
declared types over any type. What is still tied is ambiguous, and an error; the caller has to say more.
"""

from collections.abc import Sequence

from headrace.engine.functions.base import Argument, LambdaType
from headrace.engine.functions.definition import Overload
from headrace.engine.functions.signature import AnyDecimal, LambdaOf, Pattern
from headrace.engine.functions.unify import Unifier, argument_text, matched
from headrace.engine.types.sqltype import STRING, Decimal, SqlType
from headrace.parser.errors import Span, SqlError

_UPPER_CASE = frozenset({"COALESCE"})
"""ksqlDB's messages show names as its sources spell them: in lower case, with few exceptions."""

Match = tuple[Overload, tuple[Pattern, ...], Unifier]


def resolve(
    overloads: Sequence[Overload], arguments: tuple[Argument, ...], *, span: Span | None
) -> tuple[Overload, tuple[SqlType, ...], SqlType]:
    """The overload, the types that the arguments are to be coerced to, and the type of the result."""
    for cast in (False, True):
        matches = [m for o in overloads if (m := _match(o, arguments, cast=cast)) is not None]
        if matches:
            return _bind(_best(matches, arguments, span), arguments, span)
    raise _no_overload(overloads, arguments, span)


def _match(overload: Overload, arguments: tuple[Argument, ...], *, cast: bool) -> Match | None:
    patterns = overload.signature.patterns(len(arguments))
    unifier = None if patterns is None else matched(patterns, arguments, cast=cast)
    return None if patterns is None or unifier is None else (overload, patterns, unifier)


def _best(matches: list[Match], arguments: tuple[Argument, ...], span: Span | None) -> Match:
    ranked = sorted(matches, key=_rank)
    if len(ranked) > 1 and _rank(ranked[0]) == _rank(ranked[1]):
        raise _ambiguous(ranked[0][0], arguments, span)
    return ranked[0]


def _rank(match: Match) -> tuple[bool, int]:
    signature = match[0].signature
    return signature.is_variadic, signature.variables


def _bind(
    match: Match, arguments: tuple[Argument, ...], span: Span | None
) -> tuple[Overload, tuple[SqlType, ...], SqlType]:
    overload, patterns, unifier = match
    # Decimals are not widened to the result's type: ksqlDB's GREATEST returns its argument as it is, with its own scale.
    filled = [
        a if p == AnyDecimal() and isinstance(a, Decimal) else unifier.fill(p) for p, a in zip(patterns, arguments)
    ]
    # A hole that only NULL literals fell into does not matter unless the result depends on it.
    types = tuple(STRING if type is None else type for type in filled)
    result = unifier.fill(overload.signature.result)
    if overload.result is not None:
        result = overload.result(types)
    if result is None or any(
        isinstance(p, LambdaOf) and not isinstance(t, LambdaType) for p, t in zip(patterns, types)
    ):
        raise _ambiguous(overload, arguments, span)
    return overload, types, result


def _ambiguous(overload: Overload, arguments: tuple[Argument, ...], span: Span | None) -> SqlError:
    return SqlError(
        f"Function '{_shown(overload)}' cannot be resolved due to ambiguous method parameters ({_texts(arguments)}).",
        span=span,
        hint="use CAST on the arguments to say which types are meant",
        kind="type mismatch",
    )


def _no_overload(overloads: Sequence[Overload], arguments: tuple[Argument, ...], span: Span | None) -> SqlError:
    alternatives = "\n".join(_shown(o) + str(o.signature).removeprefix(o.signature.name) for o in overloads)
    return SqlError(
        f"Function '{_shown(overloads[0])}' does not accept parameters ({_texts(arguments)}).\n"
        f"Valid alternatives are:\n{alternatives}",
        span=span,
        kind="type mismatch",
    )


def _texts(arguments: tuple[Argument, ...]) -> str:
    return ", ".join(argument_text(a) for a in arguments)


def _shown(overload: Overload) -> str:
    name = overload.signature.name
    return name if name in _UPPER_CASE else name.lower()
