"""The command itself: help, versions, what it imports."""

import argparse
import subprocess
import sys
from typing import Any

import pytest

import headrace as api
from headrace.repl.main import COMMANDS, build_parser

Run = Any


def test_help_lists_every_command(headrace: Run) -> None:
    done = headrace("--help")

    assert done.code == 0
    assert all(f"    {name}" in done.out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_command_says_what_it_does(name: str) -> None:
    actions = build_parser([name])._actions
    (choices,) = (action for action in actions if isinstance(action, argparse._SubParsersAction))
    summary = next(action.help for action in choices._choices_actions if action.dest == name)

    assert summary == COMMANDS[name]
    assert all(action.help for action in choices.choices[name]._actions if action.option_strings)


def test_version(headrace: Run) -> None:
    assert headrace("--version").out == f"headrace {api.__version__}\n"


def test_server_is_not_there_yet(headrace: Run) -> None:
    done = headrace("server")

    assert (done.code, "not supported yet" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("program", "forbidden"),
    [
        ("import headrace", ("msgspec", "lark", "rich", "asyncio", "headrace.engine", "headrace.runtime")),
        (
            "from headrace.repl.main import build_parser; build_parser([])",
            ("msgspec", "lark", "rich", "asyncio", "headrace.engine"),
        ),
        ("from headrace.repl.main import build_parser; build_parser(['run'])", ("msgspec", "rich", "headrace.engine")),
        ("import headrace; headrace.open", ("rich", "prompt_toolkit", "lark", "sqlglot")),
    ],
    ids=["import headrace", "help", "run --help", "open"],
)
def test_what_is_not_imported(program: str, forbidden: tuple[str, ...]) -> None:
    check = f"{program}\nimport sys\nprint([name for name in {forbidden!r} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
