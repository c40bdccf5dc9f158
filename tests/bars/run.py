"""`make bars`: the full-size checks; one line per bar with what was measured, exit code 1 where one is below.

python tests/bars/run.py [NAME …]     only the bars whose names begin so
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import bids
import flights
import idle
import language
import startup
from planted import BUGS, planted

SEED = 20_130_101
KILLS = 100
FLIGHT_KILLS = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar and what was measured; `is_ok` is None where it could not be measured."""

    name: str
    measured: str
    bar: str
    is_ok: bool | None

    def line(self) -> str:
        """The line that is printed."""
        verdict = {True: "ok", False: "BELOW", None: "not run"}[self.is_ok]
        return f"{self.name:<32} {self.measured:<48} {self.bar:<34} {verdict}"


def start_up(_: Path) -> Iterator[Bar]:
    """`headrace run` of a trivial file."""
    seconds = startup.measure()
    yield Bar("start-up", f"{seconds:.2f} s", "<= 0.60 s (median of 9)", seconds <= 0.6)


def idle_queries(_: Path) -> Iterator[Bar]:
    """A thousand idle queries."""
    found = idle.measure()
    yield Bar(
        "idle: creating a query",
        f"{found.create_cpu_ms:.1f} ms CPU",
        "<= 10 ms CPU (median)",
        found.create_cpu_ms <= 10,
    )
    yield Bar("idle: resident memory", f"{found.resident_mb:.0f} MB", "<= 300 MB", found.resident_mb <= 300)
    yield Bar("idle: CPU", f"{found.idle_core_percent:.2f} % of a core", "<= 2 %", found.idle_core_percent <= 2)
    yield Bar("idle: waking all", f"{found.wake_s:.2f} s", "<= 1 s", found.wake_s <= 1)


def kill_every_change(folder: Path) -> Iterator[Bar]:
    """Kills in every-change mode."""
    yield _kills("kill -9: every change", folder, bids.EVERY_CHANGE)


def kill_coalesced(folder: Path) -> Iterator[Bar]:
    """Kills in coalesced mode."""
    yield _kills("kill -9: coalesced", folder, bids.COALESCED)


def planted_bugs(folder: Path) -> Iterator[Bar]:
    """The same test with bugs planted."""
    for bug in BUGS:
        cache = bids.COALESCED if bug == "pending_lost" else bids.EVERY_CHANGE
        inner = folder / bug
        inner.mkdir()
        workload = bids.prepare(inner, records=50_000, seed=SEED, cache=cache)
        verdict = bids.run_rounds(workload, inner, kills=30, seed=SEED, command=planted(bug), until_wrong=True)
        measured = f"found after {verdict.kills.counted} kills" if verdict.wrong else "not found"
        yield Bar(f"kill -9: planted {bug}", measured, "found", bool(verdict.wrong))


def flights_year(folder: Path) -> Iterator[Bar]:
    """A year of flights: in order, shuffled, killed."""
    source = flights.year()
    bar = f"{flights.YEAR_GROUPS:,} {flights.YEAR_RECORDS:,} {flights.YEAR_LONG_DELAYS:,}"
    if not source.exists():
        yield Bar("flights", f"{source} is not there", bar, None)
        return
    shuffled = flights.shuffle(source, folder / "shuffled.ndjson")
    for name, file, kills in (("in order", source, 0), ("shuffled", shuffled, 0), ("killed", shuffled, FLIGHT_KILLS)):
        inner = folder / name
        inner.mkdir()
        by_pull, by_topic, counted = flights.answer_of_run(inner, file, kills=kills, seed=SEED)
        exact = (flights.YEAR_GROUPS, flights.YEAR_RECORDS, flights.YEAR_LONG_DELAYS)
        found = len(by_pull.groups), by_pull.departures, by_pull.long_delays
        is_ok = found == exact and by_pull == by_topic == flights.plain_answer(source) and counted.counted == kills
        measured = " ".join(f"{n:,}" for n in found) + (f" after {counted.counted} kills" if kills else "")
        yield Bar(f"flights: {name}", measured, bar, is_ok)


def _kills(name: str, folder: Path, cache: str) -> Bar:
    workload = bids.prepare(folder, records=150_000, seed=SEED, cache=cache)
    verdict = bids.run_rounds(workload, folder, kills=KILLS, seed=SEED)
    for difference in verdict.wrong[:5]:
        print(f"  {difference[:500]}", file=sys.stderr)
    measured = f"{verdict.kills.counted} kills, {len(verdict.wrong)} differences in {verdict.rounds} runs"
    return Bar(
        name, measured, f">= {KILLS} counted, no difference", verdict.kills.counted >= KILLS and not verdict.wrong
    )


def statements(_: Path) -> Iterator[Bar]:
    """Fuzzed statements."""
    is_ok, line = language.fuzz(200_000)
    yield Bar("fuzzed statements", line[-48:], "200,000 mutants, no fault", is_ok)


def expressions(_: Path) -> Iterator[Bar]:
    """Random expressions against other engines."""
    is_ok, line = language.oracle(5_000)
    yield Bar("oracle", line, "5,000 examples, no difference", is_ok)


def conformance(_: Path) -> Iterator[Bar]:
    """Shares of ksqlDB's own cases."""
    shares = {"stateless cases": 0.98, "errors refused": 0.95, "errors with the text": 0.60}
    found = language.conformance()
    for name, share in shares.items():
        passed, cases = found.get(name, (0, 0))
        measured = f"{passed} of {cases} ({passed / cases:.1%})" if cases else "the suite is not there"
        yield Bar(f"conformance: {name}", measured, f">= {share:.0%}", passed >= share * cases if cases else None)


PARTS: dict[str, Callable[[Path], Iterator[Bar]]] = {
    "start-up": start_up,
    "idle": idle_queries,
    "flights": flights_year,
    "planted": planted_bugs,
    "every-change": kill_every_change,
    "coalesced": kill_coalesced,
    "statements": statements,
    "expressions": expressions,
    "conformance": conformance,
}


def main() -> int:
    """Run the bars that are asked for."""
    parser = argparse.ArgumentParser(description="Run the full-size checks.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(PARTS)}")
    wanted = parser.parse_args().names
    is_ok = True
    for name, part in PARTS.items():
        if wanted and name not in wanted:
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="headrace-bars-") as folder:
            try:
                for bar in part(Path(folder)):
                    is_ok = is_ok and bar.is_ok is not False
                    print(bar.line(), flush=True)
            except AssertionError as error:
                is_ok = False
                print(Bar(name, str(error)[:200], "", False).line(), flush=True)
        print(f"  {name} took {time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0 if is_ok else 1


if __name__ == "__main__":
    sys.exit(main())
