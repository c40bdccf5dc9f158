"""The engine under test in the modes that are not record by record: a real engine, log and scheduler, on a clock that stands.

The law: INSERTs are held until another statement comes, so that each longest run into one source is one commit.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from headrace.engine.catalog.source import Source
from headrace.engine.codegen.serde import Formats
from headrace.engine.services import Topic
from headrace.engine.session import Session
from headrace.parser import parse
from headrace.parser.statements import InsertValues, Statement
from headrace.runtime.clock import ManualClock
from headrace.runtime.engine import Engine, open
from headrace.runtime.log.base import Headers, Record, Row
from headrace.runtime.testing.outcome import Mismatch
from headrace.runtime.testing.subject import SETTINGS, declared_topic

MAX_RECORDS = 100_000
"""Of a partition that are read at once: more than any case writes."""


class EngineSubject:
    """An engine in memory that gets each run of INSERTs as one batch."""

    def __init__(self, url: str = "memory:") -> None:
        self._url = url
        self._held: list[InsertValues] = []
        self._open(SETTINGS)

    @property
    def session(self) -> Session:
        """A session on the engine's catalog whose INSERTs go nowhere."""
        return self._collecting({})

    @property
    def formats(self) -> Formats:
        """The engine's formats."""
        return self._engine.formats

    def parse(self, text: str) -> list[Statement]:
        """The statements of a text; raises ParseError."""
        return list(parse(text, variables=self._handle.variables))

    def execute(self, statement: Statement) -> None:
        """Execute a statement, or hold it if it is an INSERT; raises SqlError."""
        if isinstance(statement, InsertValues):
            if self._held and self._held[0].name != statement.name:
                self.settle()
            self._held.append(statement)
            return
        self.settle()
        self._handle.execute_statement(statement)

    def source(self, name: str) -> Source:
        """A stream or table by name; raises SqlError."""
        return self._engine.catalog.source(name)

    def records(self, topic: str) -> Sequence[Record]:
        """All records of a topic, partition after partition."""
        log = self._engine.log
        described = log.describe(topic)
        found: list[Record] = []
        for partition in range(described.partitions if described else 0):
            offset = log.begin_offset(topic, partition)
            while offset < log.end_offset(topic, partition):
                read = log.read(topic, partition, offset, max_records=MAX_RECORDS)
                found += read.records
                offset = read.next_offset
        return found

    def ensure_topic_of(self, statement: Statement, *, partitions: int) -> None:
        """Create the topic that a CREATE statement with columns reads, if it is missing."""
        topic = declared_topic(statement, partitions=partitions)
        if topic is not None and self._engine.services.topics.describe(topic.name) is None:
            self._engine.services.topics.create(Topic(topic.name, topic.partitions))

    def settle(self) -> None:
        """Write the held INSERTs and process everything."""
        self._flush()
        self._drain()

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()

    def _open(self, properties: Mapping[str, str]) -> None:
        self._engine: Engine = open(self._url, clock=ManualClock(), strict=True, threaded=False)
        self._handle = self._engine.session(properties)

    def _flush(self) -> None:
        held, self._held = self._held, []
        rows: dict[str, list[Row]] = {}
        session = self._collecting(rows)
        for statement in held:
            session.execute_statement(statement)
        for topic, written in rows.items():
            self._append(topic, written)

    def _append(self, topic: str, rows: Sequence[Row]) -> None:
        described = self._engine.log.describe(topic)
        place = self._engine.partitioner(described.partitions if described else 1)
        placed: dict[int, list[Row]] = {}
        for row in rows:
            placed.setdefault(place(row[1]), []).append(row)
        self._engine.append(topic, placed)

    def _drain(self) -> None:
        self._engine.wait_idle()
        for query in self._engine.queries():
            if query.errors:
                raise Mismatch(f"a query failed: {query.id}: {query.errors[-1][1]}")

    def _collecting(self, rows: dict[str, list[Row]]) -> Session:
        services = self._engine.services
        topics = _CollectingTopics(services.topics, rows)
        collecting = replace(services, topics=topics)
        return Session(self._engine.metastore, collecting, strict=True, properties=self._handle.properties)


class RestartedSubject(EngineSubject):
    """An engine in a directory that is closed and opened again before every INSERT."""

    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="headrace-test-")
        super().__init__(f"file:{self._directory.name}/log")

    def execute(self, statement: Statement) -> None:
        """Execute a statement; before an INSERT, restart."""
        if isinstance(statement, InsertValues):
            self.settle()
            properties = dict(self._handle.properties)
            self._engine.close()
            self._open(properties)
        super().execute(statement)

    def close(self) -> None:
        """Close the engine and delete its directory."""
        super().close()
        self._directory.cleanup()


class _CollectingTopics:
    """Topics whose appended rows are collected instead of written."""

    def __init__(self, topics: Any, rows: dict[str, list[Row]]) -> None:
        self._topics = topics
        self._rows = rows

    def append(self, topic: str, key: bytes | None, value: bytes | None, timestamp: int, headers: Headers = ()) -> None:
        self._rows.setdefault(topic, []).append((timestamp, key, value, tuple(headers)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._topics, name)
