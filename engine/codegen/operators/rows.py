"""Operators that take a row to a row: filter, projection, table functions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from headrace.engine.analysis.bound import Bound, Column, Compare, IsNull, Logical
from headrace.engine.codegen.builder import Consume, Row, StageBuilder


@dataclass(frozen=True, slots=True)
class Named:
    """An expression with the name of the column that it makes; `text` is its SQL, for reports."""

    name: str
    bound: Bound
    text: str


def write_filter(
    builder: StageBuilder, row: Row, predicate: Bound, text: str, consume: Consume, *, otherwise: Consume | None = None
) -> None:
    """Let rows pass for which the predicate is TRUE; others go to `otherwise`, if anywhere."""
    code = builder.code
    passes = builder.expressions(row).predicate(predicate, text)
    with code.block(f"if not {_atom(passes)}:"):
        if otherwise is not None:
            otherwise(row)
        code.line(row.skip)
    consume(replace(row, present=row.present | never_null(predicate)))


def never_null(predicate: Bound) -> frozenset[str]:
    """The columns that are not NULL where the predicate is TRUE: comparisons with NULL never are."""
    match predicate:
        case Compare(_, operator, left, right) if "DISTINCT" not in operator:
            return frozenset(side.key for side in (left, right) if isinstance(side, Column))
        case IsNull(_, Column(_, key), True):
            return frozenset((key,))
        case Logical(_, "AND", operands):
            return frozenset().union(*(never_null(o) for o in operands))
        case _:
            return frozenset()


def write_projection(builder: StageBuilder, row: Row, items: Sequence[Named], consume: Consume) -> None:
    """Compute columns; the row afterwards has these only."""
    expressions = builder.expressions(row)
    columns = {item.name: expressions.column(item.bound, item.text) for item in items}
    consume(row.with_columns(columns))


def write_explode(builder: StageBuilder, row: Row, functions: Sequence[Named], consume: Consume) -> None:
    """Zip the rows that table functions give; shorter ones are padded with NULL, a failing or NULL one gives none."""
    code = builder.code
    expressions = builder.expressions(row)
    lists = [expressions.column(f.bound, f.text) for f in functions]
    names = [builder.variable(f.name) for f in functions]
    if len(lists) == 1:
        with code.block(f"for {names[0]} in {lists[0]} or ():"):
            consume(row.with_columns({**row.columns, functions[0].name: names[0]}))
        return
    zipped = code.bind("zip_longest", zip_longest)
    arguments = ", ".join(f"{variable} or ()" for variable in lists)
    with code.block(f"for {', '.join(names)} in {zipped}({arguments}):"):
        consume(row.with_columns({**row.columns, **{f.name: n for f, n in zip(functions, names, strict=True)}}))


def _atom(expression: str) -> str:
    return expression if expression.isidentifier() else f"({expression})"
