"""CREATE OR REPLACE and CREATE of what exists: what may become of a stream or table under the same name.

The law: nothing that was written or read before changes its meaning; value columns may be added at the end.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from headrace.engine.catalog.source import Source
from headrace.engine.types.schema import Column, Schema
from headrace.parser.errors import Span, SqlError
from headrace.parser.statements import CreateSource

if TYPE_CHECKING:
    from headrace.engine.session import Session


def check_or_replace(session: "Session", existing: Source | None, statement: CreateSource) -> None:
    """Raise SqlError unless the statement may create its source, or put it in the place of the existing one."""
    word = statement.kind.lower()
    if statement.or_replace and (statement.read_only or (existing is not None and existing.read_only)):
        raise SqlError(
            f"Cannot add {word} '{statement.name}': CREATE OR REPLACE is not supported on source {word}s.",
            span=statement.span,
            hint="DROP it and create it anew" if existing is not None else "leave OR REPLACE out",
        )
    if existing is None:
        return
    if not statement.or_replace:
        raise SqlError(
            f"Cannot add {word} '{existing.name}': A {existing.kind.lower()} with the same name already exists",
            span=statement.span,
            hint="DROP it first, or use CREATE OR REPLACE or IF NOT EXISTS",
            kind="exists",
        )
    if not session.settings.flag("ksql.create.or.replace.enabled"):
        raise SqlError(
            "Cannot CREATE OR REPLACE: it is disabled by 'ksql.create.or.replace.enabled'.", span=statement.span
        )


def check_replacement(existing: Source, new: Source, *, span: Span | None) -> None:
    """Raise SqlError unless `new` can take the place of `existing`."""
    prefix = f"Cannot upgrade data source: Cannot upgrade {existing.kind.lower()} '{existing.name}':"
    if existing.kind != new.kind:
        raise SqlError(f"{prefix} it is a {existing.kind}, not a {new.kind}.", span=span)
    for what, old, now in (
        ("topic", existing.topic, new.topic),
        ("key format", existing.key_format, new.key_format),
        ("value format", existing.value_format, new.value_format),
        ("timestamp column", existing.timestamp, new.timestamp),
        ("window", existing.window, new.window),
    ):
        if old != now:
            raise SqlError(
                f"{prefix} the {what} must stay the same.", span=span, hint="DROP the source and create it anew"
            )
    _check_schema(existing, existing.schema, new.schema, span)


def _check_schema(existing: Source, old: Schema, new: Schema, span: Span | None) -> None:
    for before, now, exact, rule in (
        (old.key, new.key, True, "Key columns must be identical. The following key columns are"),
        (old.value, new.value, False, "The following columns are"),
        (old.headers, new.headers, True, "Header columns must be identical. The following header columns are"),
    ):
        changed = _changed(before, now, exact=exact)
        if changed:
            raise SqlError(
                f"Cannot upgrade data source: DataSource '{existing.name}' has schema = {old} which is not upgradeable to {new}. "
                f"({rule} changed, missing or reordered: [{Schema(tuple(changed))}])",
                span=span,
                hint="columns may only be added, at the end of the value",
            )


def _changed(old: Sequence[Column], new: Sequence[Column], *, exact: bool) -> list[Column]:
    changed = [c for n, c in enumerate(old) if n >= len(new) or new[n] != c]
    return changed or (list(new[len(old) :]) if exact else [])
