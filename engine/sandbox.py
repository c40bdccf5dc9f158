"""A session whose statements take effect on copies only: for validating a text of several statements."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from headrace.engine.catalog.metastore import Metastore
from headrace.engine.plan.physical import PhysicalPlan
from headrace.engine.results import QueryRow, RowSource
from headrace.engine.services import Command, Commands, Queries, QueryStatus, Topic, Topics

if TYPE_CHECKING:
    from headrace.engine.session import Session


def sandboxed(session: "Session") -> "Session":
    """A copy of the session that writes nothing and starts nothing."""
    metastore = Metastore()
    metastore.swap(session.metastore.catalog)
    metastore.plans.update(session.metastore.plans)
    services = replace(
        session.services,
        topics=_Topics(session.services.topics),
        queries=_Queries(session.services.queries),
        commands=_Commands(session.services.commands.next_sequence()),
    )
    trial = type(session)(
        metastore, services, strict=session.strict, properties=session.properties, registry=session.registry
    )
    trial.variables = dict(session.variables)
    trial.scripts = session.scripts
    return trial


class _Topics(Topics):
    """Topics created and deleted in memory over the real ones."""

    def __init__(self, real: Topics) -> None:
        self._real = real
        self._changes: dict[str, Topic | None] = {}

    def describe(self, name: str) -> Topic | None:
        return self._changes[name] if name in self._changes else self._real.describe(name)

    def create(self, topic: Topic) -> None:
        self._changes[topic.name] = topic

    def delete(self, name: str) -> None:
        self._changes[name] = None

    def all(self) -> Sequence[Topic]:
        return self._real.all()

    def append(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        timestamp: int,
        headers: Sequence[tuple[str, bytes | None]] = (),
    ) -> None:
        pass

    def records(self, topic: str, *, from_beginning: bool, limit: int | None, follow: bool) -> Iterator[Any]:
        return iter(())


class _Queries(Queries):
    """Starts nothing."""

    def __init__(self, real: Queries) -> None:
        self._real = real

    def start(self, plan: PhysicalPlan, *, offset_reset: str, paused: bool = False) -> None:
        pass

    def subscribe(self, plan: PhysicalPlan, *, offset_reset: str) -> RowSource:
        return _NoRows()

    def stop(self, query_id: str, *, forget: bool) -> None:
        pass

    def pause(self, query_id: str) -> None:
        pass

    def resume(self, query_id: str) -> None:
        pass

    def all(self) -> Sequence[QueryStatus]:
        return self._real.all()

    def lookup(
        self, query_id: str, keys: Sequence[Any] | None, window_start: tuple[int, int] | None
    ) -> Iterator[tuple[Any, ...]]:
        return iter(())


class _NoRows(RowSource):
    def __iter__(self) -> Iterator[QueryRow]:
        return iter(())

    def close(self) -> None:
        pass


class _Commands(Commands):
    """Counts commands."""

    def __init__(self, sequence: int) -> None:
        self._sequence = sequence

    def next_sequence(self) -> int:
        return self._sequence

    def append(self, command: Command) -> int:
        self._sequence += 1
        return self._sequence - 1
