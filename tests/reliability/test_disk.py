"""A full disk: the statement or the run fails with the reason, nothing is lost, and it goes on when there is room."""

import subprocess
import sys
from pathlib import Path

import pytest
from bids import SINKS, differences, outcome, prepare
from child import headrace, run_to_end

KIB = 1 << 10

LIMITED = f"""\
import resource, sys
from headrace.repl.main import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]) * {KIB}, resource.RLIM_INFINITY))
sys.exit(main(sys.argv[2:]))
"""


def run_limited(limit_kib: int, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """Run `headrace` where no file may grow over a size."""
    line = [sys.executable, "-c", LIMITED, str(limit_kib), *arguments]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("limit_kib", [64, 1_024, 2_500], ids=["at the start", "while loading", "while processing"])
def test_a_run_fails_with_the_reason_and_goes_on_when_there_is_room(tmp_path: Path, limit_kib: int) -> None:
    workload = prepare(tmp_path, records=10_000, seed=1)
    expected = outcome(tmp_path / "whole", run_to_end(workload.command(tmp_path / "whole")))
    log = tmp_path / "log"

    done = run_limited(limit_kib, workload.arguments(log))
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert f'The disk of "{log}" is full' in done.stderr

    found = outcome(log, run_to_end(headrace(*workload.arguments(log))))
    assert differences(expected, found, every_change=True) == []
    assert len(found.records) == 3 * len(SINKS)


ENGINE = f"""\
import logging, os, resource, sys
import headrace
from headrace.runtime.log.base import LogFull

logging.disable(logging.CRITICAL)
path = sys.argv[1]
with headrace.open(path, properties={{"auto.offset.reset": "earliest"}}) as engine:
    engine.execute(
        "CREATE STREAM s (k VARCHAR KEY, v VARCHAR) WITH (KAFKA_TOPIC='s', PARTITIONS=1, VALUE_FORMAT='JSON');"
        "CREATE TABLE t AS SELECT k, COUNT(*) AS n FROM s GROUP BY k;"
    )
    used = os.stat(path + "/data.mdb").st_blocks * 512
    resource.setrlimit(resource.RLIMIT_FSIZE, (used + 512 * {KIB}, resource.RLIM_INFINITY))
    accepted, reasons = 0, set()
    for _ in range(40):
        try:
            engine.insert("s", [{{"k": "k", "v": "x" * 1_000}}] * 50)
            accepted += 50
        except LogFull as error:
            reasons.add(str(error))
    try:
        engine.execute("CREATE STREAM u AS SELECT k, v, '" + "x" * 120_000 + "' AS w FROM s;")
    except (LogFull, headrace.SqlError) as error:
        reasons.add(str(error))
    print(len(reasons), "is full" in "".join(reasons), 0 < accepted < 2_000)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    engine.insert("s", [{{"k": "k", "v": "again"}}])
    print(engine.wait_idle(30))
    (rows,) = [list(result) for result in engine.execute("SELECT n FROM t WHERE k = 'k';")]
    print(rows[0].values[0] - accepted, sorted(q.state for q in engine.queries()))
"""


def test_an_engine_refuses_rows_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    line = [sys.executable, "-c", ENGINE, str(tmp_path / "log")]
    done = subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["1 True True", "True", "1 ['RUNNING']"]
