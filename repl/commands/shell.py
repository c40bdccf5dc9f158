"""`headrace` without a sub-command: the shell."""

import argparse
import sys

from headrace.repl.commands.options import add_log, complain, log_url

FORMATS = ("table", "ndjson", "csv", "json", "markdown")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the shell takes."""
    add_log(parser)
    parser.add_argument("--format", choices=FORMATS, default="table", help="how results are written (default: table)")
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Run the shell; returns the exit code."""
    import headrace
    from headrace.repl.shell.loop import Shell, run_interactively
    from headrace.repl.terminal import table_style, write
    from headrace.runtime.log.base import LogError

    url = log_url(args)
    try:
        engine = headrace.open(url)
    except (LogError, headrace.SqlError) as error:
        complain("", error)
        return 1
    with engine:
        shell = Shell(engine.session(), format=args.format, style=table_style, write=write)
        if not sys.stdin.isatty():
            shell.execute(sys.stdin.read())
            return 1 if shell.failures else 0
        from headrace.repl.shell.prompt import open_prompt

        print(f'Headrace {headrace.__version__} on {url}. Statements end with ";"; "help" lists what there is.')
        run_interactively(shell, open_prompt().prompt)
    return 0
