"""`headrace run`: SQL files in batch, over files or over what the log holds."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from headrace.repl.commands.options import add_log, complain, log_url

if TYPE_CHECKING:
    from headrace.engine.results import AnyResult
    from headrace.repl.batch.script import Script

FORMATS = ("table", "ndjson", "csv", "json", "markdown")

_SPACED = ("table", "csv", "markdown")
"""Formats in which an empty line stands between results."""

_DESCRIPTION = """\
Run the statements of SQL files in order. Inputs begin to load when a stream or table is declared on their topic; a SELECT
waits until all input above it is processed, and its result goes to standard output; the rest goes to standard error.
Killed and started again with the same command, a run goes on where it was."""

_EPILOG = """\
inputs are NDJSON, or CSV with a header (.csv), compressed or not (.gz), or - for standard input; options follow a "?":
  --input 'flights=flights.ndjson'                   the key is what the stream declares as its KEY columns
  --input 'flights=flights.csv?key=tailnum'          … or these columns of the file ("key=" for none)
  --input 'orders=orders.ndjson?shape=record'        lines are records as `headrace consume` writes them
  --input 'flights=-?format=csv'                     what standard input is

exit codes: 0 done, 1 a statement failed, 2 wrong usage"""


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Declare the sub-command."""
    parser = subparsers.add_parser(
        "run",
        help="run SQL files",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", metavar="FILE.sql", nargs="+", help="files of statements, run in this order")
    parser.add_argument("--input", metavar="TOPIC=FILE", action="append", default=[], help="load a file into a topic")
    parser.add_argument("--sink", metavar="TOPIC=FILE", action="append", default=[], help="write a topic to a file")
    parser.add_argument(
        "--follow", action="store_true", help="keep queries running after the input has ended, until Ctrl-C"
    )
    parser.add_argument("--format", choices=FORMATS, default="table", help="how results are written (default: table)")
    parser.add_argument("--output", choices=("JSON", "TABULAR"), help=argparse.SUPPRESS)
    add_log(parser)
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Run the sub-command; returns the exit code."""
    from headrace.repl.batch.script import ScriptError, read_script
    from headrace.runtime.files.address import FileInput, FileSink
    from headrace.runtime.files.errors import FileProblem

    try:
        inputs = [FileInput.parse(text) for text in args.input]
        sinks = [FileSink.parse(text) for text in args.sink]
        _check(inputs, "--input")
    except FileProblem as error:
        complain("run", error)
        return 2
    try:
        script = read_script(args.files)
    except ScriptError as error:
        print(error, file=sys.stderr)
        return 1
    return _run(args, script, inputs, sinks)


def _run(args: argparse.Namespace, script: "Script", inputs: Any, sinks: Any) -> int:
    import headrace
    from headrace.repl.batch.checkpoint import ChangedScript
    from headrace.repl.batch.display import open_display
    from headrace.repl.batch.runner import RunFailed, Runner
    from headrace.repl.rendering.formats import KSQL_FORMATS
    from headrace.repl.rendering.results import render
    from headrace.repl.terminal import table_style, write
    from headrace.runtime.files.errors import FileProblem
    from headrace.runtime.log.base import LogError

    format = KSQL_FORMATS.get(args.output, args.format)

    shown = 0

    def show(result: "AnyResult", *, live: bool) -> None:
        nonlocal shown
        if shown and format in _SPACED:
            write("\n")
        shown += 1
        for piece in render(result, format, table_style(), live=live):
            write(piece)

    display = open_display()
    try:
        # A load that goes on must be known before its queries do: they wait for it where order matters.
        with headrace.open(log_url(args), loading=[file.topic for file in inputs]) as engine:
            runner = Runner(engine, script, inputs, sinks, follow=args.follow, display=display, show=show)
            try:
                runner.run()
            finally:
                runner.close()
    except RunFailed as error:
        print(error, file=sys.stderr)
        return 1
    except FileProblem as error:
        complain("run", error)
        return 2
    except (ChangedScript, LogError, headrace.SqlError) as error:
        complain("run", error)
        return 1
    except KeyboardInterrupt:
        if args.follow:
            return 0
        print("Interrupted; the same command goes on from here.", file=sys.stderr)
        raise
    return 0


def _check(inputs: Any, flag: str) -> None:
    from headrace.runtime.files.errors import FileProblem

    topics = [file.topic for file in inputs]
    twice = next((topic for topic in topics if topics.count(topic) > 1), None)
    if twice is not None:
        raise FileProblem(f'Two {flag} name the topic "{twice}"; a topic is loaded from one file.')
