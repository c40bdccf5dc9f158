"""The SELECT list: stars expanded, names given, keys found."""

from collections.abc import Sequence
from dataclasses import dataclass

from headrace.engine.planner.names import RESERVED, ColumnNames, SourceNames
from headrace.parser.errors import SqlError
from headrace.parser.expressions import ColumnRef, Dereference, Expression
from headrace.parser.format import format_expression
from headrace.parser.statements import AllColumns, SelectItem, StructAll


@dataclass(frozen=True, slots=True)
class Item:
    """A selected expression (columns qualified) and its name; `aliased` says that the user gave the name."""

    expression: Expression
    name: str
    aliased: bool = False


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
    new = [Item(expression, name) for name, expression in key]
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
        if item.name in RESERVED and persistent:
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


def find_keys(
    items: Sequence[Item], keys: Sequence[Expression], *, target: str | None, partitioning: str | None
) -> list[str]:
    """The names of the items that are the key, in key order; with a `target` each must be there exactly once.

    `partitioning` words the error ("partitioning expression", "grouping expression"), None: plain key columns.
    """
    found: list[str] = []
    for key in keys:
        matches = [i.name for i in items if i.expression == key]
        if target is not None and len(matches) > 1:
            raise SqlError(
                f"The projection contains a key column (`{_plain(key)}`) more than once, aliased as: {_list(matches)}.",
                hint="use AS_VALUE(key) to copy a key column into the value",
            )
        found += matches[:1]
    if target is not None and len(found) < len(keys):
        raise SqlError(
            _missing(keys, target, partitioning),
            hint="a key column that is needed in the value too is copied with AS_VALUE",
        )
    return found


def _missing(keys: Sequence[Expression], target: str, partitioning: str | None) -> str:
    texts = [_plain(k) for k in keys]
    plural = "s" if len(keys) > 1 else ""
    what = f"key column{plural}" if partitioning is None else f"{partitioning}{plural}"
    return f"The query used to build `{target}` must include the {what} {_list(texts)} in its projection (eg, SELECT {', '.join(texts)}...)."


def _plain(expression: Expression) -> str:
    return expression.name if isinstance(expression, ColumnRef) else format_expression(expression)


def _list(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + " and " + texts[-1]
