"""Applies every rule once, in order."""

from collections.abc import Callable

from headrace.engine.plan.logical import Step
from headrace.engine.planner.rules.prune_columns import prune_columns
from headrace.engine.planner.rules.push_filters import push_filters

RULES: tuple[Callable[[Step], Step], ...] = (push_filters, prune_columns)
"""Filters first, so that what they no longer read higher up is pruned."""


def optimise(steps: Step) -> Step:
    """The steps after all rules. What the command log keeps are the steps before."""
    for rule in RULES:
        steps = rule(steps)
    return steps
