"""The engine under test: one session in strict mode on a driver, made anew for every case.

The law: nothing but the case decides the outcome: the wall clock stands at 0, every change is emitted, and topics that
statements take for granted are there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from headrace.engine.catalog.metastore import Metastore
from headrace.engine.catalog.source import Source
from headrace.engine.codegen.serde import Formats
from headrace.engine.services import Topic
from headrace.engine.session import Session
from headrace.parser import parse
from headrace.parser.expressions import IntegerLiteral, StringLiteral
from headrace.parser.statements import CreateSource, Property, Statement
from headrace.runtime.driver import Driver
from headrace.runtime.log.base import Record
from headrace.runtime.serde.registry import default_formats

SETTINGS: Mapping[str, str] = {
    "auto.offset.reset": "earliest",
    "cache.max.bytes.buffering": "0",
    "headrace.decode.all.columns": "true",
}
"""Properties that hold in every case."""


class UnderTest(Protocol):
    """What scripts run on: a driver, or an engine."""

    @property
    def session(self) -> Session:
        """A session, to evaluate values and find sources with."""

    @property
    def formats(self) -> Formats:
        """The formats."""

    def parse(self, text: str) -> list[Statement]:
        """The statements of a text; raises ParseError."""

    def execute(self, statement: Statement) -> None:
        """Execute a statement; raises SqlError."""

    def source(self, name: str) -> Source:
        """A stream or table by name; raises SqlError."""

    def records(self, topic: str) -> Sequence[Record]:
        """All records of a topic so far, partition after partition."""

    def ensure_topic_of(self, statement: Statement, *, partitions: int) -> None:
        """Create the topic that a CREATE statement with columns reads, if it is missing."""

    def settle(self) -> None:
        """Process everything that was inserted."""

    def close(self) -> None:
        """Release everything."""


class Subject:
    """Session, driver, and which source owns which topic."""

    def __init__(
        self, *, flow: bool, properties: Mapping[str, str] | None = None, read_file: Callable[[str], str] | None = None
    ) -> None:
        self.formats: Formats = default_formats()
        self.driver = Driver(self.formats, flow=flow)
        services = replace(self.driver.services, read_file=read_file)
        self.session = Session(Metastore(), services, strict=True, properties={**SETTINGS, **(properties or {})})
        self.owners: dict[str, Source] = {}

    def parse(self, text: str) -> list[Statement]:
        """The statements of a text; raises ParseError."""
        return list(parse(text, variables=self.session.variables))

    def execute(self, statement: Statement) -> None:
        """Execute a statement; raises SqlError."""
        self.session.execute_statement(statement)
        for source in self.session.catalog.sources.values():
            owner = self.owners.get(source.topic)
            if owner is None or owner.name == source.name:
                self.owners[source.topic] = source

    def source(self, name: str) -> Source:
        """A stream or table by name; raises SqlError."""
        return self.session.catalog.source(name)

    def records(self, topic: str) -> Sequence[Record]:
        """All records of a topic so far."""
        return self.driver.records(topic)

    def ensure_topic(self, name: str, *, partitions: int, replicas: int = 1) -> None:
        """Create a topic if it is missing."""
        if self.driver.services.topics.describe(name) is None:
            self.driver.services.topics.create(Topic(name, partitions, replicas))

    def ensure_topic_of(self, statement: Statement, *, partitions: int) -> None:
        """Create the topic that a CREATE statement with columns reads, if it is missing."""
        topic = declared_topic(statement, partitions=partitions)
        if topic is not None:
            self.ensure_topic(topic.name, partitions=topic.partitions)

    def settle(self) -> None:
        """Wait until everything is processed: here it always is."""

    def close(self) -> None:
        """Release everything: there is nothing."""


def declared_topic(statement: Statement, *, partitions: int) -> Topic | None:
    """The topic of a CREATE statement with columns; `partitions` is the count where it says none."""
    if not isinstance(statement, CreateSource) or not statement.columns:
        return None
    count = _property(statement.properties, "PARTITIONS")
    topic = _property(statement.properties, "KAFKA_TOPIC") or statement.name
    return Topic(str(topic), int(count) if count is not None and str(count).isdigit() else partitions)


def _property(properties: tuple[Property, ...], name: str) -> str | int | None:
    for item in properties:
        if item.name == name and isinstance(item.value, StringLiteral | IntegerLiteral):
            return item.value.value
    return None
