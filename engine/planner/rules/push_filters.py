"""A HAVING that reads only grouping columns is tested before grouping, where it saves the state of groups that never show.

The law: not over windows, where records that HAVING hides still move stream time on.
"""

from dataclasses import replace

from headrace.engine.analysis.bound import Bound, Column, columns_of, transform
from headrace.engine.plan.logical import AggregateStep, Filter, GroupBy, ReadSource, Step


def push_filters(step: Step) -> Step:
    """The steps with such a HAVING turned into a WHERE below GROUP BY."""
    match step:
        case Filter(AggregateStep(GroupBy(below, keys) as group, _, None) as aggregate, predicate, text, "HAVING"):
            sources = {k.name: k.bound for k in keys}
            if columns_of(predicate) <= sources.keys() and all(isinstance(b, Column) for b in sources.values()):
                return replace(aggregate, input=replace(group, input=Filter(below, _over(predicate, sources), text)))
            return step
        case ReadSource():
            return step
        case _:
            below = push_filters(step.input)
            return step if below is step.input else replace(step, input=below)  # type: ignore[arg-type]


def _over(predicate: Bound, sources: dict[str, Bound]) -> Bound:
    """The predicate over the columns that the grouping columns are."""
    return transform(predicate, lambda part: sources[part.key] if isinstance(part, Column) else None)
