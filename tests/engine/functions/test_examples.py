"""Every example in the library says what it claims."""

import pytest

from headrace.engine.analysis.binder import bind
from headrace.engine.analysis.scope import Scope
from headrace.engine.codegen.evaluate import evaluate
from headrace.engine.functions.registry import default_registry
from headrace.engine.types.text import printer
from headrace.parser.reader import parse_expression

EXAMPLES = sorted(
    {
        example
        for name in default_registry().names()
        if not default_registry().is_aggregate(name)
        for variation in default_registry().describe(name).variations
        for example in variation.examples
    }
)


@pytest.mark.parametrize(("sql", "expected"), EXAMPLES, ids=[sql for sql, _ in EXAMPLES])
def test_example(sql: str, expected: str) -> None:
    bound = bind(parse_expression(sql), Scope(), default_registry())

    value = evaluate(bound)

    assert ("NULL" if value is None else printer(bound.type)(value)) == expected
