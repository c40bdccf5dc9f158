"""The `headrace` command.

Exit codes: 0 done, 1 a statement failed or the log could not be used, 2 wrong usage, 130 interrupted.

The law: nothing heavy is imported before it is known which sub-command runs; `headrace --help` reads argparse only.
"""

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

COMMANDS = {
    "run": "run SQL files",
    "produce": "append records to a topic",
    "consume": "write the records of a topic",
    "test": "run test cases",
    "backup": "copy a log while it is in use",
    "server": "serve ksqlDB's REST API (not supported yet)",
}
"""Sub-commands and what they do: each is a module of `headrace.repl.commands` with `add_parser(subparsers)`, which sets `func`."""

INTERRUPTED = 130

_DESCRIPTION = """\
A streaming SQL engine that speaks ksqlDB's language. Without a command it opens a shell on a log:
statements end with ";", "help" lists what there is."""

_EPILOG = """\
examples:
  headrace                                        a shell on ./headrace-data
  headrace run flights.sql --input flights=flights.ndjson
  headrace produce orders orders.ndjson --partitions 3
  headrace consume orders --from-beginning | head
  headrace test cases/

A log is a directory (file:PATH or a path) or memory:. The default is ./headrace-data, or what HEADRACE_LOG says."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    _prepare_streams()
    parser = build_parser(sys.argv[1:] if arguments is None else arguments)
    options = parser.parse_args(arguments)
    try:
        with _terminable():
            return int(options.func(options))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def build_parser(named: Iterable[str] = tuple(COMMANDS)) -> argparse.ArgumentParser:
    """The parser; only sub-commands that are `named` are imported, the others are listed."""
    from headrace.repl.commands import shell

    parser = argparse.ArgumentParser(
        "headrace", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    shell.add_arguments(parser)
    subparsers: argparse._SubParsersAction[Any] = parser.add_subparsers(title="commands", metavar="COMMAND")
    named = frozenset(named)
    for name, summary in COMMANDS.items():
        if name in named:
            import_module(f"headrace.repl.commands.{name}").add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=summary)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from headrace import __version__

        print(f"headrace {__version__}")
        parser.exit()


def _prepare_streams() -> None:
    # Data may hold what the terminal's encoding (or UTF-8, for lone surrogates) cannot: never a traceback for that.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


@contextlib.contextmanager
def _terminable() -> Any:
    """SIGTERM ends the command as Ctrl-C does: the engine closes, what is committed stays."""
    previous = signal.getsignal(signal.SIGTERM)
    with contextlib.suppress(ValueError):  # not in the main thread: tests
        signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            signal.signal(signal.SIGTERM, previous)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
