"""Measuring side by side: candidates run in turn, A B C A B C …, CPU time of the process, medians and paired ratios."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from headrace.repl.garbage import tune_garbage_collection

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Measurement:
    """CPU seconds of each round."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median in CPU seconds."""
        return statistics.median(self.seconds)


def side_by_side(candidates: Mapping[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, Measurement]:
    """Run every candidate once a round, after one warm-up; a candidate returns the CPU seconds that count."""
    taken: dict[str, list[float]] = {name: [] for name in candidates}
    for number in range(rounds + 1):
        for name, candidate in candidates.items():
            gc.collect()
            seconds = candidate()
            if number:
                taken[name].append(seconds)
    return {name: Measurement(name, tuple(s)) for name, s in taken.items()}


def ratio(slow: Measurement, fast: Measurement) -> float:
    """How much of the speed of `fast` the other one reaches: the median of the paired ratios."""
    return statistics.median(f / s for s, f in zip(slow.seconds, fast.seconds, strict=True))


def cpu(work: Callable[[], object]) -> Callable[[], float]:
    """The CPU seconds of a call, with the garbage collector as the command sets it."""

    def measured() -> float:
        tune_garbage_collection()
        start = time.process_time()
        work()
        return time.process_time() - start

    return measured
