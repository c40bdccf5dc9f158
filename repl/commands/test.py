"""`headrace test`: runs test cases and shows where they fail.

Exit codes: 0 every case passed (or was skipped), 1 some failed, 2 the cases could not be read.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any, get_args

from headrace.runtime.testing.cases import Suite
from headrace.runtime.testing.loading import CaseFileError, load
from headrace.runtime.testing.outcome import Outcome
from headrace.runtime.testing.report import failure, summary, write_report
from headrace.runtime.testing.runner import Mode, run_cases

DETAILED_FAILURES = 20
"""Failures shown in full without -v; the others take a line each."""


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> argparse.ArgumentParser:
    """Declare the sub-command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "test",
        help="run test cases",
        description="Run test cases: .sql scripts of statements and ASSERTs, and JSON files.",
    )
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a case file, or a folder of them")
    parser.add_argument("--suite", choices=get_args(Suite), help="run the cases of one suite only")
    parser.add_argument(
        "--mode",
        choices=get_args(Mode),
        default="record",
        help="how INSERTs of SQL cases reach the queries: one by one (default), as batches, with restarts between, or over partitions",
    )
    parser.add_argument(
        "-j", "--jobs", metavar="N", type=_positive, default=os.cpu_count() or 1, help="processes to run in"
    )
    parser.add_argument(
        "-k", metavar="SUBSTRING", dest="substring", help="run the cases whose name contains this text only"
    )
    parser.add_argument("--report", metavar="FILE", type=Path, help="write a JSON report")
    parser.add_argument("-v", "--verbose", action="store_true", help="show every failure in full, with tracebacks")
    parser.add_argument("-q", "--quiet", action="store_true", help="show the summary only")
    parser.set_defaults(func=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Run the sub-command; returns the exit code."""
    try:
        cases = load(args.paths, suite=args.suite, substring=args.substring)
    except CaseFileError as error:
        print(f"headrace test: {error}", file=sys.stderr)
        return 2
    printer = _Printer(len(cases), verbose=args.verbose, quiet=args.quiet)
    outcomes = run_cases(cases, mode=args.mode, jobs=args.jobs, each=printer.show)
    printer.finish()
    print(summary(outcomes))
    if args.report:
        write_report(args.report, outcomes, mode=args.mode)
    return 1 if any(outcome.status == "fail" for outcome in outcomes) else 0


class _Printer:
    """Shows failures as they come, and how far the run is where someone watches."""

    def __init__(self, total: int, *, verbose: bool, quiet: bool) -> None:
        self._total = total
        self._verbose = verbose
        self._quiet = quiet
        self._done = 0
        self._failed = 0
        self._watched = sys.stderr.isatty()

    def show(self, outcome: Outcome) -> None:
        self._done += 1
        if outcome.status == "fail":
            self._failed += 1
            if not self._quiet:
                self.finish()
                print(self._failure(outcome))
        if self._watched:
            print(f"\r{self._done}/{self._total} cases, {self._failed} failed", end="", file=sys.stderr, flush=True)

    def finish(self) -> None:
        if self._watched:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def _failure(self, outcome: Outcome) -> str:
        if self._verbose or self._failed <= DETAILED_FAILURES:
            return failure(outcome, trace=self._verbose)
        return f"FAIL {outcome.suite}: {outcome.name}: {outcome.reason}"


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
