"""What runs while it is killed: filter, count and window over three partitions, and how its results are compared.

The law: event time comes from the records and no result depends on the clock, so two runs over the same file have to agree.
"""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from child import Records, contents, headrace, offsets

PARTITIONS = 3
TICK_MS = 20
DISORDER_MS = 8_000
KEYS = 40

SINKS = ("LARGE", "BY_PAGE", "BY_BUYER", "PER_WINDOW")
"""A filter; a count through an exchange; a count behind the filter, with every row of a step; windows with late records."""

TABLES = ("BY_PAGE", "BY_BUYER", "PER_WINDOW")

SCRIPT = """\
CREATE STREAM bids (buyer STRING KEY, page INT, price INT, rate DOUBLE, seen BIGINT)
  WITH (KAFKA_TOPIC = 'bids', VALUE_FORMAT = 'JSON', TIMESTAMP = 'seen', PARTITIONS = 3);
SET 'cache.max.bytes.buffering' = '{cache}';
SET 'commit.interval.ms' = '{interval}';
CREATE STREAM large AS SELECT buyer, page, price FROM bids WHERE price > 300;
CREATE TABLE by_page AS SELECT page, COUNT(*) AS n, SUM(price) AS total, SUM(rate) AS rates FROM bids GROUP BY page;
CREATE TABLE by_buyer AS SELECT buyer, COUNT(*) AS n, MIN(page) AS lowest FROM large GROUP BY buyer;
CREATE TABLE per_window AS SELECT page, COUNT(*) AS n, MAX(price) AS highest FROM bids
  WINDOW TUMBLING (SIZE 10 SECONDS, RETENTION 1 DAY, GRACE PERIOD 2 SECONDS) GROUP BY page;
SELECT * FROM by_page;
SELECT * FROM by_buyer;
SELECT * FROM per_window;
"""

EVERY_CHANGE, COALESCED = "0", "10000000"


@dataclass(frozen=True, slots=True)
class Workload:
    """A script and its input, in a folder."""

    script: Path
    bids: Path

    def command(self, log: Path) -> list[str]:
        """The command that runs it, and goes on with it."""
        return headrace("run", str(self.script), "--input", f"bids={self.bids}", "--log", str(log), "--format", "ndjson")


def prepare(folder: Path, *, records: int, seed: int, cache: str = EVERY_CHANGE) -> Workload:
    """Write script and input."""
    script = folder / f"workload-{cache}.sql"
    script.write_text(SCRIPT.format(cache=cache, interval=50))
    bids = folder / f"bids-{records}-{seed}.ndjson"
    choose = random.Random(seed)
    with bids.open("w") as file:
        for index in range(records):
            seen = 1_700_000_000_000 + index * TICK_MS - choose.randrange(DISORDER_MS)
            bid = {"buyer": f"b{choose.randrange(KEYS)}", "page": choose.randrange(200), "price": choose.randrange(1000)}
            file.write(json.dumps(bid | {"rate": choose.random(), "seen": seen}) + "\n")
    return Workload(script, bids)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a finished run left behind."""

    answers: Sequence[str]
    records: Mapping[tuple[str, int], Records]
    offsets: Mapping[str, int]


def outcome(log: Path, printed: str) -> Outcome:
    """What a run left in its log, and printed."""
    return Outcome(sorted(printed.splitlines()), contents(log, SINKS), offsets(log))


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
    return {key: value for _, key, value in records}
