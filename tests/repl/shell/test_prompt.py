"""The line editor, with keys from a pipe instead of a keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from headrace.repl.shell.prompt import history_file, open_prompt


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PipeInput]:
    """What is typed."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("SELECT 1;\r", "SELECT 1;"),
        ("SELECT\r  1\r;\r", "SELECT\n  1\n  ;"),
        ("INSERT INTO s VALUES ('a;\rb');\r", "INSERT INTO s VALUES ('a;\nb');"),
        ("exit\r", "exit"),
    ],
    ids=["one line", "several lines", "semicolon in quotes", "command"],
)
def test_enter(keys: PipeInput, typed: str, text: str) -> None:
    keys.send_text(typed)

    assert open_prompt().prompt() == text


def test_history_is_kept_for_the_next_shell(keys: PipeInput) -> None:
    keys.send_text("SHOW\rSTREAMS;\r")
    open_prompt().prompt()

    keys.send_text("\x1b[A\r")

    assert open_prompt().prompt() == "SHOW\nSTREAMS;"
    assert history_file().is_file()


@pytest.mark.parametrize(("key", "raised"), [("\x03", KeyboardInterrupt), ("\x04", EOFError)], ids=["Ctrl-C", "Ctrl-D"])
def test_leaving_a_line(keys: PipeInput, key: str, raised: type[BaseException]) -> None:
    keys.send_text(key)

    with pytest.raises(raised):
        open_prompt().prompt()
