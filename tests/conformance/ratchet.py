"""`make conformance`: runs the conformance suite and keeps what was reached.

The law: a case that is listed in passing.txt must pass. `--update` lists the ones that pass now as well; nothing is ever
taken off the list but by hand.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from headrace.runtime.testing.loading import CaseFileError, load
from headrace.runtime.testing.outcome import Outcome
from headrace.runtime.testing.report import failure, reasons, summary, write_report
from headrace.runtime.testing.runner import run_cases

HERE = Path(__file__).resolve().parent
PASSING = HERE / "passing.txt"
DEFAULT_SUITE = HERE.parents[2] / "shared" / "conformance"
LINES_OF_REASONS = 25


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the ratchet; returns the exit code."""
    args = _parser().parse_args(arguments)
    folder = suite_folder()
    if not folder.is_dir():
        print(f'No conformance suite at "{folder}" (HEADRACE_CONFORMANCE names another place).')
        print("conformance: not run")
        return 1 if "HEADRACE_CONFORMANCE" in os.environ else 0
    try:
        cases = load([folder / "qtt", folder / "sql"])
    except CaseFileError as error:
        print(f"conformance: {error}")
        return 1
    outcomes = run_cases(cases, jobs=args.jobs)
    print(summary(outcomes))
    if args.report:
        write_report(args.report, outcomes, mode="record")
    if args.reasons:
        _print_reasons(outcomes)
    return _judge(outcomes, update=args.update)


def suite_folder() -> Path:
    """Where the conformance suite is."""
    return Path(os.environ.get("HEADRACE_CONFORMANCE") or DEFAULT_SUITE)


def lost(outcomes: Iterable[Outcome], passing: Iterable[str]) -> tuple[list[Outcome], list[str]]:
    """Cases that passed once and do not now: those that failed, and names that no case has any more."""
    found = {identity(outcome): outcome for outcome in outcomes}
    listed = list(passing)
    failed = [found[name] for name in listed if name in found and found[name].status != "pass"]
    return failed, [name for name in listed if name not in found]


def gained(outcomes: Iterable[Outcome], passing: Iterable[str]) -> list[str]:
    """Cases that pass and are not listed."""
    return sorted({identity(o) for o in outcomes if o.status == "pass"} - set(passing))


def identity(outcome: Outcome) -> str:
    """The line of a case in passing.txt."""
    return f"{outcome.suite}: {outcome.name}"


def _judge(outcomes: Sequence[Outcome], *, update: bool) -> int:
    passing = PASSING.read_text(encoding="utf-8").splitlines() if PASSING.exists() else []
    failed, missing = lost(outcomes, passing)
    for outcome in failed:
        print(failure(outcome))
    for name in missing:
        print(f"MISSING {name}: listed in {PASSING.name}, but there is no such case")
    new = gained(outcomes, passing)
    if update and new:
        PASSING.write_text("".join(f"{name}\n" for name in sorted({*passing, *new})), encoding="utf-8")
    ok = sum(o.status == "pass" and o.kind == "ok" for o in outcomes)
    refused = sum(o.status == "pass" and o.kind != "ok" for o in outcomes)
    kept = "listed now" if update else "not listed yet (--update)"
    print(
        f"conformance: {ok} ok and {refused} error cases pass; {len(failed) + len(missing)} lost, {len(new)} new, {kept}"
    )
    return 1 if failed or missing else 0


def _print_reasons(outcomes: Sequence[Outcome]) -> None:
    for reason, count in reasons(outcomes).most_common(LINES_OF_REASONS):
        print(f"{count:5}  {reason}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Run the conformance suite; fail when a case that passed before fails."
    )
    parser.add_argument("--update", action="store_true", help="add cases that pass now to passing.txt")
    parser.add_argument("--report", metavar="FILE", type=Path, help="write a JSON report")
    parser.add_argument("--reasons", action="store_true", help="print the most frequent reasons of failure")
    parser.add_argument("-j", "--jobs", metavar="N", type=int, default=os.cpu_count() or 1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
