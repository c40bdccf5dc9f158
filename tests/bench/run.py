"""`make bench`: the engine against hand-written loops, side by side in one run, CPU time.

(a) the reference loop in memory, (b) the engine's generated stage on the same batches, (c) the engine end to end, embedded
topic to embedded topic, durable. Exits 1 where a bar of the issue or the references' own floor does not hold.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from measure import Measurement, cpu, ratio, side_by_side
from reference import decode, filter, window
from stages import FILTER, WINDOW, plan_of, run_stage
from workload import bids

import headrace
from headrace.repl.garbage import tune_garbage_collection
from headrace.runtime.log.memory import MemoryLog

BATCH = 2_000
FLOORS = {"filter": 0.7, "window": 0.35}
"""What the references must reach of the rate of only decoding."""
BARS = {"filter": (0.85, 0.45), "window": (0.8, 0.45)}
"""What (b) and (c) must reach of the references."""


def load(count: int) -> list[Sequence[Any]]:
    """The workload as batches of log records."""
    log = MemoryLog()
    log.create_topic("bids", 1)
    rows = [(time_ms, key, value, ()) for time_ms, key, value in bids(count)]
    for start in range(0, count, BATCH):
        transaction = log.transaction()
        transaction.append("bids", 0, rows[start : start + BATCH])
        transaction.commit()
    batches = []
    offset = 0
    while offset < count:
        found = log.read("bids", 0, offset, max_records=BATCH)
        batches.append(found.records)
        offset = found.next_offset
    return batches


def end_to_end(sql: str, count: int) -> Callable[[], float]:
    """A run of the engine on a directory: CPU seconds from the start of the query until everything is committed."""
    source, query = sql.split(";\n", 1) if ";\n" in sql else (sql, "")
    rows = [(time_ms, key, value, ()) for time_ms, key, value in bids(count)]

    def measured() -> float:
        directory = tempfile.mkdtemp(prefix="headrace-bench-")
        try:
            engine = headrace.open(directory)
            engine.execute("SET 'auto.offset.reset'='earliest'; SET 'commit.interval.ms'='100';")
            engine.execute(source.replace("VALUE_FORMAT='JSON'", "VALUE_FORMAT='JSON', PARTITIONS=1") + ";")
            for start in range(0, count, BATCH):
                engine.append("bids", {0: rows[start : start + BATCH]})
            engine.wait_idle()
            tune_garbage_collection()
            begin = time.process_time()
            engine.execute(query)
            engine.wait_idle()
            taken = time.process_time() - begin
            engine.close()
            return taken
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    return measured


def compare(
    name: str, sql: str, batches: list[Sequence[Any]], count: int, rounds: int, *, durable: bool
) -> tuple[dict[str, Measurement], bool]:
    """Measure one query; says whether its bars hold."""
    reference = {"filter": filter.run, "window": window.run}[name]
    row = {"filter": decode.ThreeOfFilter, "window": decode.ThreeOfWindow}[name]
    plan, whole = plan_of(sql), plan_of(sql, {"headrace.decode.all.columns": "true"})
    expected, got = reference(batches), run_stage(plan, batches, emit_every=window.EMIT_EVERY)
    assert expected == got, f"{name}: the reference gives {expected} rows, the stage {got}"
    candidates = {
        "decode only": cpu(lambda: decode.decode_only(batches, row)),
        "a reference": cpu(lambda: reference(batches)),
        "b stage": cpu(lambda: run_stage(plan, batches, emit_every=window.EMIT_EVERY)),
        "b, all columns": cpu(lambda: run_stage(whole, batches, emit_every=window.EMIT_EVERY)),
    }
    if durable:
        candidates["c end to end"] = end_to_end(sql, count)
    found = side_by_side(candidates, rounds)
    floor = ratio(found["a reference"], found["decode only"])
    b = ratio(found["b stage"], found["a reference"])
    bar_b, bar_c = BARS[name]
    strict = ratio(found["b, all columns"], found["a reference"])
    checks = [("floor: a / decode only", floor, FLOORS[name]), ("b / a", b, bar_b)]
    if durable:
        checks.append(("c / a", ratio(found["c end to end"], found["a reference"]), bar_c))
    print(f"{name}: {count:,} records, {rounds} rounds, CPU time")
    for measurement in found.values():
        print(f"  {measurement.name:14} {count / measurement.median / 1e3:8,.0f} k records/CPU s")
    print(f"  {'b, all columns / a':24} {strict:.2f} (headrace.decode.all.columns=true; no bar)")
    for label, value, bar in checks:
        print(f"  {label:24} {value:.2f} (bar {bar}) {'ok' if value >= bar else 'BELOW'}")
    return found, all(value >= bar for _, value, bar in checks)


def main() -> int:
    """Run the benches that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["filter", "window"], help="filter, window")
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stages-only", action="store_true", help="leave the durable run out")
    parser.add_argument("--report", type=Path)
    arguments = parser.parse_args()
    batches = load(arguments.records)
    held = True
    report = {}
    for name in arguments.names:
        sql = {"filter": FILTER, "window": WINDOW}[name]
        found, ok = compare(name, sql, batches, arguments.records, arguments.rounds, durable=not arguments.stages_only)
        held = held and ok
        report[name] = {m.name: m.median for m in found.values()}
    if arguments.report:
        arguments.report.write_text(json.dumps(report, indent=1))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
