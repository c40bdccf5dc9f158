"""The source is told which columns anything reads, so that the others are not even decoded."""

from dataclasses import replace

from headrace.engine.analysis.bound import columns_of
from headrace.engine.plan.logical import AggregateStep, Explode, Filter, GroupBy, ReadSource, Select, SelectKey, Step


def prune_columns(step: Step) -> Step:
    """The steps with `ReadSource.columns` set."""
    return _pruned(step, frozenset())


def _pruned(step: Step, wanted: frozenset[str]) -> Step:
    if isinstance(step, ReadSource):
        return replace(step, columns=wanted)
    below = _pruned(step.input, _reads(step, wanted))
    return replace(step, input=below)  # type: ignore[arg-type]


def _reads(step: Step, wanted: frozenset[str]) -> frozenset[str]:
    """The columns that a step needs from the one below, where `wanted` are those needed from it."""
    match step:
        case Select(_, items, _):
            return frozenset().union(*(columns_of(i.bound) for i in items))
        case AggregateStep(_, calls, _):
            return frozenset().union(*(columns_of(a) for c in calls for a in c.arguments))
        case GroupBy(_, keys) | SelectKey(_, keys):
            return wanted.union(*(columns_of(k.bound) for k in keys))
        case Filter(AggregateStep(), _, _, _):
            return wanted
        case Filter(_, predicate, _, _):
            return wanted | columns_of(predicate)
        case Explode(_, functions):
            made = {f.name for f in functions}
            return (wanted - made).union(*(columns_of(f.bound) for f in functions))
        case _:
            return wanted
