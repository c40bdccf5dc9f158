"""`headrace run` of a trivial file: wall time from the start of the process to its end."""

import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from child import headrace

RUNS = 9

SCRIPT = """\
CREATE STREAM s (a INT, b VARCHAR) WITH (KAFKA_TOPIC = 's', PARTITIONS = 1, VALUE_FORMAT = 'JSON');
INSERT INTO s VALUES (1, 'one');
CREATE TABLE t AS SELECT b, COUNT(*) AS n FROM s GROUP BY b;
SELECT * FROM t;
"""


def measure(runs: int = RUNS) -> float:
    """Seconds, the median; the first run only warms up."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "trivial.sql"
        script.write_text(SCRIPT)
        return statistics.median([_run(script, index) for index in range(runs + 1)][1:])


def _run(script: Path, index: int) -> float:
    command = headrace("run", str(script), "--log", str(script.parent / f"log-{index}"))
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    taken = time.monotonic() - began
    assert "one" in done.stdout, done.stdout
    return taken
