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

    def source(self, name: str, *, span: Span | None = None) -> Source:
        """The stream or table of that name; raises SqlError with the nearest names."""
        found = self.sources.get(name)
        if found is None:
            raise SqlError(f"{name} does not exist.", span=span, hint=self._suggestion(name), kind="unknown source")
        return found

    def _suggestion(self, name: str) -> str:
        same = [s for s in self.sources if s.upper() == name.upper()]
        near = same or difflib.get_close_matches(name, self.sources, n=1)
        if near:
            quoted = near[0] if near[0] == near[0].upper() else f"`{near[0]}`"
            return f'did you mean "{quoted}"?'
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
