"""The SELECT list: stars expanded, names given, keys found."""

from collections.abc import Sequence
from dataclasses import dataclass

from headrace.engine.analysis.text import expression_text
from headrace.engine.planner.names import RESERVED, ColumnNames, SourceNames
from headrace.parser.errors import SqlError
from headrace.parser.expressions import ColumnRef, Dereference, Expression
from headrace.parser.statements import AllColumns, SelectItem, StructAll
from headrace.parser.walk import rewrite


@dataclass(frozen=True, slots=True)
class Item:
    """A selected expression (columns qualified) and its name; `aliased`: the user gave the name, `starred`: `*` stands for it."""

    expression: Expression
    name: str
    aliased: bool = False
    starred: bool = False


def starred(names: SourceNames, *, key: Sequence[tuple[str, Expression]] | None, bounds: bool) -> list[Item]:
    """What `*` stands for: key columns, window bounds, then value columns.

    With a new `key` (PARTITION BY) those come first, the other columns in order, the old key last.
    """
    schema = names.source.schema
    old_key = [c.name for c in schema.key]
    values = [c.name for c in schema if c.name not in old_key]
    window = ["WINDOWSTART", "WINDOWEND"] if bounds and names.source.window else []
    if key is None:
        return [Item(ColumnRef(c), c) for c in [*old_key, *window, *values]]
    new = [Item(expression, name, starred=True) for name, expression in key]
    taken = {expression.name for _, expression in key if isinstance(expression, ColumnRef)}
    return new + [Item(ColumnRef(c), c) for c in [*values, *old_key] if c not in taken]


def name_items(items: Sequence[SelectItem | Item | AllColumns | StructAll], column_names: ColumnNames) -> list[Item]:
    """Every item with its name; stars are expanded by the caller beforehand."""
    named = []
    for item in items:
        if isinstance(item, Item):
            named.append(item)
        elif isinstance(item, SelectItem):
            name = item.alias or column_names.name(item.expression)
            named.append(Item(item.expression, name, item.alias is not None))
    return named


def check_names(items: Sequence[Item], *, persistent: bool) -> None:
    """Raise SqlError for reserved and repeated names."""
    seen: set[str] = set()
    for item in items:
        # What a stream is partitioned by may be a pseudo column, as long as nobody had to write its name.
        if item.name in RESERVED and persistent and not item.starred:
            own = isinstance(item.expression, ColumnRef) and item.expression.name == item.name
            if item.aliased and not own:
                raise SqlError(
                    f"`{item.name}` is a reserved column name. You cannot use it as an alias for a column.",
                    span=item.expression.span,
                )
            raise SqlError(
                f"Reserved column name in select: `{item.name}`. Please remove or alias the column.",
                span=item.expression.span,
            )
        if item.name in seen:
            raise SqlError(
                f"The projection contains the column name `{item.name}` more than once.",
                span=item.expression.span,
                hint="give one of them an alias",
            )
        seen.add(item.name)


def struct_fields(base: Expression, fields: Sequence[str]) -> list[SelectItem]:
    """What `base->*` stands for."""
    return [SelectItem(Dereference(base, field, span=base.span), span=base.span) for field in fields]


@dataclass(frozen=True, slots=True)
class KeyRule:
    """Which of the selected items are the key. `wording` is what errors call a key: a key column, a grouping expression, …

    With a `qualifier` errors show the columns of keys under the name of their source.
    """

    items: tuple[Item, ...]
    keys: tuple[Expression, ...]
    wording: str = "key column"
    qualifier: str | None = None

    def names(self) -> list[str]:
        """The names of the items that are the key, in key order; keys that are not selected are left out."""
        found = (next((i.name for i in self.items if i.expression == key), None) for key in self.keys)
        return [name for name in found if name is not None]

    def check(self, target: str) -> None:
        """Raise SqlError unless each key is selected exactly once."""
        for key in self.keys:
            matches = [i.name for i in self.items if i.expression == key]
            if len(matches) > 1:
                raise SqlError(
                    self._repeated(key, matches),
                    span=key.span,
                    hint="use AS_VALUE(key) to copy a key column into the value",
                )
        if len(self.names()) < len(self.keys):
            raise SqlError(
                self._missing(target), hint="a key column that is needed in the value too is copied with AS_VALUE"
            )

    def _repeated(self, key: Expression, names: Sequence[str]) -> str:
        if self.wording == "grouping expression":
            quoted = listed([f"`{n}`" for n in names])
            return f"The projection contains a key column more than once: {quoted}."
        return f"The projection contains a key column (`{expression_text(key)}`) more than once, aliased as: {listed(names)}."

    def _missing(self, target: str) -> str:
        texts = [expression_text(qualified(k, self.qualifier) if self.qualifier else k) for k in self.keys]
        plural = "s" if len(texts) > 1 else ""
        return (
            f"The query used to build `{target}` must include the {self.wording}{plural} {listed(texts)} in its projection "
            f"(eg, SELECT {', '.join(texts)}...)."
        )


def qualified(expression: Expression, source: str) -> Expression:
    """The expression with the name of a source before its columns."""

    def rule(part: Expression) -> Expression | None:
        if isinstance(part, ColumnRef) and part.source is None:
            return ColumnRef(part.name, source, span=part.span)
        return None

    return rewrite(expression, rule)


def listed(texts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + " and " + texts[-1]
