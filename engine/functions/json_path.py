"""The JSONPath subset of EXTRACTJSONFIELD: `$`, then `.name`, `['name']` and `[index]` steps."""

import re
from functools import lru_cache
from typing import Any

from headrace.engine.functions.errors import FunctionError

_STEP = re.compile(r"""\.(?P<name>[^.\[\]]+)|\[(?P<index>\d+)\]|\[(?P<quote>["'])(?P<quoted>.*?)(?P=quote)\]""")

MISSING = object()
"""What `follow` gives where the path leads nowhere (a JSON null is None)."""


@lru_cache(maxsize=1000)
def steps(path: str) -> tuple[str, ...]:
    """The steps of a path; raises FunctionError where it is none."""
    if not path.startswith("$"):
        raise FunctionError(f'JSON path "{path}" must begin with "$"')
    found: list[str] = []
    position = 1
    while position < len(path):
        step = _STEP.match(path, position)
        if step is None:
            raise FunctionError(f'JSON path "{path}" is wrong from "{path[position:]}" on')
        found.append(step["name"] or step["index"] or step["quoted"] or "")
        position = step.end()
    return tuple(found)


def follow(value: Any, path: tuple[str, ...]) -> Any:
    """What the path leads to, or MISSING."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step, MISSING)
        elif isinstance(value, list) and step.isascii() and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return MISSING
    return value
