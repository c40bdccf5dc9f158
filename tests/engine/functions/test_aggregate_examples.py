"""Every example of the aggregate functions says what it claims, through a stream and its table."""

import json
from decimal import Decimal

import pytest

from headrace.engine.analysis.binder import bind
from headrace.engine.analysis.scope import Scope
from headrace.engine.codegen.evaluate import evaluate
from headrace.engine.functions.aggregate.examples import AGGREGATE_EXAMPLES, AggregateExample
from headrace.engine.functions.registry import default_registry
from headrace.engine.types.sqltype import Array
from headrace.engine.types.text import printer
from headrace.parser.reader import parse_expression
from headrace.runtime.testing.subject import Subject

EXAMPLES = [example for examples in AGGREGATE_EXAMPLES.values() for example in examples]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.sql)
def test_example(example: AggregateExample) -> None:
    assert _result(example) == example.result


def test_every_aggregate_function_has_an_example() -> None:
    registry = default_registry()

    assert set(AGGREGATE_EXAMPLES) == {name for name in registry.names() if registry.is_aggregate(name)}


def _result(example: AggregateExample) -> str:
    rows = bind(parse_expression(example.rows), Scope(), default_registry())
    assert isinstance(rows.type, Array)
    subject = Subject(flow=False, properties={})
    for statement in subject.parse(
        f"CREATE STREAM s (k INT KEY, v {rows.type.item}) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);"
        f"CREATE TABLE o AS SELECT k, {example.call} AS r FROM s GROUP BY k;"
    ):
        subject.execute(statement)
    key = (1).to_bytes(4, "big")
    records = [
        subject.driver.append("s", key, json.dumps({"V": v}, default=str).encode(), 0, ()) for v in evaluate(rows)
    ]
    (query,) = subject.driver.queries
    subject.driver.process(query, "s", tuple(records))
    result = subject.session.catalog.source("O").schema.value[0].type
    value = json.loads(subject.driver.records("O")[-1].value, parse_float=Decimal)["R"]
    return "NULL" if value is None else printer(result)(float(value) if str(result) == "DOUBLE" else value)
