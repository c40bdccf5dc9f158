"""Our queries in other engines' SQL, with our answers.

Law: a translation gives the answer that a continuous query ends at when nothing comes late. Logic stays two-valued: what is
neither true nor false elsewhere is FALSE here, so predicates whose value can be seen (under NOT, in a column) are completed.
A query's EMIT, grace, retention and partitioning do not change its final answer and are left out.
"""

from collections.abc import Iterable

from sqlglot import exp

from headrace.parser.dialect.expressions import Translator
from headrace.parser.dialect.kinds import Kinds
from headrace.parser.dialect.targets import TARGETS, Target, cannot_say
from headrace.parser.errors import SqlError
from headrace.parser.expressions import ColumnRef, Expression
from headrace.parser.statements import (
    AliasedSource,
    AllColumns,
    ColumnDefinition,
    Join,
    Query,
    Relation,
    SelectItem,
    StructAll,
    Within,
)


def to_sql(query: Query, target: Target, *, columns: Iterable[ColumnDefinition] = ()) -> str:
    """The query in the SQL of `target`; `columns` are the declared columns of its sources, for what depends on types.

    >>> from headrace.parser import parse
    >>> to_sql(parse("SELECT id FROM a WHERE NOT b = 1 EMIT CHANGES;")[0], "sqlite")
    'SELECT ID FROM A WHERE NOT COALESCE(B = 1, FALSE)'
    """
    translator = Translator(target, TARGETS[target], Kinds(columns), _window(query, TARGETS[target].title))
    try:
        return _Outgoing(translator).query(query).sql(dialect=target, comments=False)
    except RecursionError:
        raise SqlError("The query is too long a chain to be translated", span=query.span, kind="too deep") from None


def _window(query: Query, title: str) -> tuple[exp.Expr, int] | None:
    """When a row's window starts (its time less what has passed of its window), and how long it is."""
    window = query.window
    if window is None:
        return None
    if window.kind != "TUMBLING":
        raise cannot_say(title, f"a {window.kind} window", window.span, "only TUMBLING is arithmetic")
    names = {source.alias for source in _sources(query.relation)}
    if len(names) > 1:
        raise cannot_say(title, "a window over a join", window.span)
    time = exp.column("ROWTIME")
    size = window.size.milliseconds
    return exp.paren(exp.Sub(this=time, expression=exp.Mod(this=time.copy(), expression=_number(size)))), size


def _sources(relation: Relation) -> list[AliasedSource]:
    found = []
    while isinstance(relation, Join):
        found.append(relation.right)
        relation = relation.left
    return [relation, *reversed(found)]


class _Outgoing:
    """Clauses; expressions are the translator's."""

    def __init__(self, translator: Translator) -> None:
        self._expressions = translator

    def query(self, query: Query) -> exp.Select:
        select = exp.select(*(self._item(item) for item in query.items))
        select = self._from(select, query.relation)
        if query.where is not None:
            select = select.where(self._expressions.condition(query.where))
        if query.group_by:
            select = select.group_by(*(self._group(part) for part in query.group_by), *self._window_groups())
        if query.having is not None:
            select = select.having(self._expressions.condition(query.having))
        return select if query.limit is None else select.limit(query.limit)

    def _group(self, part: Expression) -> exp.Expr:
        made = self._expressions.value(part)
        # a bare number would be the position of a column
        return exp.cast(made, "INT") if isinstance(made, exp.Literal) else made

    def _window_groups(self) -> list[exp.Expr]:
        start = self._expressions.window_start
        return [] if start is None else [start.copy()]

    def _item(self, item: SelectItem | AllColumns | StructAll) -> exp.Expr:
        name = self._expressions.name
        match item:
            case SelectItem(expression=expression, alias=None):
                made = self._expressions.value(expression)
                is_bound = isinstance(expression, ColumnRef) and not isinstance(made, exp.Column)
                return (
                    exp.alias_(made, name(expression.name)) if is_bound and isinstance(expression, ColumnRef) else made
                )
            case SelectItem(expression=expression, alias=str(alias)):
                return exp.alias_(self._expressions.value(expression), name(alias))
            case AllColumns(source=None):
                return exp.Star()
            case AllColumns(source=str(source)):
                return exp.Column(this=exp.Star(), table=name(source))
            case _:
                raise cannot_say(self._expressions.title, '"->*"', item.span, "list the fields")

    def _from(self, select: exp.Select, relation: Relation) -> exp.Select:
        first, *_ = _sources(relation)
        joins: list[Join] = []
        while isinstance(relation, Join):
            joins.append(relation)
            relation = relation.left
        select = select.from_(self._source(first))
        for join in reversed(joins):
            condition = self._expressions.condition(join.condition)
            if join.within is not None:
                condition = exp.and_(condition, self._within(join, join.within))
            select = select.join(self._source(join.right), on=condition, join_type=join.kind.lower())
        return select

    def _source(self, source: AliasedSource) -> exp.Expr:
        table = exp.Table(this=self._expressions.name(source.name))
        return (
            table
            if source.alias == source.name
            else exp.alias_(table, self._expressions.name(source.alias), table=True)
        )

    def _within(self, join: Join, within: Within) -> exp.Expr:
        if isinstance(join.left, Join):
            raise cannot_say(self._expressions.title, "WITHIN after another join", within.span)
        time, name = exp.to_identifier("ROWTIME"), self._expressions.name
        left = exp.Column(this=time, table=name(join.left.alias))
        right = exp.Column(this=time.copy(), table=name(join.right.alias))
        return exp.Between(
            this=right,
            low=exp.Sub(this=left, expression=_number(within.before.milliseconds)),
            high=exp.Add(this=left.copy(), expression=_number(within.after.milliseconds)),
        )


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)
