"""What runs while it is killed: filter, count and window over three partitions, and how its results are compared.

The law: event time comes from the records and no result depends on the clock, so two runs over the same file have to agree.
"""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from child import Kills, Records, contents, headrace, offsets, run_to_end, run_under_kills

PARTITIONS = 3
TICK_MS = 20
DISORDER_MS = 8_000
KEYS = 40

SINKS = ("LARGE", "BY_PAGE", "BY_BUYER", "LARGE_PER_WINDOW", "PER_WINDOW")
"""A filter; a count through an exchange; a count behind the filter, of rows of the same step; windows with late records, behind
the filter and an exchange, and over the input."""

QUERIES = ("CSAS_LARGE_1", "CTAS_BY_PAGE_2", "CTAS_BY_BUYER_3", "CTAS_LARGE_PER_WINDOW_4", "CTAS_PER_WINDOW_5")
TABLES = ("BY_PAGE", "BY_BUYER", "LARGE_PER_WINDOW", "PER_WINDOW")

SCRIPT = """\
CREATE STREAM bids (buyer STRING KEY, page INT, price INT, rate DOUBLE, seen BIGINT)
  WITH (KAFKA_TOPIC = 'bids', VALUE_FORMAT = 'JSON', TIMESTAMP = 'seen', PARTITIONS = 3);
SET 'cache.max.bytes.buffering' = '{cache}';
SET 'commit.interval.ms' = '{interval}';
CREATE STREAM large AS SELECT buyer, page, price FROM bids WHERE price > 300;
CREATE TABLE by_page AS SELECT page, COUNT(*) AS n, SUM(price) AS total, SUM(rate) AS rates FROM bids GROUP BY page;
CREATE TABLE by_buyer AS SELECT buyer, COUNT(*) AS n, MIN(page) AS lowest FROM large GROUP BY buyer;
CREATE TABLE large_per_window AS SELECT page, COUNT(*) AS n FROM large
  WINDOW TUMBLING (SIZE 10 SECONDS, RETENTION 1 DAY, GRACE PERIOD 1 SECOND) GROUP BY page;
CREATE TABLE per_window AS SELECT page, COUNT(*) AS n, MAX(price) AS highest FROM bids
  WINDOW TUMBLING (SIZE 10 SECONDS, RETENTION 1 DAY, GRACE PERIOD 2 SECONDS) GROUP BY page;
SELECT * FROM by_page;
SELECT * FROM by_buyer;
SELECT * FROM large_per_window;
SELECT * FROM per_window;
"""

EMISSION_MS = 300
"""Several commits lie between two emissions, so that a kill finds changes that wait for one."""

EVERY_CHANGE, COALESCED = "0", "10000000"


@dataclass(frozen=True, slots=True)
class Workload:
    """A script and its input, in a folder."""

    script: Path
    bids: Path
    every_change: bool

    def arguments(self, log: Path) -> list[str]:
        """What runs it, and goes on with it."""
        return ["run", str(self.script), "--input", f"bids={self.bids}", "--log", str(log), "--format", "ndjson"]

    def command(self, log: Path) -> list[str]:
        """The command line of that."""
        return headrace(*self.arguments(log))


def prepare(folder: Path, *, records: int, seed: int, cache: str = EVERY_CHANGE) -> Workload:
    """Write script and input."""
    script = folder / f"workload-{cache}.sql"
    script.write_text(SCRIPT.format(cache=cache, interval=EMISSION_MS))
    bids = folder / f"bids-{records}-{seed}.ndjson"
    choose = random.Random(seed)
    with bids.open("w") as file:
        for index in range(records):
            seen = 1_700_000_000_000 + index * TICK_MS - choose.randrange(DISORDER_MS)
            bid = {
                "buyer": f"b{choose.randrange(KEYS)}",
                "page": choose.randrange(200),
                "price": choose.randrange(1000),
            }
            file.write(json.dumps(bid | {"rate": choose.random(), "seen": seen}) + "\n")
    return Workload(script, bids, cache == EVERY_CHANGE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a finished run left behind."""

    answers: Sequence[str]
    records: Mapping[tuple[str, int], Records]
    offsets: Mapping[str, int]


def outcome(log: Path, printed: str) -> Outcome:
    """What a run left in its log, and printed."""
    return Outcome(sorted(printed.splitlines()), contents(log, SINKS), offsets(log, QUERIES))


def differences(expected: Outcome, found: Outcome, *, every_change: bool) -> list[str]:
    """In what a run differs from an undisturbed one; nothing where it is as it should be."""
    wrong = [] if expected.answers == found.answers else ["the final tables differ"]
    if expected.offsets != found.offsets:
        wrong.append(f"committed offsets differ: {expected.offsets} and {found.offsets}")
    for place, records in expected.records.items():
        topic, partition = place
        mine = found.records.get(place, [])
        if topic in TABLES and not every_change:
            if _last(records) != _last(mine):
                wrong.append(f"{topic}/{partition}: last values differ")
        elif records != mine:
            at = next((i for i, (a, b) in enumerate(zip(records, mine)) if a != b), min(len(records), len(mine)))
            wrong.append(
                f"{topic}/{partition}: {len(records)} and {len(mine)} records, differ at {at}: "
                f"{records[at : at + 1]} and {mine[at : at + 1]}"
            )
    return wrong


def _last(records: Records) -> dict[bytes | None, bytes | None]:
    return {key: value for _, key, value, _ in records}


@dataclass
class Verdict:
    """What came of running under kills."""

    kills: Kills = field(default_factory=Kills)
    rounds: int = 0
    wrong: list[str] = field(default_factory=list)


def run_rounds(
    workload: Workload, folder: Path, *, kills: int, seed: int, command: Sequence[str] = (), until_wrong: bool = False
) -> Verdict:
    """Run under kills, on a fresh log again and again, until so many counted; every round has to end as an undisturbed run.

    `command` is put in front of the arguments in the place of `headrace`; with `until_wrong` the first difference ends it.
    """
    undisturbed = folder / "undisturbed"
    expected = outcome(undisturbed, run_to_end(workload.command(undisturbed)))
    verdict = Verdict()
    choose = random.Random(seed)
    while verdict.kills.counted < kills and not (until_wrong and verdict.wrong):
        log = folder / f"killed-{verdict.rounds}"
        line = [*(command or headrace()), *workload.arguments(log)]
        left = 3 if until_wrong else kills - verdict.kills.counted
        verdict.kills.add(run_under_kills(line, log, SINKS, wanted=left, choose=choose))
        found = outcome(log, run_to_end(line))
        verdict.wrong += differences(expected, found, every_change=workload.every_change)
        verdict.rounds += 1
    return verdict
