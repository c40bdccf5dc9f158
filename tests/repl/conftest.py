"""The command line in this process: arguments in, exit code and output back."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from headrace.repl.main import main


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of standard output."""
        return self.out.splitlines()


Run = Callable[..., Outcome]


@pytest.fixture
def headrace(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """`headrace ARGUMENTS…` in an empty directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HEADRACE_LOG", raising=False)

    def run(*arguments: str) -> Outcome:
        try:
            code = main([str(a) for a in arguments])
        except SystemExit as exit:
            code = int(exit.code or 0)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run
