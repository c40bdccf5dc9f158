"""Rows from a program as records of a source."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from headrace.engine.catalog.source import Source
from headrace.engine.session import Session
from headrace.engine.statements.insert_values import encode
from headrace.engine.types.schema import Namespace
from headrace.parser.errors import SqlError
from headrace.runtime.log.base import Row


def encoded_rows(session: Session, source: Source, rows: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """The rows as records; names match exactly, else in upper case. Raises SqlError."""
    names = {c.name for c in source.schema.columns if c.namespace is not Namespace.HEADERS}
    for row in rows:
        values: dict[str, Any] = {}
        timestamp = None
        for name, value in row.items():
            known = name if name in names else name.upper()
            if known == "ROWTIME":
                timestamp = value
            elif known in names:
                values[known] = value
            else:
                existing = ", ".join(sorted(names))
                raise SqlError(
                    f'Column "{name}" not found in "{source.name}".',
                    hint=f"existing columns: {existing}",
                    kind="unknown column",
                )
        key, data = encode(session, source, values)
        yield (session.services.clock.now_ms() if timestamp is None else int(timestamp)), key, data, ()
