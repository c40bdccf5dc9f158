"""`headrace server`: comes with a later version."""

import argparse
from typing import Any

from headrace.repl.commands.options import complain


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Declare the sub-command."""
    parser = subparsers.add_parser("server", help="serve ksqlDB's REST API (not supported yet)")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Refuse."""
    complain(
        "server",
        "The REST server is not supported yet; `headrace` and `import headrace` run an engine in this process.",
    )
    return 2
