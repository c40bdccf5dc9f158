"""A session of an engine, for one user: statements run on the engine's thread, iterating results does not."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol, TypeVar

from headrace.engine.results import AnyResult
from headrace.engine.session import Session
from headrace.parser.statements import Statement
from headrace.runtime.intake import Progress

if TYPE_CHECKING:
    from headrace.runtime.engine import Engine

T = TypeVar("T")


class Execute(Protocol):
    """Executes a text in a session."""

    def __call__(
        self, session: Session, sql: str, properties: Mapping[str, str] | None, progress: Progress | None, /
    ) -> list[AnyResult]: ...


class Run(Protocol):
    """Runs a call on the engine's thread; what it inserts is durable afterwards."""

    def __call__(self, act: Callable[[], T], /) -> T: ...


class SessionHandle:
    """Statements, properties and variables of one user."""

    def __init__(self, engine: "Engine", session: Session, execute: Execute, run: Run) -> None:
        self.engine = engine
        self._session = session
        self._execute = execute
        self._run = run

    @property
    def properties(self) -> dict[str, str]:
        """The session's properties."""
        return self._session.properties

    @property
    def variables(self) -> dict[str, str]:
        """The session's variables."""
        return self._session.variables

    def execute(
        self, sql: str, *, properties: Mapping[str, str] | None = None, progress: Progress | None = None
    ) -> list[AnyResult]:
        """Execute statements; `properties` override the session's for this call, `progress` (table of the log → entries) is
        kept in the commit of what they write."""
        return self._execute(self._session, sql, properties, progress)

    def execute_statement(self, statement: Statement) -> AnyResult | None:
        """Execute one parsed statement."""
        return self._run(lambda: self._session.execute_statement(statement))
