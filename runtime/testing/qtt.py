"""The qtt suite: statements, then all inputs, then query after query, each to its end; then compare.

The law: queries run in the order of their creation, each over all inputs of its topics before what other queries wrote.
"""

from collections.abc import Sequence

from headrace.parser.errors import SqlError
from headrace.parser.statements import Statement
from headrace.runtime.driver import QueryFailed
from headrace.runtime.record import FlowRecord
from headrace.runtime.testing.cases import QttCase
from headrace.runtime.testing.outcome import Mismatch, Skip, describe_crash
from headrace.runtime.testing.post import check_post
from headrace.runtime.testing.refusal import check_refusal
from headrace.runtime.testing.subject import Subject
from headrace.runtime.testing.topics import compare_topic, decode_record, encode_record

PARTITIONS = 4
"""Of topics that a case does not list."""

EXACT_NUMBERS = "use.exact.numeric.comparison"
"""A property for the runner: `false` compares all fractions as doubles."""

SKIPPED = {
    "java-test-udf": "needs functions that exist only in upstream's test classpath",
    "java-class-config": "needs a Java class",
    "new-planner": "expects upstream's experimental planner",
}
"""Requirements that Headrace does not meet by design."""


def run(case: QttCase, *, mode: str = "record") -> bool | None:
    """Run a case; returns whether an expected message came. Raises Mismatch, Skip, SqlError."""
    for need in case.requires & SKIPPED.keys():
        raise Skip(SKIPPED[need])
    if mode != "record":
        raise Skip("qtt cases run record by record only")
    subject = Subject(flow=False, properties={k: v for k, v in case.properties.items() if k != EXACT_NUMBERS})
    statements = [_parse(subject, text) for text in case.statements]
    _create_topics(subject, case, statements)
    refused = _execute(subject, case, statements)
    if refused is not None:
        return check_refusal(refused, case.error)
    if not subject.driver.queries:
        raise Mismatch("no statement started a query")
    try:
        _process(subject, _feed(subject, case))
    except QueryFailed as failed:
        return _failed(case, failed)
    if case.kind == "runtime-error":
        raise Mismatch("no query failed")
    _compare(subject, case)
    check_post(subject, case.post)
    return None


def _parse(subject: Subject, text: str) -> list[Statement] | SqlError:
    try:
        return subject.parse(text)
    except SqlError as error:
        return error


def _create_topics(subject: Subject, case: QttCase, parsed: Sequence[list[Statement] | SqlError]) -> None:
    for topic in case.topics:
        subject.ensure_topic(topic.name, partitions=topic.partitions, replicas=topic.replicas)
    for statements in parsed:
        for statement in statements if isinstance(statements, list) else ():
            subject.ensure_topic_of(statement, partitions=PARTITIONS)
    for record in (*case.inputs, *case.outputs):
        subject.ensure_topic(record.topic, partitions=PARTITIONS)


def _execute(subject: Subject, case: QttCase, parsed: Sequence[list[Statement] | SqlError]) -> SqlError | None:
    """Execute all statements; the refusal of the last one, where the case is about that."""
    for index, statements in enumerate(parsed):
        try:
            if isinstance(statements, SqlError):
                raise statements
            for statement in statements:
                subject.execute(statement)
        except SqlError as error:
            if case.kind == "error" and index == len(parsed) - 1:
                return error
            kind = "not supported: " if error.kind == "unsupported" else "refused: "
            raise Mismatch(kind + str(error), f"  statement {index}: {case.statements[index]}") from error
    if case.kind == "error":
        raise Mismatch("no statement was refused", f"  expected: {case.error.message if case.error else 'an error'}")
    return None


def _feed(subject: Subject, case: QttCase) -> list[tuple[str, FlowRecord]]:
    records = []
    for record in case.inputs:
        key, value = encode_record(record, subject.owners.get(record.topic), subject.formats)
        appended = subject.driver.append(record.topic, key, value, record.timestamp or 0, record.headers)
        records.append((record.topic, appended))
    return records


def _process(subject: Subject, inputs: Sequence[tuple[str, FlowRecord]]) -> None:
    driver = subject.driver
    fed = {topic for topic, _ in inputs}
    for query_id, query in list(driver.queries.items()):
        topics = list(dict.fromkeys(source.topic for source in query.plan.sub_topologies[0].inputs))
        for topic, record in inputs:
            if topic in topics:
                driver.process(query_id, topic, (record,))
        for topic in topics:
            if topic not in fed:
                driver.process(query_id, topic, tuple(driver.records(topic)))


def _failed(case: QttCase, failed: QueryFailed) -> bool | None:
    if case.kind != "runtime-error":
        raise Mismatch(f"a query failed: {describe_crash(failed.error)}") from failed
    message = case.error.message if case.error else None
    return message in str(failed) if message else None


def _compare(subject: Subject, case: QttCase) -> None:
    exact = case.properties.get(EXACT_NUMBERS, "true") != "false"
    for topic in dict.fromkeys(record.topic for record in case.outputs):
        source = subject.owners.get(topic)
        if source is None:
            raise Mismatch(f'no stream or table owns the topic "{topic}" of an output')
        seen = [decode_record(record, source, subject.formats) for record in subject.driver.records(topic)]
        expected = [record for record in case.outputs if record.topic == topic]
        compare_topic(topic, expected, seen, source, exact=exact, any_zero=not case.inputs)
