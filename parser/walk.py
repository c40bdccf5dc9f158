"""Walking and rewriting expressions, whatever their kind: fields that hold expressions are found by looking at the class.

Law: a chain such as `a AND b AND …` may be of any length; only nesting, which the reader limits, takes stack.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from headrace.parser.expressions import Arithmetic, Expression, Logical


def children(expression: Expression) -> Iterator[Expression]:
    """The direct sub-expressions, in written order."""
    for part in fields(expression):
        if part.name != "span":
            yield from _expressions(getattr(expression, part.name))


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and all below it, parents first."""
    pending = [expression]
    while pending:
        current = pending.pop()
        yield current
        pending += reversed([*children(current)])


def rewrite(expression: Expression, rule: Callable[[Expression], Expression | None]) -> Expression:
    """Replace every expression for which `rule` gives another one, from the top; what was replaced is not looked into."""
    links: list[Logical | Arithmetic] = []
    current = expression
    while (found := rule(current)) is None and isinstance(current, Logical | Arithmetic):
        links.append(current)
        current = current.left
    made = _rewritten_parts(current, rule) if found is None else found
    for link in reversed(links):
        right = rewrite(link.right, rule)
        made = link if made is link.left and right is link.right else replace(link, left=made, right=right)
    return made


def _rewritten_parts(expression: Expression, rule: Callable[[Expression], Expression | None]) -> Expression:
    changes: dict[str, Any] = {}
    for part in fields(expression):
        if part.name == "span":
            continue
        old = getattr(expression, part.name)
        new = _rewritten(old, rule)
        if new is not old:
            changes[part.name] = new
    return replace(expression, **changes) if changes else expression


def _expressions(value: object) -> Iterator[Expression]:
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _expressions(item)


def _rewritten(value: object, rule: Callable[[Expression], Expression | None]) -> object:
    if isinstance(value, Expression):
        return rewrite(value, rule)
    if isinstance(value, tuple):
        new = tuple(_rewritten(item, rule) for item in value)
        return value if all(a is b for a, b in zip(new, value, strict=True)) else new
    return value
