"""The table of handlers."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from headrace.engine.results import AnyResult
from headrace.parser.statements import Statement

if TYPE_CHECKING:
    from headrace.engine.session import Session

Handler = Callable[["Session", Any], AnyResult | None]
S = TypeVar("S", bound=Statement)

HANDLERS: dict[type[Statement], Handler] = {}


def handles(
    kind: type[S],
) -> Callable[[Callable[["Session", S], AnyResult | None]], Callable[["Session", S], AnyResult | None]]:
    """Register a function as the handler of a statement type."""

    def register(function: Callable[["Session", S], AnyResult | None]) -> Callable[["Session", S], AnyResult | None]:
        HANDLERS[kind] = function
        return function

    return register
