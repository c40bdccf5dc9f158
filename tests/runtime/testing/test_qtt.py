import pytest

from headrace.runtime.testing.cases import CaseRecord, ExpectedError, QttCase, WindowBounds
from headrace.runtime.testing.document import read
from headrace.runtime.testing.runner import run_case

SOURCE = "CREATE STREAM S (ID BIGINT KEY, V INT, D DOUBLE) WITH (kafka_topic='s', value_format='JSON');"
COPY = "CREATE STREAM T AS SELECT * FROM S WHERE V > 1;"
COUNT = "CREATE TABLE C AS SELECT ID, COUNT(*) AS N FROM S WINDOW TUMBLING (SIZE 1 SECOND) GROUP BY ID;"


def record(topic, key, value, timestamp=None, **parts):
    return CaseRecord(topic, read(key), read(value), timestamp, **parts)


INPUTS = (record("s", "1", '{"V":1,"D":0.5}', 10), record("s", "2", '{"v":2,"d":1e1}', 20))
OUTPUT = record("T", "2", '{"V":2,"D":10.0}', 20)


def case(*statements, kind="ok", **parts):
    return QttCase("c", "qtt", "g", kind, "c.json", statements=statements, **parts)


@pytest.mark.parametrize(
    "outputs",
    [
        pytest.param((OUTPUT,), id="the record"),
        pytest.param((record("T", "2", '{"V":2,"D":1E1}'),), id="a double as binary64"),
        pytest.param((), id="nothing is compared"),
    ],
)
def test_outputs_that_match(outputs):
    assert run_case(case(SOURCE, COPY, inputs=INPUTS, outputs=outputs)).status == "pass"


@pytest.mark.parametrize(
    ("outputs", "reason"),
    [
        pytest.param((record("T", "3", '{"V":2,"D":10.0}'),), "T: record 0 differs in key", id="key"),
        pytest.param((record("T", "2", '{"V":3,"D":10.0}'),), "T: record 0 differs in value.V", id="value"),
        pytest.param((record("T", "2", '{"V":2}'),), "T: record 0 differs in value.D", id="a field more"),
        pytest.param((record("T", "2", "null"),), "T: record 0 differs in value", id="tombstone"),
        pytest.param((record("T", "2", '{"V":2,"D":10.0}', 21),), "T: record 0 differs in timestamp", id="timestamp"),
        pytest.param(
            (record("T", "2", '{"V":2,"D":10.0}', window=WindowBounds(0, 1, "time")),), "differs in window", id="window"
        ),
        pytest.param(
            (record("T", "2", '{"V":2,"D":10.0}', headers=(("h", b"x"),)),), "differs in headers", id="headers"
        ),
        pytest.param((OUTPUT, OUTPUT), "T: 1 records instead of 2", id="a record is missing"),
        pytest.param((record("s", "1", '{"V":1,"D":0.5}'),), "s: 2 records instead of 1", id="a record more"),
    ],
)
def test_outputs_that_differ(outputs, reason):
    outcome = run_case(case(SOURCE, COPY, inputs=INPUTS, outputs=outputs))

    assert outcome.status == "fail"
    assert reason in outcome.reason
    assert outcome.detail


def test_windowed_keys_are_compared_with_their_windows():
    outputs = (
        record("C", "1", '{"N":1}', 10, window=WindowBounds(0, 1000, "time")),
        record("C", "2", '{"N":1}', 20, window=WindowBounds(0, 1000, "time")),
    )

    outcome = run_case(case(SOURCE, COUNT, inputs=INPUTS, outputs=outputs))

    assert outcome.reason == ""


def test_queries_run_one_after_the_other():
    """What the first query wrote is read by the second after all inputs."""
    chained = "CREATE STREAM U AS SELECT ID, V + 1 AS W FROM T;"
    outputs = (record("U", "2", '{"W":3}', 20),)

    assert run_case(case(SOURCE, COPY, chained, inputs=INPUTS, outputs=outputs)).reason == ""


@pytest.mark.parametrize(
    ("statements", "message", "status", "matched"),
    [
        pytest.param((SOURCE, "CREATE STREAM T AS SELECT NOPE FROM S;"), "'NOPE'", "pass", True, id="the last one"),
        pytest.param((SOURCE, "CREATE STREAM T AS SELECT NOPE FROM S;"), "else", "pass", False, id="another message"),
        pytest.param(
            (SOURCE, "CREATE STREAM X AS SELECT NOPE FROM S;", COPY), "'NOPE'", "fail", None, id="an earlier one"
        ),
        pytest.param((SOURCE, COPY), "'NOPE'", "fail", None, id="none"),
        pytest.param(
            (SOURCE, "CREATE STREAM T AS SELECT ID, NOPE(V) FROM S;"), "takes", "fail", None, id="no such function"
        ),
    ],
)
def test_only_the_last_statement_may_be_refused(statements, message, status, matched):
    outcome = run_case(case(*statements, kind="error", error=ExpectedError(message)))

    assert (outcome.status, outcome.message_match) == (status, matched)


@pytest.mark.parametrize(
    ("post", "reason"),
    [
        ('{"sources":[{"name":"T","type":"stream","schema":"ID BIGINT KEY, V INT, D DOUBLE"}]}', ""),
        ('{"sources":[{"name":"T","type":"stream","keyFormat":{"format":"KAFKA"},"valueFormat":"JSON"}]}', ""),
        ('{"sources":[{"name":"T","type":"table"}]}', "post: source T differs in type"),
        (
            '{"sources":[{"name":"T","type":"stream","schema":"ID BIGINT KEY, V INT"}]}',
            "post: source T differs in schema",
        ),
        ('{"sources":[{"name":"X","type":"stream"}]}', "post: X does not exist"),
        ('{"topics":{"topics":[{"name":"T","partitions":4}]}}', ""),
        ('{"topics":{"topics":[{"name":"T","partitions":1}]}}', "post: topic T differs in partitions"),
        ('{"topics":{"blacklist":"T"}}', "post: there is a topic T"),
    ],
)
def test_facts_that_must_hold_afterwards(post, reason):
    assert run_case(case(SOURCE, COPY, post=read(post))).reason == reason


def test_functions_of_upstreams_tests_are_skipped():
    outcome = run_case(case(SOURCE, COPY, requires=frozenset({"java-test-udf"})))

    assert outcome.status == "skip"
