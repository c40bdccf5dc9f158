"""`import headrace`: what users of the library rely on."""

import doctest

import pytest

import headrace


def test_every_public_name_is_there() -> None:
    assert all(getattr(headrace, name) is not None for name in headrace.__all__)
    assert set(headrace.__all__) <= set(dir(headrace))


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="nothing"):
        _ = headrace.nothing


def test_docstring() -> None:
    assert doctest.testmod(headrace).failed == 0


def test_push_query_sees_what_is_inserted() -> None:
    with headrace.open("memory:") as engine:
        engine.execute("CREATE STREAM s (id INT KEY, n INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);")
        (rows,) = engine.execute("SELECT id, n + 1 AS m FROM s EMIT CHANGES LIMIT 2;")
        engine.insert("s", [{"id": 1, "n": 1}, {"id": 2, "n": 2}])

        assert isinstance(rows, headrace.Rows)
        assert [row.values for row in rows] == [(1, 2), (2, 3)]


def test_mistakes_are_sql_errors() -> None:
    with headrace.open("memory:") as engine, pytest.raises(headrace.SqlError, match="does not exist"):
        engine.execute("SELECT * FROM nowhere EMIT CHANGES;")
