"""Flights out of New York over three partitions: departures per airport and hour, and delays over two hours, exactly.

The law: the answer is what plain Python makes of the same file, by pull query and by the last value per key in the output
topic, in whatever order the records come and however often the run is killed.
"""

import gzip
import json
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from child import Kills, contents, headrace, run_to_end, run_under_kills

YEAR_RECORDS, YEAR_GROUPS, YEAR_LONG_DELAYS = 336_776, 19_486, 9_723
HOUR_MS = 3_600_000
LONG_MIN = 120
SINKS = ("DEPARTURES", "LONG_DELAYS")

SCRIPT = f"""\
CREATE STREAM flights (sched_dep BIGINT, carrier VARCHAR, flight INT, tailnum VARCHAR, origin VARCHAR, dest VARCHAR,
                       dep_delay INT, arr_delay INT, air_time INT, distance INT)
  WITH (KAFKA_TOPIC = 'flights', PARTITIONS = 3, VALUE_FORMAT = 'JSON', TIMESTAMP = 'sched_dep');
CREATE STREAM long_delays AS SELECT origin, dest, tailnum, dep_delay FROM flights WHERE dep_delay > {LONG_MIN};
CREATE TABLE departures AS SELECT origin, COUNT(*) AS departures
  FROM flights WINDOW TUMBLING (SIZE 1 HOUR, RETENTION 400 DAYS) GROUP BY origin;
SELECT origin, windowstart AS hour, departures FROM departures;
"""

Groups = dict[tuple[str, int], int]


@dataclass(frozen=True, slots=True)
class Answer:
    """Departures by airport and hour, and the number of long delays."""

    groups: Groups
    long_delays: int

    @property
    def departures(self) -> int:
        """All of them."""
        return sum(self.groups.values())


def year() -> Path:
    """Where the year is, if it is there."""
    return Path(__file__).parents[3] / "shared" / "data" / "flights" / "flights.ndjson.gz"


def plain_answer(flights: Path) -> Answer:
    """The answer by plain Python."""
    rows = [json.loads(line) for line in _lines(flights)]
    groups = Counter((row["origin"], row["sched_dep"] // HOUR_MS * HOUR_MS) for row in rows)
    return Answer(dict(groups), sum((row["dep_delay"] or 0) > LONG_MIN for row in rows))


def shuffle(flights: Path, target: Path, *, seed: int = 7) -> Path:
    """A copy in which records come up to two hours late."""
    choose = random.Random(seed)
    rows = [(json.loads(line)["sched_dep"] + choose.random() * 2 * HOUR_MS, line) for line in _lines(flights)]
    target.write_text("".join(line for _, line in sorted(rows)))
    return target


def answer_of_run(folder: Path, flights: Path, *, kills: int = 0, seed: int = 1) -> tuple[Answer, Answer, Kills]:
    """The answers by pull and by the output topics of a run, killed so often."""
    script = folder / "flights.sql"
    script.write_text(SCRIPT)
    log = folder / "log"
    command = headrace("run", str(script), "--input", f"flights={flights}", "--log", str(log), "--format", "ndjson")
    counted = run_under_kills(command, log, SINKS, wanted=kills, choose=random.Random(seed))
    pulled = [json.loads(line) for line in run_to_end(command).splitlines()]
    by_pull = {(row["ORIGIN"], row["HOUR"]): row["DEPARTURES"] for row in pulled}
    assert len(by_pull) == len(pulled), "a group was pulled twice"
    found = contents(log, SINKS)
    last: Groups = {}
    delays = 0
    for (topic, _), records in found.items():
        if topic == "LONG_DELAYS":
            delays += len(records)
            continue
        for _, key, value, _ in records:
            last[_group(key or b"")] = json.loads(value or b"{}")["DEPARTURES"]
    return Answer(by_pull, delays), Answer(last, delays), counted


def _group(key: bytes) -> tuple[str, int]:
    return key[:-8].decode(), int.from_bytes(key[-8:], "big")


def _lines(flights: Path) -> list[str]:
    with gzip.open(flights, "rt") if flights.suffix == ".gz" else flights.open() as lines:
        return list(lines)
