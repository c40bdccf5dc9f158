"""Running written expressions over a row, through the code that the record loop would have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from headrace.engine.analysis.binder import bind
from headrace.engine.analysis.scope import Scope
from headrace.engine.codegen.expression import ExpressionWriter
from headrace.engine.codegen.source import Code
from headrace.engine.functions.registry import default_registry
from headrace.engine.types.sqltype import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    STRING,
    TIMESTAMP,
    Array,
    Decimal,
    Map,
    SqlType,
    Struct,
)
from headrace.parser import parse
from headrace.parser.expressions import Expression
from headrace.parser.statements import Query, SelectItem

COLUMNS: dict[str, SqlType] = {
    "B": BOOLEAN,
    "I": INTEGER,
    "L": BIGINT,
    "D": DOUBLE,
    "DEC": Decimal(4, 2),
    "S": STRING,
    "T": STRING,
    "DA": DATE,
    "TS": TIMESTAMP,
    "ARR": Array(INTEGER),
    "M": Map(STRING, BIGINT),
    "ST": Struct((("F", INTEGER), ("G", Struct((("X", STRING),))))),
}


@dataclass
class Reports:
    """The errors that were reported, as the runtime would keep them."""

    errors: list[BaseException] = field(default_factory=list)

    def failed(self, site: int, record: object, error: BaseException) -> None:
        assert (site, record) == (7, "the record")
        self.errors.append(error)


@dataclass(frozen=True)
class Outcome:
    """What an expression gave."""

    value: Any
    reports: int
    source: str


def written(text: str) -> Expression:
    """The expression that a text means."""
    (statement,) = parse(f"SELECT {text} FROM X EMIT CHANGES;", limit=None)
    assert isinstance(statement, Query)
    (item,) = statement.items
    assert isinstance(item, SelectItem)
    return item.expression


def run(
    expression: Expression, types: Mapping[str, SqlType], row: Mapping[str, object], *, predicate: bool = False
) -> Outcome:
    """Bind, write, compile and run an expression over one row."""
    bound = bind(expression, Scope.of(types), default_registry())
    code = Code()
    variables = {name: f"c{number}" for number, name in enumerate(types)}
    with code.block(f"def compute(problems, r, {', '.join(variables.values())}):"):
        writer = ExpressionWriter(code, variables, nullable=None, site=lambda text: 7, record="r", problems="problems")
        code.line(f"return {(writer.predicate if predicate else writer.column)(bound, 'text')}")
    namespace: dict[str, Any] = dict(code.constants)
    exec(code.compile("test"), namespace)
    reports = Reports()
    value = namespace["compute"](reports, "the record", *(row.get(name) for name in types))
    return Outcome(value, len(reports.errors), code.text)


@pytest.fixture
def compute() -> Callable[..., Outcome]:
    """Runs a text over a row given as keyword arguments (missing columns are NULL)."""
    return lambda text, **row: run(written(text), COLUMNS, row)


@pytest.fixture
def condition() -> Callable[..., Outcome]:
    """Runs a text as a condition."""
    return lambda text, **row: run(written(text), COLUMNS, row, predicate=True)
