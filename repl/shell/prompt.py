"""The line editor: statements over several lines, kept in a history file."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from headrace.parser.errors import ParseError
from headrace.parser.splitter import is_complete

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.key_binding import KeyPressEvent

PROMPT = "headrace> "
CONTINUATION = "      ... "

WORDS = ("exit", "help", "quit")
"""Commands of the shell itself: they need no semicolon."""


def is_ready(text: str) -> bool:
    """Whether Enter hands the text over rather than begin a new line."""
    if not text.strip() or shell_word(text):
        return True
    try:
        return is_complete(text)
    except ParseError:
        return text.rstrip().endswith(";") and text.count("'") % 2 == 0


def shell_word(text: str) -> str | None:
    """The shell's own command that the text is, if it is one."""
    word = text.strip().rstrip(";").strip().lower()
    return word if word in WORDS else None


def history_file() -> Path:
    """Where the history is kept: in the user's state directory."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "headrace" / "history"


def open_prompt() -> "PromptSession[str]":
    """A line editor on the terminal."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory
    from prompt_toolkit.key_binding import KeyBindings

    bindings = KeyBindings()

    @bindings.add("enter")
    def _(event: "KeyPressEvent") -> None:
        buffer = event.current_buffer
        at_end = not buffer.document.text_after_cursor.strip()
        if at_end and is_ready(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.newline()

    path = history_file()
    history: History
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        history = FileHistory(str(path))
    except OSError:
        history = InMemoryHistory()
    return PromptSession(
        PROMPT,
        multiline=True,
        prompt_continuation=CONTINUATION,
        key_bindings=bindings,
        history=history,
        auto_suggest=AutoSuggestFromHistory(),
    )
