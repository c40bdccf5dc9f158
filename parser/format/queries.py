"""Queries as SQL."""

from headrace.parser.format.expressions import Binding, format_expression, format_list
from headrace.parser.format.names import format_name
from headrace.parser.statements import (
    AliasedSource,
    AllColumns,
    Duration,
    Join,
    Query,
    Relation,
    SelectItem,
    StructAll,
    Window,
    Within,
)


def format_query(query: Query) -> str:
    """A query on one line, its clauses in their order."""
    clauses = [f"SELECT {', '.join(_item(item) for item in query.items)} FROM {_relation(query.relation)}"]
    if query.window is not None:
        clauses.append(f"WINDOW {_window(query.window)}")
    if query.where is not None:
        clauses.append(f"WHERE {format_expression(query.where)}")
    if query.group_by:
        clauses.append(f"GROUP BY {format_list(query.group_by, Binding.VALUE)}")
    if query.partition_by:
        clauses.append(f"PARTITION BY {format_list(query.partition_by, Binding.VALUE)}")
    if query.having is not None:
        clauses.append(f"HAVING {format_expression(query.having)}")
    if query.emit is not None:
        clauses.append(f"EMIT {query.emit}")
    if query.limit is not None:
        clauses.append(f"LIMIT {query.limit}")
    return " ".join(clauses)


def format_duration(duration: Duration) -> str:
    """A duration, such as `10 SECONDS`."""
    return f"{duration.count} {duration.unit}"


def _item(item: SelectItem | AllColumns | StructAll) -> str:
    match item:
        case AllColumns(source=None):
            return "*"
        case AllColumns(source=str(source)):
            return f"{format_name(source)}.*"
        case StructAll(expression=expression):
            return f"{format_expression(expression, Binding.POSTFIX)}->*"
        case SelectItem(expression=expression, alias=alias):
            text = format_expression(expression)
            return text if alias is None else f"{text} AS {format_name(alias)}"
        case _:
            raise TypeError(item)


def _relation(relation: Relation) -> str:
    match relation:
        case AliasedSource(name=name, alias=alias):
            return format_name(name) if alias == name else f"{format_name(name)} AS {format_name(alias)}"
        case Join(left=left, kind=kind, right=right, within=within, condition=condition):
            window = "" if within is None else f" {_within(within)}"
            return f"{_relation(left)} {kind} JOIN {_relation(right)}{window} ON {format_expression(condition)}"


def _within(within: Within) -> str:
    size = format_duration(within.before)
    if within.after != within.before:
        size = f"({size}, {format_duration(within.after)})"
    return f"WITHIN {size}" + ("" if within.grace is None else f" GRACE PERIOD {format_duration(within.grace)}")


def _window(window: Window) -> str:
    parts = [format_duration(window.size) if window.kind == "SESSION" else f"SIZE {format_duration(window.size)}"]
    if window.advance is not None:
        parts.append(f"ADVANCE BY {format_duration(window.advance)}")
    if window.retention is not None:
        parts.append(f"RETENTION {format_duration(window.retention)}")
    if window.grace is not None:
        parts.append(f"GRACE PERIOD {format_duration(window.grace)}")
    name = "" if window.name is None else f"{format_name(window.name)} "
    return f"{name}{window.kind} ({', '.join(parts)})"
