from pathlib import Path

import pytest

from headrace.runtime.testing.engine_subject import EngineSubject
from headrace.runtime.testing.report import failure
from headrace.runtime.testing.runner import run_case
from headrace.runtime.testing.script import read_script

SOURCE = "CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');\n"
COPY = "CREATE STREAM t AS SELECT * FROM s;\n"
INSERT = "INSERT INTO s (rowtime, id, v) VALUES (5, 1, 2);\n"


def run(text, path=Path("a.sql"), mode="record"):
    (case,) = read_script(text, path, "a")
    return run_case(case, mode=mode)


@pytest.mark.parametrize("mode", ["record", "batch", "restart"])
@pytest.mark.parametrize(
    ("assertion", "reason"),
    [
        pytest.param("ASSERT VALUES t (rowtime, id, v) VALUES (5, 1, 2);", "", id="same"),
        pytest.param("ASSERT VALUES t VALUES (1, 2);", "", id="all columns"),
        pytest.param("ASSERT VALUES t (id, v) VALUES (1, 3);", "Expected record does not match actual", id="value"),
        pytest.param("ASSERT VALUES t (rowtime) VALUES (6);", "Expected record does not match actual", id="time"),
        pytest.param("ASSERT VALUES t (v) VALUES (NULL);", "Expected record does not match actual", id="null"),
        pytest.param("ASSERT NULL VALUES t (id) KEY (1);", "expected a tombstone", id="no tombstone"),
        pytest.param(
            "ASSERT VALUES t (v) VALUES (2); ASSERT VALUES t (v) VALUES (2);", "Expected another record", id="one more"
        ),
        pytest.param("ASSERT VALUES t (nope) VALUES (2);", 'Column "NOPE" not found', id="unknown column"),
        pytest.param("ASSERT VALUES nope (v) VALUES (2);", "NOPE does not exist", id="unknown source"),
    ],
)
def test_assertions_on_records(assertion, reason, mode):
    outcome = run(SOURCE + COPY + INSERT + assertion, mode=mode)

    assert outcome.status == ("fail" if reason else "pass"), failure(outcome, trace=True)
    assert reason in outcome.reason


@pytest.mark.parametrize(
    ("assertion", "reason"),
    [
        ("ASSERT STREAM t (id INT KEY, v INT) WITH (kafka_topic='T', value_format='JSON');", ""),
        ("ASSERT TABLE t (id INT PRIMARY KEY, v INT);", "Expected type"),
        ("ASSERT STREAM t (id INT KEY, v BIGINT);", "Expected schema does not match actual."),
        ("ASSERT STREAM t (id INT KEY, v INT) WITH (kafka_topic='x');", "Expected kafka topic"),
        ("ASSERT STREAM t (id INT KEY, v INT) WITH (format='JSON');", "Expected key format"),
    ],
)
def test_assertions_on_definitions(assertion, reason):
    outcome = run(SOURCE + COPY + assertion)

    assert outcome.reason.startswith(reason)
    assert outcome.status == ("fail" if reason else "pass")


def test_a_failure_names_file_line_and_column():
    outcome = run("-- a comment\n" + SOURCE + COPY + INSERT + "  ASSERT VALUES t (v) VALUES (3);", Path("dir/a.sql"))

    assert "dir/a.sql:5:3: ASSERT VALUES t (v) VALUES (3)" in outcome.detail
    assert "≠ V  3         2" in outcome.detail


@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param(
            "--@expected.message: NOPE\n" + SOURCE + "SELECT nope FROM s EMIT CHANGES;", "pass", id="as expected"
        ),
        pytest.param(
            "--@expected.message: else\n" + SOURCE + "SELECT nope FROM s EMIT CHANGES;", "fail", id="another message"
        ),
        pytest.param("--@expected.message: NOPE\n" + SOURCE, "fail", id="no failure"),
        pytest.param("--@expected.error: x\n" + SOURCE + "SELECT nope FROM s EMIT CHANGES;", "pass", id="any message"),
    ],
)
def test_expected_failures(text, status):
    assert run(text).status == status


def test_a_script_is_found_beside_the_case(tmp_path):
    (tmp_path / "more.sql").write_text(SOURCE + COPY)

    outcome = run(f"RUN SCRIPT 'more.sql';\n{INSERT}ASSERT VALUES t (v) VALUES (2);", tmp_path / "a.sql")

    assert outcome.status == "pass", failure(outcome, trace=True)


def test_inserts_are_held_until_another_statement_comes():
    subject = EngineSubject()
    create, insert, again = subject.parse(SOURCE + INSERT + INSERT)
    subject.ensure_topic_of(create, partitions=1)

    for statement in (create, insert, again):
        subject.execute(statement)
    before = len(subject.records("s"))
    subject.settle()

    assert (before, len(subject.records("s"))) == (0, 2)
    subject.close()


def test_records_are_compared_per_key_over_partitions():
    inserts = "".join(f"INSERT INTO s (id, v) VALUES ({id}, {v});\n" for v in (1, 2) for id in range(9))
    asserts = "".join(f"ASSERT VALUES t (id, v) VALUES ({id}, {v});\n" for id in range(9) for v in (1, 2))

    outcome = run("--@partitions: 3\n" + SOURCE + COPY + inserts + asserts, mode="partitions")

    assert outcome.status == "pass", failure(outcome, trace=True)
