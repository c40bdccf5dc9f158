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
    common order of event time."""

    ranks: Mapping[tuple[str, str], int]
    cut: frozenset[str]
    groups: Sequence[tuple[str, ...]]

    @staticmethod
    def of(queries: Iterable[Query]) -> "Topology":
        """The topology of queries in the order of their creation."""
        queries = sorted(queries, key=lambda q: q.order)
        return Topology(*_ranks(queries), _groups(queries))


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


def _groups(queries: Sequence[Query]) -> list[tuple[str, ...]]:
    parents: dict[str, str] = {}

    def root(topic: str) -> str:
        parents.setdefault(topic, topic)
        while parents[topic] != topic:
            parents[topic] = topic = parents[parents[topic]]
        return topic

    ordered: set[str] = set()
    for query in queries:
        topics = input_topics(query) + ([query.plan.sink.topic] if query.plan.sink else [])
        for topic in topics[1:]:
            parents[root(topic)] = root(topics[0])
        if query.needs_order and topics:
            ordered.add(topics[0])
    roots = {root(topic) for topic in ordered}
    groups: dict[str, list[str]] = {}
    for topic in list(parents):
        if root(topic) in roots:
            groups.setdefault(root(topic), []).append(topic)
    return [tuple(sorted(topics)) for topics in groups.values()]
