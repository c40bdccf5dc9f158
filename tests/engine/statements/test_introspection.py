"""DESCRIBE and SHOW say all there is: columns, formats, who reads and writes, every overload of a function."""

import pytest

from headrace.engine.results import Description, Listing
from headrace.engine.session import Session
from headrace.runtime.testing.subject import Subject


@pytest.fixture
def session() -> Session:
    session = Subject(flow=False, properties={}).session
    session.execute(
        "CREATE STREAM s (id STRING KEY, v BIGINT, h BYTES HEADER('h')) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='DELIMITED', "
        "VALUE_DELIMITER='|', PARTITIONS=2, RETENTION_MS=1000, TIMESTAMP='v');"
    )
    session.execute(
        "CREATE TABLE t WITH (VALUE_FORMAT='JSON') AS SELECT id, COUNT(*) AS n FROM s WINDOW TUMBLING (SIZE 1 HOUR) GROUP BY id;"
    )
    return session


def describe(session: Session, sql: str) -> Description:
    (found,) = session.execute(sql)
    assert isinstance(found, Description)
    return found


def listing(session: Session, sql: str) -> Listing:
    (found,) = session.execute(sql)
    assert isinstance(found, Listing)
    return found


def test_describe_marks_columns(session: Session) -> None:
    assert describe(session, "DESCRIBE s;").columns == (
        ("ID", "STRING (key)"), ("V", "BIGINT"), ("H", "BYTES (header('h'))"),
    )  # fmt: skip


def test_describe_extended_tells_where_rows_come_from_and_go_to(session: Session) -> None:
    facts = dict(describe(session, "DESCRIBE s EXTENDED;").facts)

    assert facts["Timestamp field"] == "V"
    assert facts["Value format"] == "DELIMITED (delimiter '|')"
    assert facts["Kafka topic"] == "s (partitions: 2, replication: 1, retention: 1000 ms)"
    assert facts["Read by"].startswith("CTAS_T_")
    assert facts["Written by"] == "none"
    assert facts["Drop constraints"] == f"TERMINATE {facts['Read by']} first"


def test_describe_extended_of_a_result_tells_its_window_and_query(session: Session) -> None:
    described = describe(session, "DESCRIBE t EXTENDED;")
    facts = dict(described.facts)

    assert described.columns[1:3] == (("N", "BIGINT"), ("WINDOWSTART", "BIGINT (window)"))
    assert facts["Window"] == "TUMBLING 3600000"
    assert facts["Written by"].startswith("CTAS_T_")
    assert facts["Drop constraints"] == "none"


def test_show_extended_describes_each(session: Session) -> None:
    assert {row[0] for row in listing(session, "SHOW STREAMS EXTENDED;").rows} == {"S"}
    assert ("T", "Type", "TABLE") in listing(session, "SHOW TABLES EXTENDED;").rows
    assert listing(session, "DESCRIBE TABLES EXTENDED;").rows == listing(session, "LIST TABLES EXTENDED;").rows


def test_show_queries_extended_counts(session: Session) -> None:
    assert listing(session, "SHOW QUERIES EXTENDED;").columns[-1] == "Counters"


def test_describe_function_lists_overloads_and_examples(session: Session) -> None:
    facts = describe(session, "DESCRIBE FUNCTION round;").facts

    assert ("Variation", "ROUND(DOUBLE value, INTEGER places) -> DOUBLE") in facts
    assert ("Example", "ROUND(12345.678E0, -1) = 12350.0") in facts


def test_describe_function_of_an_aggregate(session: Session) -> None:
    assert ("Example", "SUM(v) for v in ARRAY[1, 2, NULL] = 3") in describe(session, "DESCRIBE FUNCTION sum;").facts


def test_show_functions_lists_all(session: Session) -> None:
    rows = listing(session, "SHOW FUNCTIONS;").rows

    assert len(rows) == 149
    assert all(all(cells) for cells in rows)
