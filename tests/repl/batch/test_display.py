"""Progress on standard error: bars on a terminal, lines elsewhere."""

import io
import sys

import pytest

from headrace.repl.batch import display
from headrace.repl.batch.display import Bars, LineByLine, Load

RUNNING = Load("flights", 1_000, 500.0, 0.25, True)
DONE = Load("flights", 4_000, 500.0, 1.0, False)


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "LINE_EVERY_SECONDS", 0.0)
    monkeypatch.setattr(display, "BARS_AFTER_SECONDS", 0.0)


def test_lines(capsys: pytest.CaptureFixture[str]) -> None:
    lines = LineByLine()

    lines.update([RUNNING], lag=7)
    lines.update([DONE], lag=0)

    written = capsys.readouterr()
    assert written.out == ""
    assert written.err == "flights: 1,000 records (25%), 500 records/s, lag 7\n"


@pytest.mark.parametrize(
    "load", [RUNNING, DONE, Load("pipe", 3, 1.0, None, True)], ids=["running", "done", "no end known"]
)
def test_bars(monkeypatch: pytest.MonkeyPatch, load: Load) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    bars = Bars()

    bars.update([load], lag=7)
    bars.message("[said] above")
    bars.update([load], lag=7)
    bars.pause()
    bars.message("said after")

    assert f"{load.records:,} records" in terminal.getvalue()
    assert "[said] above" in terminal.getvalue()
    assert terminal.getvalue().endswith("said after\n")
