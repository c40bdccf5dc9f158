"""What several sub-commands share: the log they work on, and how they say that something cannot be done."""

import argparse
import difflib
import os
import sys
from collections.abc import Iterable

DEFAULT_LOG = "./headrace-data"


def add_log(parser: argparse.ArgumentParser) -> None:
    """Declare `--log`."""
    parser.add_argument(
        "--log",
        metavar="URL",
        default=argparse.SUPPRESS,
        help=f"the log: memory:, file:PATH or a path (default: HEADRACE_LOG, else {DEFAULT_LOG})",
    )


def log_url(args: argparse.Namespace) -> str:
    """The log to work on."""
    return getattr(args, "log", None) or os.environ.get("HEADRACE_LOG") or DEFAULT_LOG


def complain(command: str, message: object) -> None:
    """Say on standard error why a command does not go on."""
    print(f"headrace {command}: {message}".replace("headrace :", "headrace:"), file=sys.stderr, flush=True)


def unknown_topic(name: str, topics: Iterable[str]) -> str:
    """The message for a topic that is not there, with the nearest one that is."""
    visible = [topic for topic in topics if not topic.startswith("_")]
    near = difflib.get_close_matches(name, visible, n=1)
    if near:
        return f'Topic "{name}" does not exist; did you mean "{near[0]}"?'
    listed = f"there are: {', '.join(visible[:10])}" if visible else "the log has no topics yet"
    return f'Topic "{name}" does not exist; {listed}.'


def positive(text: str) -> int:
    """A whole number from 1 on, for argparse."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number from 1 on')
    return number
