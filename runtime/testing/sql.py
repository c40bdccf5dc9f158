"""The sql suite: scripts of statements and ASSERTs, run statement by statement.

| mode | INSERTs reach the queries | on |
|---|---|---|
| record | at once, depth first, one by one | the driver |
| batch | each longest run of INSERTs into one source in one commit | an engine in memory |
| restart | one by one, the engine closed and opened again before each | an engine in a directory |
| partitions | as in batch, topics have as many partitions as `--@partitions` says, and records are compared per key | an engine in memory |
"""

from collections.abc import Iterable
from contextlib import closing
from functools import partial
from pathlib import Path

from headrace.parser.errors import SqlError
from headrace.parser.statements import AssertNullValues, AssertSource, AssertValues, RunScript, Statement
from headrace.runtime.testing.assertions import Assertions, ByKey, InOrder
from headrace.runtime.testing.cases import SqlCase
from headrace.runtime.testing.engine_subject import EngineSubject, RestartedSubject
from headrace.runtime.testing.outcome import Mismatch, Skip
from headrace.runtime.testing.refusal import check_message, check_refusal
from headrace.runtime.testing.subject import Subject, UnderTest

PARTITIONS = 1
"""Of topics that CREATE statements take for granted."""


def run(case: SqlCase, *, mode: str = "record") -> bool | None:
    """Run a case; returns whether an expected message came. Raises Mismatch, Skip, SqlError."""
    folder = Path(case.path).parent
    with closing(_subject(case, mode, folder)) as subject:
        partitions = case.partitions if mode == "partitions" else PARTITIONS
        unread = ByKey(subject) if partitions > 1 else InOrder(subject)
        script = Script(subject, Assertions(subject, unread), folder, partitions=partitions)
        try:
            script.run(subject.parse(case.text))
            subject.settle()
        except (SqlError, Mismatch) as error:
            return _judge(case, error, script.current)
    if case.kind == "error":
        raise Mismatch("no statement failed", f"  expected: {(case.error and case.error.message) or 'an error'}")
    return None


def _subject(case: SqlCase, mode: str, folder: Path) -> UnderTest:
    read_file = partial(_read_script, folder)
    match mode:
        case "record":
            return Subject(flow=True, read_file=read_file)
        case "restart":
            return RestartedSubject()
        case "partitions" if case.partitions == 1:
            raise Skip("the case does not say --@partitions")
        case _:
            return EngineSubject()


class Script:
    """Executes the statements of a case; `current` is the one at hand."""

    def __init__(self, subject: UnderTest, assertions: Assertions, folder: Path, *, partitions: int) -> None:
        self.current: Statement | None = None
        self._subject = subject
        self._assertions = assertions
        self._folder = folder
        self._partitions = partitions

    def run(self, statements: Iterable[Statement]) -> None:
        """Execute the statements in order."""
        for statement in statements:
            self.current = statement
            self._execute(statement)

    def _execute(self, statement: Statement) -> None:
        if isinstance(statement, AssertValues | AssertNullValues):
            self._subject.settle()
        match statement:
            case AssertValues():
                self._assertions.check_values(statement)
            case AssertNullValues():
                self._assertions.check_null(statement)
            case AssertSource():
                self._assertions.check_source(statement)
            case RunScript(path):
                self.run(self._subject.parse(_read_script(self._folder, path)))
            case _:
                self._subject.ensure_topic_of(statement, partitions=self._partitions)
                self._subject.execute(statement)


def _judge(case: SqlCase, error: SqlError | Mismatch, statement: Statement | None) -> bool | None:
    if case.kind == "error":
        if isinstance(error, SqlError):
            check_refusal(error, case.error)
        return check_message(str(error), case.error)
    place = _place(case, error, statement)
    if isinstance(error, Mismatch):
        raise Mismatch(error.reason, "\n".join(part for part in (place, error.detail) if part)) from error
    kind = "not supported: " if error.kind == "unsupported" else "refused: "
    raise Mismatch(kind + str(error), place) from error


def _place(case: SqlCase, error: SqlError | Mismatch, statement: Statement | None) -> str:
    span = (error.span if isinstance(error, SqlError) else None) or (statement.span if statement else None)
    if span is None:
        return f"  {case.path}:{case.line}"
    text = statement.text if statement else ""
    return f"  {case.path}:{case.line + span.line - 1}:{span.column}: {' '.join(text.split())}"


def _read_script(folder: Path, name: str) -> str:
    path = folder / name
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SqlError(f'Cannot read the script "{path}": {error.strerror}.') from error
