"""Other engines' SELECTs as our queries.

Law: what comes back has been read by our own parser, so nothing gets through that is no statement of ours. Two things are
for the user to know: other engines' logic has three values (`NOT a = b` drops rows with a NULL there and keeps them here),
and to `||` a NULL is no text here.
"""

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from headrace.parser.dialect.headrace import Headrace
from headrace.parser.dialect.targets import TARGETS, Target
from headrace.parser.errors import ParseError
from headrace.parser.reader import parse
from headrace.parser.statements import Query


def from_sql(text: str, read: Target) -> Query:
    """The query that `text`, a SELECT in the SQL of `read`, is in ours; raises ParseError.

    >>> from_sql("SELECT upper(name) FROM people WHERE age // 2 > 9", "duckdb").text
    'SELECT UCASE(NAME) FROM PEOPLE WHERE AGE / 2 > 9'
    """
    title = TARGETS[read].title
    try:
        trees = sqlglot.parse(text, read=read)
        if len(trees) != 1 or not isinstance(trees[0], exp.Select):
            raise ParseError(f"The text is not one SELECT of {title}")
        select = trees[0]
        _check_positions(select)
        _fold_names(select)
        _find_fields(select)
        spelt = select.sql(dialect=Headrace, comments=False)
    except SqlglotError as error:
        raise ParseError(f"The text is not SQL of {title}: {str(error).partition(chr(10))[0]}") from None
    except RecursionError:
        raise ParseError("The text is nested too deeply", kind="too deep") from None
    return _read(spelt, title)


def _read(spelt: str, title: str) -> Query:
    try:
        (query,) = parse(spelt + ";")
    except ParseError as error:
        raise ParseError(f"What {title} says here cannot be said: {error}", span=error.span) from None
    assert isinstance(query, Query), spelt
    return query


def _check_positions(select: exp.Select) -> None:
    """`GROUP BY 1` is a column's position elsewhere, and the number 1 here."""
    group = select.args.get("group")
    if group is not None and any(isinstance(part, exp.Literal) for part in group.expressions):
        raise ParseError("GROUP BY takes no positions", hint="repeat the expression")


def _fold_names(select: exp.Select) -> None:
    """To each target a name in lower case is the same with quotes and without."""
    for name in select.find_all(exp.Identifier):
        if name.name == name.name.lower():
            name.set("quoted", False)


def _find_fields(select: exp.Select) -> None:
    """`a.b` is a column of the source a or, where there is none, the field b of the column a."""
    sources = {table.alias_or_name.upper() for table in select.find_all(exp.Table)}
    for column in list(select.find_all(exp.Column)):
        parts = column.parts
        if len(parts) > 1 and not isinstance(parts[-1], exp.Star):
            length = 2 if parts[0].name.upper() in sources else 1
            made: exp.Expr = exp.Column(this=parts[length - 1], table=parts[0] if length == 2 else None)
            for part in parts[length:]:
                made = exp.Dot(this=made, expression=part)
            if len(parts) > length:
                column.replace(made)
    for dot in list(select.find_all(exp.Dot)):
        if isinstance(dot.this, exp.Paren) and isinstance(dot.this.this, exp.Column):
            dot.this.replace(dot.this.this)
