"""The sql suite: scripts of statements and ASSERTs, run statement by statement.

| mode | how INSERTs reach the queries |
|---|---|
| record | at once, depth first, one by one |
| batch, restart, partitions | see `engine_subject` |
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from headrace.parser.errors import SqlError
from headrace.parser.statements import AssertNullValues, AssertSource, AssertValues, RunScript, Statement
from headrace.runtime.testing.assertions import Assertions, InOrder
from headrace.runtime.testing.cases import SqlCase
from headrace.runtime.testing.outcome import Mismatch, Skip
from headrace.runtime.testing.refusal import check_message, check_refusal
from headrace.runtime.testing.subject import Subject

PARTITIONS = 1
"""Of topics that CREATE statements take for granted."""


def run(case: SqlCase, *, mode: str = "record") -> bool | None:
    """Run a case; returns whether an expected message came. Raises Mismatch, Skip, SqlError."""
    if mode != "record":
        raise Skip(f"mode {mode} is not supported yet")
    folder = Path(case.path).parent
    subject = Subject(flow=True, read_file=partial(_read_script, folder))
    script = Script(subject, Assertions(subject, InOrder(subject)), folder)
    try:
        script.run(subject.parse(case.text))
    except (SqlError, Mismatch) as error:
        return _judge(case, error, script.current)
    if case.kind == "error":
        raise Mismatch("no statement failed", f"  expected: {(case.error and case.error.message) or 'an error'}")
    return None


class Script:
    """Executes the statements of a case; `current` is the one at hand."""

    def __init__(self, subject: Subject, assertions: Assertions, folder: Path) -> None:
        self.current: Statement | None = None
        self._subject = subject
        self._assertions = assertions
        self._folder = folder

    def run(self, statements: Iterable[Statement]) -> None:
        """Execute the statements in order."""
        for statement in statements:
            self.current = statement
            self._execute(statement)

    def _execute(self, statement: Statement) -> None:
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
                self._subject.ensure_topic_of(statement, partitions=PARTITIONS)
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
