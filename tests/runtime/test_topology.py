"""Ranks, loops and groups."""

from types import SimpleNamespace
from typing import Any

import pytest

from headrace.runtime.clock import ManualClock
from headrace.runtime.query import Query, Surroundings
from headrace.runtime.state.store import StateStore
from headrace.runtime.topology import Topology


def make_query(plan: Any, order: int) -> Query:
    def store(query: Query, sub: int, number: int, partition: int) -> StateStore:
        return StateStore(query.plan.sub_topologies[sub].program.stores[number])

    query = Query(plan, Surroundings(ManualClock(), lambda n: lambda key: 0, store), partitions=1, sink_partitions=1)
    query.order = order
    return query


@pytest.mark.parametrize("reverse", [False, True], ids=["in order", "reversed"])
def test_readers_come_after_writers(plans: SimpleNamespace, reverse: bool) -> None:
    edges = [("Q1", "a", "b"), ("Q2", "b", "c"), ("Q3", "a", "c"), ("Q4", "c", "d")]
    chain = [make_query(plans.filter(*edge), -i if reverse else i) for i, edge in enumerate(edges)]

    ranks = Topology.of(chain).ranks

    assert ranks["query", "Q1"] < ranks["topic", "b"] < ranks["query", "Q2"]
    assert max(ranks["query", "Q2"], ranks["query", "Q3"]) < ranks["topic", "c"] < ranks["query", "Q4"]


def test_a_loop_is_cut_where_its_oldest_query_reads(plans: SimpleNamespace) -> None:
    loop = [make_query(plans.filter(f"Q{i}", *edge), i) for i, edge in enumerate([("a", "b"), ("b", "c"), ("c", "a")])]

    topology = Topology.of(loop)

    assert topology.cut == {"a"}
    assert topology.ranks["query", "Q0"] < topology.ranks["query", "Q1"] < topology.ranks["query", "Q2"]


def test_a_query_that_feeds_itself_is_cut(plans: SimpleNamespace) -> None:
    assert Topology.of([make_query(plans.filter("Q", "a", "a"), 0)]).cut == {"a"}


def test_topics_are_grouped_only_where_order_matters(plans: SimpleNamespace) -> None:
    queries = [
        make_query(plans.filter("Q0", "x", "y"), 0),
        make_query(plans.filter("Q1", "a", "both"), 1),
        make_query(plans.filter("Q2", "b", "both"), 2),
        make_query(plans.window("Q3", "both", "out", 10, 10), 3),
    ]

    assert [set(group) for group in Topology.of(queries).groups] == [{"a", "b", "both", "out"}]
