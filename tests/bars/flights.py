"""The flights year: 336,776 records over 3 partitions give exactly 19,486 groups, also shuffled and under kill -9.

Scheduled departures per airport and hour, and delays over two hours, by `headrace run`; checked by pull query and by the
last value per key in the output topic.
"""

import gzip
import json
import random
import subprocess
from pathlib import Path

from child import Kills, contents, headrace, run_under_kills

RECORDS, GROUPS, LONG_DELAYS = 336_776, 19_486, 9_723
HOUR_MS = 3_600_000

SCRIPT = """
CREATE STREAM flights (sched_dep BIGINT, carrier VARCHAR, flight INTEGER, tailnum VARCHAR, origin VARCHAR, dest VARCHAR,
                       dep_delay INTEGER, arr_delay INTEGER, air_time INTEGER, distance INTEGER)
  WITH (KAFKA_TOPIC='flights', PARTITIONS=3, VALUE_FORMAT='JSON', TIMESTAMP='sched_dep');
CREATE STREAM long_delays AS SELECT origin, dest, tailnum, dep_delay FROM flights WHERE dep_delay > 120;
CREATE TABLE departures AS SELECT origin, COUNT(*) AS departures
  FROM flights WINDOW TUMBLING (SIZE 1 HOUR, RETENTION 400 DAYS) GROUP BY origin;
SELECT * FROM departures;
"""


def source(data: Path) -> Path:
    """The compressed year."""
    return data / "flights" / "flights.ndjson.gz"


def shuffled(data: Path, target: Path, seed: int = 7) -> Path:
    """A copy in which records come up to two hours late."""
    choose = random.Random(seed)
    with gzip.open(source(data), "rt") as lines:
        rows = [(json.loads(line)["sched_dep"] + choose.random() * 2 * HOUR_MS, line) for line in lines]
    rows.sort()
    target.write_text("".join(line for _, line in rows))
    return target


def run(directory: Path, script: Path, flights: Path, *, kills: int = 0, seed: int = 1) -> Kills:
    """Run the script, with kills if asked; raises AssertionError where the answer is not exact."""
    script.write_text(SCRIPT)
    command = headrace("run", str(script), "--input", f"flights={flights}", "--log", str(directory), "--format", "ndjson")
    counted = Kills()
    if kills:
        run_under_kills(command, directory, kills, random.Random(seed), counted)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    check(directory, done.stdout)
    return counted


def check(directory: Path, pulled: str) -> None:
    """Raise AssertionError unless pull and output topics give the exact answer."""
    rows = [json.loads(line) for line in pulled.splitlines() if line.strip()]
    assert len(rows) == GROUPS, f"pull: {len(rows)} groups"
    total = sum(row["DEPARTURES"] for row in rows)
    assert total == RECORDS, f"pull: {total} departures"
    found = contents(directory, ["DEPARTURES", "LONG_DELAYS"])
    last = {key: json.loads(value)["DEPARTURES"] for (t, _), records in found.items() if t == "DEPARTURES" for _, key, value in records if value}
    assert len(last) == GROUPS, f"topic: {len(last)} groups"
    assert sum(last.values()) == RECORDS, f"topic: {sum(last.values())} departures"
    delays = sum(len(records) for (t, _), records in found.items() if t == "LONG_DELAYS")
    assert delays == LONG_DELAYS, f"{delays} long delays"




