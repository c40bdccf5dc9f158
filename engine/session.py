"""A session: properties and variables of one user, statements in, results out.

The law: a text of several statements is validated as a whole on a snapshot before the first one takes effect.
"""

from collections.abc import Mapping, Sequence

from headrace.engine.catalog.catalog import Catalog
from headrace.engine.catalog.metastore import Metastore
from headrace.engine.config import Settings
from headrace.engine.functions.registry import FunctionRegistry, default_registry
from headrace.engine.planner.query import QueryPlanner
from headrace.engine.results import AnyResult
from headrace.engine.sandbox import sandboxed
from headrace.engine.services import Command, Services
from headrace.engine.statements import handler_of
from headrace.engine.statements.script import script_results
from headrace.parser import parse
from headrace.parser.errors import SqlError
from headrace.parser.statements import RunScript, Statement


class Session:
    """Executes statements for one user on the shared metastore."""

    def __init__(
        self,
        metastore: Metastore,
        services: Services,
        *,
        strict: bool = False,
        properties: Mapping[str, str] | None = None,
        registry: FunctionRegistry | None = None,
    ) -> None:
        self.metastore = metastore
        self.services = services
        self.strict = strict
        self.properties: dict[str, str] = dict(properties or {})
        self.variables: dict[str, str] = {}
        self.registry = registry or default_registry()
        self.replayed: int | None = None
        self.scripts: tuple[str, ...] = ()
        """The files whose RUN SCRIPT is being executed."""

    @property
    def catalog(self) -> Catalog:
        """The newest snapshot."""
        return self.metastore.catalog

    @property
    def settings(self) -> Settings:
        """Effective configuration."""
        return Settings(self.properties)

    def planner(self) -> QueryPlanner:
        """A planner on the newest snapshot."""
        return QueryPlanner(self.catalog, self.registry, self.settings)

    def read(self, sql: str) -> list[Statement]:
        """Parse a text with the session's variables; needs nothing of the engine, so that any thread may. Raises ParseError."""
        return parse(sql, variables=self.variables, limit=self.settings.number("headrace.statement.max.bytes"))

    def execute(self, sql: str) -> list[AnyResult]:
        """Execute every statement of a text; raises SqlError (nothing of the text has taken effect if it has several)."""
        return self.execute_all(self.read(sql))

    def execute_all(self, statements: Sequence[Statement]) -> list[AnyResult]:
        """Execute the statements of one text, validated as a whole before."""
        if len(statements) > 1:
            self.validate(statements)
        results: list[AnyResult] = []
        for statement in statements:
            if isinstance(statement, RunScript):
                results += script_results(self, statement)
            elif (result := self.execute_statement(statement)) is not None:
                results.append(result)
        return results

    def execute_statement(self, statement: Statement) -> AnyResult | None:
        """Execute one parsed statement; raises SqlError."""
        handler = handler_of(statement)
        try:
            return handler(self, statement)
        except SqlError as error:
            if error.span is None:
                error.span = statement.span
            raise

    def validate(self, statements: Sequence[Statement]) -> None:
        """Raise the SqlError that executing the statements in order would raise, without any effect."""
        trial = sandboxed(self)
        for statement in statements:
            trial.execute_statement(statement)

    def replay(self, command: Command, sequence: int) -> None:
        """Apply a command of the command log again: the same catalog change and query id, nothing written."""
        session = Session(
            self.metastore, self.services, strict=self.strict, properties=command.properties, registry=self.registry
        )
        session.replayed = sequence
        for statement in parse(command.sql, limit=None):
            session.execute_statement(statement)

    def record(self, statement: Statement, *, query_id: str | None = None, steps: object = None) -> int:
        """Keep a statement in the command log; during replay it is there already."""
        if self.replayed is not None:
            return self.replayed
        return self.services.commands.append(Command(statement.text + ";", dict(self.properties), query_id, steps))

    def sequence(self) -> int:
        """The sequence number that the statement at hand gets."""
        return self.services.commands.next_sequence() if self.replayed is None else self.replayed
