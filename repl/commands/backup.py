"""`headrace backup`: copies an embedded log while it is in use."""

import argparse
from typing import Any

from headrace.repl.commands.options import complain

_DESCRIPTION = """\
Copy the log in a directory to a new one, as it is at this moment; engines may go on writing. The copy is a log:
`headrace --log TARGET` opens it."""


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Declare the sub-command."""
    parser = subparsers.add_parser("backup", help="copy a log while it is in use", description=_DESCRIPTION)
    parser.add_argument("directory", metavar="DIR", help="the log's directory")
    parser.add_argument("target", metavar="TARGET", help="a new or empty directory")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Run the sub-command; returns the exit code."""
    from headrace.runtime.log.backup import backup
    from headrace.runtime.log.base import LogError
    from headrace.runtime.log.opening import directory_of

    try:
        report = backup(directory_of(args.directory), args.target)
    except LogError as error:
        complain("backup", error)
        return 1
    grown = f"; the log grew by {report.growth_bytes / 1e6:,.1f} MB meanwhile" if report.growth_bytes else ""
    print(f"{report.bytes / 1e6:,.1f} MB copied to {report.target}, version {report.version}{grown}")
    return 0
