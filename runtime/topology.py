"""The order of queries and topics in a step, and which topics hand their rows on within it.

The law: a topic comes after its writers and before its readers. Where queries form a loop, the topic that the oldest query
of the loop reads is cut: its rows are read from the log in the next step.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from headrace.runtime.query import Query


@dataclass(frozen=True, slots=True)
class Topology:
    """Ranks of queries (by id) and topics; `cut` topics feed the next step; `groups` are topics that must be read in the
    common order of event time; results of readers of `merged` topics depend on that order, so that their rows are read from
    the log only, where the order is that of their contents and not that of the steps which wrote them."""

    ranks: Mapping[tuple[str, str], int]
    cut: frozenset[str]
    groups: Sequence[tuple[str, ...]]
    merged: frozenset[str]

    @staticmethod
    def of(queries: Iterable[Query]) -> "Topology":
        """The topology of queries in the order of their creation."""
        queries = sorted(queries, key=lambda q: q.order)
        read_together = _components(input_topics(q) for q in queries if q.merges)
        inputs = _inputs(queries)
        merged = frozenset(t for group in read_together for t in group if _upstream(t, inputs).isdisjoint(group))
        waiting = [group for group in read_together if any(t in merged and t in inputs for t in group)]
        return Topology(*_ranks(queries), [*waiting, *_groups(queries, without=set().union(*waiting))], merged)


def input_topics(query: Query) -> list[str]:
    """The topics that a query reads, each once."""
    return list(dict.fromkeys(source.topic for source in query.plan.sub_topologies[0].inputs))


def _ranks(queries: Sequence[Query]) -> tuple[dict[tuple[str, str], int], frozenset[str]]:
    writers: dict[str, int] = {}
    for query in queries:
        if query.plan.sink:
            writers[query.plan.sink.topic] = writers.get(query.plan.sink.topic, 0) + 1
    readers: dict[str, list[Query]] = {}
    missing: dict[str, int] = {}
    for query in queries:
        inputs = input_topics(query)
        missing[query.id] = len(inputs)
        for topic in inputs:
            readers.setdefault(topic, []).append(query)
    ranks: dict[tuple[str, str], int] = {}
    cut: set[str] = set()
    ready = [topic for topic in readers if topic not in writers]
    remaining = {query.id: query for query in queries}
    while ready or remaining:
        if not ready:
            oldest = next(iter(remaining.values()))
            ready = [t for t in input_topics(oldest) if ("topic", t) not in ranks]
            cut.update(ready)
        while ready:
            topic = ready.pop()
            if ("topic", topic) in ranks:
                continue
            ranks["topic", topic] = len(ranks)
            for query in readers.get(topic, ()):
                missing[query.id] -= 1
                if missing[query.id] == 0:
                    ranks["query", query.id] = len(ranks)
                    del remaining[query.id]
                    if query.plan.sink:
                        sink = query.plan.sink.topic
                        writers[sink] -= 1
                        if writers[sink] == 0 and sink in readers:
                            ready.append(sink)
    return ranks, frozenset(cut)


def _groups(queries: Sequence[Query], *, without: set[str]) -> list[tuple[str, ...]]:
    """Connected topics among which order matters, but for those that wait for what the others feed them."""
    connected = _components(
        input_topics(query) + ([query.plan.sink.topic] if query.plan.sink else []) for query in queries
    )
    ordered = {topic for query in queries if query.needs_order for topic in input_topics(query)}
    groups = [tuple(t for t in group if t not in without) for group in connected if not ordered.isdisjoint(group)]
    return [group for group in groups if group]


def _components(connections: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """The topics of all connections, those together that are connected."""
    parents: dict[str, str] = {}

    def root(topic: str) -> str:
        parents.setdefault(topic, topic)
        while parents[topic] != topic:
            parents[topic] = topic = parents[parents[topic]]
        return topic

    for topics in connections:
        for topic in topics:
            parents[root(topic)] = root(topics[0])
    components: dict[str, list[str]] = {}
    for topic in list(parents):
        components.setdefault(root(topic), []).append(topic)
    return [tuple(sorted(topics)) for topics in components.values()]


def _inputs(queries: Sequence[Query]) -> dict[str, set[str]]:
    """What the writers of a topic read."""
    inputs: dict[str, set[str]] = {}
    for query in queries:
        if query.plan.sink:
            inputs.setdefault(query.plan.sink.topic, set()).update(input_topics(query))
    return inputs


def _upstream(topic: str, inputs: Mapping[str, set[str]]) -> set[str]:
    """The topics that a topic is made from. A group that holds some of them as well cannot wait for the topic."""
    found: set[str] = set()
    pending = [topic]
    while pending:
        new = inputs.get(pending.pop(), set()) - found
        found |= new
        pending += new
    return found
