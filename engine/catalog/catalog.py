"""One immutable version of the catalog; every change gives a new one."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from headrace.engine.catalog.source import Source
from headrace.engine.types.sqltype import SqlType
from headrace.parser.errors import Span, SqlError


@dataclass(frozen=True, slots=True)
class PersistentQuery:
    """A running CREATE … AS or INSERT INTO … SELECT."""

    id: str
    sql: str
    sources: tuple[str, ...]
    sink: str
    steps: object = None
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalog:
    """Sources, custom types and persistent queries by name."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    types: Mapping[str, SqlType] = field(default_factory=dict)
    queries: Mapping[str, PersistentQuery] = field(default_factory=dict)

    def source(self, name: str, *, span: Span | None = None, message: str | None = None) -> Source:
        """The stream or table of that name; raises SqlError (with `message`, where given) and the nearest names."""
        found = self.sources.get(name)
        if found is not None:
            return found
        message = message or f"{name} does not exist."
        same = next((s for s in self.sources if s.upper() == name.upper()), None)
        if same is None:
            raise SqlError(message, span=span, hint=self._suggestion(name), kind="unknown source")
        quotes = (
            " Hint: wrap the source name in double quotes to make it case-sensitive." if same != same.upper() else ""
        )
        raise SqlError(f'{message}\nDid you mean "{same}"?{quotes}', span=span, kind="unknown source")

    def _suggestion(self, name: str) -> str:
        near = difflib.get_close_matches(name.upper(), {s.upper(): s for s in self.sources}, n=1)
        if near:
            return f'did you mean "{next(s for s in self.sources if s.upper() == near[0])}"?'
        return "SHOW STREAMS and SHOW TABLES list what there is"

    def with_source(self, source: Source) -> "Catalog":
        """With a source added or replaced."""
        return replace(self, sources={**self.sources, source.name: source})

    def without_source(self, name: str) -> "Catalog":
        """Without a source."""
        return replace(self, sources={k: v for k, v in self.sources.items() if k != name})

    def with_type(self, name: str, type: SqlType) -> "Catalog":
        """With a custom type."""
        return replace(self, types={**self.types, name: type})

    def without_type(self, name: str) -> "Catalog":
        """Without a custom type."""
        return replace(self, types={k: v for k, v in self.types.items() if k != name})

    def with_query(self, query: PersistentQuery) -> "Catalog":
        """With a persistent query."""
        return replace(self, queries={**self.queries, query.id: query})

    def without_query(self, query_id: str) -> "Catalog":
        """Without a persistent query."""
        return replace(self, queries={k: v for k, v in self.queries.items() if k != query_id})

    def readers(self, name: str) -> tuple[str, ...]:
        """Ids of the queries that read a source."""
        return tuple(q.id for q in self.queries.values() if name in q.sources)

    def writers(self, name: str) -> tuple[str, ...]:
        """Ids of the queries that write a source."""
        return tuple(q.id for q in self.queries.values() if q.sink == name)
