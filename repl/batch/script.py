"""The statements of one or more files, in order, each with the place it stands at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from headrace.parser import parse_all
from headrace.parser.errors import SqlError
from headrace.parser.statements import (
    DefineVariable,
    Describe,
    Explain,
    Print,
    Query,
    SetProperty,
    Show,
    Statement,
    UndefineVariable,
    UnsetProperty,
)
from headrace.repl.rendering.errors import describe, moved

_SESSION = (SetProperty, UnsetProperty, DefineVariable, UndefineVariable)
_READING = (Query, Show, Describe, Explain, Print)


class ScriptError(Exception):
    """A file cannot be read, or is not SQL; the message shows where."""


@dataclass(frozen=True, slots=True)
class ScriptFile:
    """A file and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """A statement of a script."""

    file: ScriptFile
    statement: Statement

    @property
    def sql(self) -> str:
        """The statement as text that can be executed alone."""
        return self.statement.text + ";"

    @property
    def answers(self) -> bool:
        """Whether it only reads: it is executed again when a finished script is run again."""
        return isinstance(self.statement, _READING)

    @property
    def is_barrier(self) -> bool:
        """Whether all input above it must have been processed before it is executed."""
        return isinstance(self.statement, Query | Print) or type(self.statement).__name__.startswith("Assert")

    @property
    def is_of_session(self) -> bool:
        """Whether its effect ends with the process, so that every run executes it."""
        return isinstance(self.statement, _SESSION)

    def describe(self, error: SqlError) -> str:
        """An error of executing it, shown in its file."""
        span = self.statement.span
        return describe(moved(error, span) if span else error, self.file.text, file=self.file.name)


@dataclass(frozen=True, slots=True)
class Script:
    """The steps of all files."""

    name: str
    steps: Sequence[Step]

    def digest(self, count: int) -> str:
        """A fingerprint of the first `count` statements; what stands between statements takes no part."""
        hash = sha256()
        for step in self.steps[:count]:
            hash.update(step.statement.text.encode("utf-8", "surrogatepass") + b"\0")
        return hash.hexdigest()


def read_script(paths: Iterable[str]) -> Script:
    """The script that the files make; raises ScriptError with every mistake that reading alone finds."""
    files = [_read(path) for path in paths]
    steps: list[Step] = []
    mistakes: list[str] = []
    for file in files:
        statements, errors = parse_all(file.text)
        steps += [Step(file, statement) for statement in statements]
        mistakes += [describe(error, file.text, file=file.name) for error in errors]
    if mistakes:
        raise ScriptError("\n".join(mistakes))
    return Script(" ".join(Path(file.name).name for file in files), steps)


def _read(path: str) -> ScriptFile:
    try:
        return ScriptFile(path, Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ScriptError(f'Cannot read "{path}": {error.strerror}.') from error
    except UnicodeDecodeError as error:
        raise ScriptError(f'"{path}" is not UTF-8: byte {error.start}.') from error
