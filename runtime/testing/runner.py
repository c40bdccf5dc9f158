"""Runs cases, in this process or in several, each case on an engine of its own.

The law: a case never stops the run: what goes wrong is its outcome, and a case that hangs is stopped.
"""

import multiprocessing
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Literal

from headrace.parser.errors import SqlError
from headrace.runtime.testing import qtt, sql
from headrace.runtime.testing.cases import Case, QttCase, RestCase, SqlCase
from headrace.runtime.testing.outcome import Mismatch, Outcome, Skip, describe_crash

Mode = Literal["record", "batch", "restart", "partitions"]

CASE_TIMEOUT_S = 30
CASES_PER_TASK = 8
"""Cases that a worker process takes at a time."""


def run_cases(
    cases: Sequence[Case], *, mode: Mode = "record", jobs: int = 1, each: Callable[[Outcome], None] | None = None
) -> list[Outcome]:
    """Run the cases; `each` is called with every outcome, in the order of the cases."""
    outcomes = []
    for outcome in _outcomes(cases, mode, jobs):
        outcomes.append(outcome)
        if each:
            each(outcome)
    return outcomes


def run_case(case: Case, *, mode: Mode = "record") -> Outcome:
    """Run one case."""
    started = time.perf_counter()
    outcome = _judge(case, mode)
    return Outcome(
        case.name,
        case.suite,
        case.group,
        case.kind,
        **outcome,  # type: ignore[arg-type]
        duration_ms=(time.perf_counter() - started) * 1_000,
    )


def _outcomes(cases: Sequence[Case], mode: Mode, jobs: int) -> Iterator[Outcome]:
    if jobs <= 1 or len(cases) <= CASES_PER_TASK:
        yield from (run_case(case, mode=mode) for case in cases)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=jobs, mp_context=context) as pool:
        yield from pool.map(partial(run_case, mode=mode), cases, chunksize=CASES_PER_TASK)


def _judge(case: Case, mode: Mode) -> dict[str, object]:
    try:
        with _deadline(CASE_TIMEOUT_S):
            return {"status": "pass", "message_match": _execute(case, mode)}
    except Skip as skip:
        return {"status": "skip", "reason": str(skip)}
    except Mismatch as mismatch:
        return {"status": "fail", "reason": mismatch.reason, "detail": mismatch.detail}
    except SqlError as error:
        return {"status": "fail", "reason": f"refused: {error}", "trace": traceback.format_exc()}
    except Exception as error:  # the edge of a case: whatever happened is its outcome
        return {"status": "fail", "reason": describe_crash(error), "trace": traceback.format_exc()}


def _execute(case: Case, mode: Mode) -> bool | None:
    match case:
        case QttCase():
            return qtt.run(case, mode=mode)
        case SqlCase():
            return sql.run(case, mode=mode)
        case RestCase():
            raise Skip("needs the server")
        case _:
            raise Skip("unknown kind of case")


class CaseTimeout(Exception):
    """A case took too long."""


@contextmanager
def _deadline(seconds: int) -> Iterator[None]:
    """Stop what runs inside after a time, where the platform can (a signal in the main thread)."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGALRM, partial(_expire, seconds))
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


def _expire(seconds: int, *_: object) -> None:
    raise CaseTimeout(f"the case ran for {seconds} s")
