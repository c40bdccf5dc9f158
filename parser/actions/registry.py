"""The table of actions."""

from collections.abc import Callable
from typing import Any, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])

ACTIONS: dict[str, Callable[..., Any]] = {}


def action(*names: str) -> Callable[[_Function], _Function]:
    """Registers a function for the rules called `names`, by default the function's own name."""

    def register(function: _Function) -> _Function:
        for name in names or (function.__name__.rstrip("_"),):
            assert name not in ACTIONS, name
            ACTIONS[name] = function
        return function

    return register
