"""Binding of written expressions over one row with a column of every type."""

from collections.abc import Callable

import pytest

from headrace.engine.analysis.binder import bind
from headrace.engine.analysis.bound import Bound
from headrace.engine.analysis.scope import Scope
from headrace.engine.functions.registry import default_registry
from headrace.engine.types.sqltype import (
    BIGINT,
    BOOLEAN,
    BYTES,
    DATE,
    DOUBLE,
    INTEGER,
    STRING,
    TIME,
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
    "BYT": BYTES,
    "DA": DATE,
    "TI": TIME,
    "TS": TIMESTAMP,
    "ARR": Array(INTEGER),
    "M": Map(STRING, BIGINT),
    "ST": Struct((("F", INTEGER), ("G", Struct((("X", STRING),))))),
    "ROWTIME": BIGINT,
}


def written(text: str) -> Expression:
    """The expression that a text means."""
    (statement,) = parse(f"SELECT {text} FROM X EMIT CHANGES;")
    assert isinstance(statement, Query)
    (item,) = statement.items
    assert isinstance(item, SelectItem)
    return item.expression


@pytest.fixture
def bound() -> Callable[[str], Bound]:
    """Binds a text."""
    return lambda text: bind(written(text), Scope.of(COLUMNS), default_registry())
