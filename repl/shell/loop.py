"""The shell's loop: read a text, execute its statements, show what they give.

The law: nothing that a statement does ends the shell; Ctrl-C ends what is running, Ctrl-D and `exit` the shell.
"""

import sys
from collections.abc import Callable
from typing import Protocol

from headrace.engine.results import AnyResult, Rows, Status
from headrace.parser import parse_all
from headrace.parser.errors import SqlError
from headrace.parser.statements import Statement
from headrace.repl.rendering.errors import describe, moved
from headrace.repl.rendering.results import render
from headrace.repl.rendering.table import Style
from headrace.repl.shell.prompt import shell_word
from headrace.runtime.log.base import LogError

HELP = """\
Statements end with ";" and may take several lines.

  CREATE STREAM name (column type, …) WITH (KAFKA_TOPIC='…', VALUE_FORMAT='JSON', PARTITIONS=1);
  CREATE TABLE name AS SELECT … FROM stream WINDOW TUMBLING (SIZE 1 HOUR) GROUP BY …;
  INSERT INTO name (column, …) VALUES (value, …);
  SELECT … FROM name EMIT CHANGES;         rows as they come, until Ctrl-C
  SELECT … FROM table WHERE key = …;       what a table holds now
  SHOW STREAMS; SHOW TABLES; SHOW QUERIES; SHOW TOPICS; SHOW FUNCTIONS; SHOW PROPERTIES;
  DESCRIBE name; EXPLAIN SELECT …; PRINT 'topic' FROM BEGINNING;
  SET 'auto.offset.reset' = 'earliest';    new queries read what is there already

help   this text          exit, quit, Ctrl-D   leave
Ctrl-C ends a running query, or clears the line.
"""


class Executor(Protocol):
    """What executes statements: a session of an engine."""

    def execute(self, sql: str) -> list[AnyResult]:
        """Execute a text of statements."""


class Shell:
    """Executes texts of one user. `write` takes pieces of output; what went wrong is counted in `failures`."""

    def __init__(
        self, executor: Executor, *, format: str, style: Callable[[], Style], write: Callable[[str], None]
    ) -> None:
        self._executor = executor
        self._format = format
        self._style = style
        self._write = write
        self.failures = 0

    def execute(self, text: str) -> bool:
        """Execute what was entered; False where it asks to leave."""
        match shell_word(text):
            case "exit" | "quit":
                return False
            case "help":
                self._write(HELP)
                return True
            case _:
                self._statements(text)
                return True

    def _statements(self, text: str) -> None:
        statements, errors = parse_all(text)
        if errors:
            self._complain(describe(errors[0], text))
            return
        for statement in statements:
            if not self._statement(statement, text):
                return

    def _statement(self, statement: Statement, text: str) -> bool:
        try:
            for result in self._executor.execute(statement.text + ";"):
                self._show(result)
        except SqlError as error:
            self._complain(describe(moved(error, statement.span) if statement.span else error, text))
            return False
        except LogError as error:
            self._complain(str(error))
            return False
        return True

    def _show(self, result: AnyResult) -> None:
        for warning in result.warnings:
            if not (isinstance(result, Status) and warning == result.message):
                self._write(f"warning: {warning}\n")
        try:
            for piece in render(result, self._format, self._style()):
                self._write(piece)
        except KeyboardInterrupt:
            self._write("\nQuery terminated\n")
        finally:
            if isinstance(result, Rows):
                result.close()
                for warning in result.left_out():
                    print(f"warning: {warning}", file=sys.stderr, flush=True)

    def _complain(self, message: str) -> None:
        self.failures += 1
        print(message, file=sys.stderr, flush=True)


def run_interactively(shell: Shell, read: Callable[[], str]) -> None:
    """Prompt until the user leaves."""
    while True:
        try:
            text = read()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        try:
            if text.strip() and not shell.execute(text):
                return
        except KeyboardInterrupt:
            continue
