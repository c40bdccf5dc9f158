"""Child processes that are killed: `headrace run` under a watch of the log's own progress."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from headrace.runtime.log.base import LogError, TopicLog
from headrace.runtime.log.opening import open_log

TIMEOUT_S = 300.0


@dataclass
class Kills:
    """What a run under kills amounted to."""

    counted: int = 0
    tried: int = 0
    recoveries: list[float] = field(default_factory=list)
    """Seconds from a start to the first commit after it."""


def run_to_end(command: Sequence[str]) -> None:
    """Run a command undisturbed; raises AssertionError with its last words where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-1000:]


def run_under_kills(command: Sequence[str], directory: Path, wanted: int, choose: random.Random, kills: Kills) -> None:
    """Start the command again and again, killing it (-9) after progress, until `wanted` kills counted or it ends by itself."""
    while kills.counted < wanted:
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if not _progressed(process, directory):
            errors = process.stderr.read() if process.stderr else ""
            assert process.wait() == 0, errors[-3000:]
            return
        kills.recoveries.append(time.monotonic() - began)
        time.sleep(choose.random() * 0.15)
        kills.tried += 1
        if process.poll() is not None:
            assert process.returncode == 0, process.returncode
            return
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        if process.stderr:
            process.stderr.close()
        kills.counted += 1
    run_to_end(command)


def _progressed(process: subprocess.Popen[str], directory: Path) -> bool:
    """Wait until the process has committed records since it started; False where it ended before."""
    before = _written(directory)
    while process.poll() is None:
        time.sleep(0.005)
        if _written(directory) > before:
            return True
    return False


def _written(directory: Path) -> int:
    """Records of all topics so far."""
    if not (directory / "data.mdb").exists():
        return 0
    try:
        log = open_log(str(directory))
    except LogError:
        return 0
    try:
        return sum(log.end_offset(t.name, p) for t in log.topics() for p in range(t.partitions) if "command" not in t.name)
    except LogError:
        return 0
    finally:
        log.close()


def contents(directory: Path, topics: Sequence[str]) -> dict[tuple[str, int], list[tuple[int, bytes | None, bytes | None]]]:
    """Every record of topics, per partition: (timestamp, key, value)."""
    log: TopicLog = open_log(str(directory))
    try:
        return {(t, p): _records(log, t, p) for t in topics for p in range(_partitions(log, t))}
    finally:
        log.close()


def _partitions(log: TopicLog, topic: str) -> int:
    found = log.describe(topic)
    return found.partitions if found else 0


def _records(log: TopicLog, topic: str, partition: int) -> list[tuple[int, bytes | None, bytes | None]]:
    records: list[tuple[int, bytes | None, bytes | None]] = []
    offset = log.begin_offset(topic, partition)
    end = log.end_offset(topic, partition)
    while offset < end:
        found = log.read(topic, partition, offset)
        records += [(r.timestamp, r.key, r.value) for r in found.records]
        offset = found.next_offset
    return records


def headrace(*arguments: str) -> list[str]:
    """The command line of the `headrace` command in this environment."""
    return [sys.executable, "-m", "headrace", *arguments]
