"""What is kept of queries, and what is left when they are gone."""

from types import SimpleNamespace
from typing import Any


def numbers(*values: int, key: bytes = b"k") -> list[tuple[int, bytes, bytes]]:
    return [(n, key, str(n).encode()) for n in values]


def test_latest_of_an_empty_topic_is_its_beginning_also_after_a_restart(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in", 2)
    bench.start(plans.filter("Q", "in", "out"), "latest")
    bench.drain()

    bench.put("in", *numbers(2))
    bench.open()
    bench.drain()

    assert bench.values("out") == [(b"k", b"2")]


def test_forgetting_a_query_leaves_what_another_with_a_longer_id_owes(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("in")
    bench.start(plans.count("Q_1", "in", "old"))
    bench.start(plans.count("Q_11", "in", "out", coalesces=True))
    bench.put("in", *numbers(1))
    bench.engine.step()

    bench.engine.services.queries.stop("Q_1", forget=True)
    del bench.plans[0]
    bench.open()
    bench.clock.advance(10_000)
    bench.drain()

    assert bench.values("out") == [(b"k", b"1")]


def test_a_push_query_with_state_leaves_no_topic(bench: Any) -> None:
    bench.engine.execute(
        "CREATE STREAM s (id STRING KEY, n INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=2);"
    )
    before = [topic.name for topic in bench.log.topics()]

    (rows,) = bench.engine.execute("SELECT id, SUM(n) FROM s GROUP BY id EMIT CHANGES LIMIT 2;")
    bench.put("s", (1, b"k", b'{"N":1}'), (2, b"k", b'{"N":2}'))

    assert [row.values for row in rows] == [("k", 1), ("k", 3)]
    assert [topic.name for topic in bench.log.topics()] == before


def test_the_rows_of_a_grouped_table_owe_no_emission(bench: Any) -> None:
    bench.engine.execute("""
        CREATE TABLE t (id STRING PRIMARY KEY, g STRING) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON', PARTITIONS=1);
        CREATE TABLE c AS SELECT g, COUNT(*) AS n FROM t GROUP BY g;""")
    bench.put("t", *[(n, b"%d" % n, b'{"G":"x"}') for n in range(3)])

    assert bench.engine.wait_idle()

    (task,) = bench.engine._scheduler.main.queries["CTAS_C_1"].tasks
    assert [(len(store.pending), len(store.owed)) for store in task.stores] == [(0, 0), (0, 0)]


def test_having_changes_what_shows_once(bench: Any) -> None:
    bench.engine.execute("""
        SET 'auto.offset.reset' = 'earliest';
        CREATE STREAM s (id STRING KEY, n INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);
        CREATE TABLE h AS SELECT id, COUNT(*) AS n FROM s GROUP BY id HAVING COUNT(*) > 1;""")
    bench.put("s", *[(n, b"k", b'{"N":1}') for n in range(2)])

    assert bench.engine.wait_idle()
    bench.open()
    bench.clock.advance(10_000)
    bench.drain()

    assert bench.values("H") == [(b"k", b'{"N":2}')]


def test_a_paused_query_stays_paused_where_its_topic_comes_later(bench: Any, plans: SimpleNamespace) -> None:
    bench.topic("out")
    bench.engine.services.queries.start(plans.filter("Q", "in", "out"), offset_reset="earliest", paused=True)

    bench.topic("in")
    bench.put("in", *numbers(2))
    bench.clock.advance(2_000)
    bench.drain()
    paused = bench.values("out")
    bench.engine.services.queries.resume("Q")
    bench.clock.advance(2_000)
    bench.drain()

    assert paused == []
    assert bench.values("out") == [(b"k", b"2")]


def test_a_table_with_a_long_name_has_state(bench: Any) -> None:
    name = "x" * 230
    bench.engine.execute(f"""
        CREATE STREAM s (id STRING KEY, n INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);
        CREATE TABLE {name}1 AS SELECT id, COUNT(*) AS n FROM s GROUP BY id;
        CREATE TABLE {name}2 AS SELECT id, SUM(n) AS n FROM s GROUP BY id;""")
    bench.put("s", (1, b"k", b'{"N":7}'))

    assert bench.engine.wait_idle()
    bench.open()

    tables = [bench.engine.execute(f"SELECT * FROM {name}{n};")[0] for n in (1, 2)]
    assert [[row.values for row in table] for table in tables] == [[("k", 1)], [("k", 7)]]
