"""Child processes that are killed: `headrace run` under a watch of its log's progress.

The law: a kill counts only where the process had committed output since it was started.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from headrace.runtime.engine import DEFAULT_SERVICE_ID
from headrace.runtime.log.base import LogError, TopicLog
from headrace.runtime.log.opening import open_log
from headrace.runtime.state.changelog import application_id

TIMEOUT_S = 300.0
POLL_S = 0.002
EARLY_KILLS = 0.1
"""The share of kills that come whenever they come, in the middle of a start too; most of these do not count."""

Records = Sequence[tuple[int, bytes | None, bytes | None, object]]
"""(timestamp, key, value, headers) by offset."""


@dataclass
class Kills:
    """What a run under kills amounted to."""

    counted: int = 0
    tried: int = 0
    ended: bool = False
    """Whether the work was done before there were enough kills."""
    first_commits: list[float] = field(default_factory=list)
    """Seconds from a start to the first output after it."""

    def add(self, other: "Kills") -> None:
        """Take in another run."""
        self.counted += other.counted
        self.tried += other.tried
        self.ended = other.ended
        self.first_commits += other.first_commits


def headrace(*arguments: str) -> list[str]:
    """The command line of the `headrace` command in this environment."""
    return [sys.executable, "-m", "headrace.repl.main", *arguments]


def run_to_end(command: Sequence[str]) -> str:
    """Run a command undisturbed; gives what it printed, raises AssertionError with its last words where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr[-3000:]}"
    return done.stdout


def run_under_kills(
    command: Sequence[str],
    log: Path,
    sinks: Sequence[str],
    *,
    wanted: int,
    choose: random.Random,
    spread_s: float = 0.15,
) -> Kills:
    """Start the command again and again, killing it (-9) after progress, until `wanted` kills counted or it ends by itself."""
    kills = Kills()
    with Watch(log, sinks) as watch, tempfile.TemporaryFile() as words:
        while kills.counted < wanted:
            words.truncate(0)
            began = time.monotonic()
            before = watch.written()
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=words) as process:
                if choose.random() < EARLY_KILLS:
                    _wait(process, began + choose.random())
                elif _wait(process, began + TIMEOUT_S, watch, before):
                    kills.first_commits.append(time.monotonic() - began)
                    _wait(process, time.monotonic() + choose.random() * spread_s)
                if process.poll() is not None:
                    words.seek(0)
                    assert process.returncode == 0, words.read()[-3000:].decode()
                    kills.ended = True
                    return kills
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
            kills.tried += 1
            kills.counted += watch.written() > before
    return kills


class Watch:
    """Looks at a log from beside, as `headrace consume` does, to see how much was written."""

    def __init__(self, directory: Path, topics: Sequence[str]) -> None:
        self._directory = directory
        self._topics = topics
        self._log: TopicLog | None = None

    def __enter__(self) -> "Watch":
        return self

    def __exit__(self, *_: object) -> None:
        if self._log is not None:
            self._log.close()

    def written(self) -> int:
        """The records in the topics."""
        if self._log is None:
            with contextlib.suppress(LogError):
                self._log = open_log(str(self._directory), create=False)
        log = self._log
        return 0 if log is None else sum(log.end_offset(t, p) for t in self._topics for p in range(_partitions(log, t)))


def contents(directory: Path, topics: Sequence[str]) -> Mapping[tuple[str, int], Records]:
    """Every record of topics, per partition."""
    with contextlib.closing(open_log(str(directory), create=False)) as log:
        return {(t, p): _records(log, t, p) for t in topics for p in range(_partitions(log, t))}


def offsets(directory: Path, queries: Sequence[str]) -> dict[str, int]:
    """Where queries stand: what they have consumed of each partition."""
    with contextlib.closing(open_log(str(directory), create=False)) as log:
        groups = {query: log.committed(application_id(DEFAULT_SERVICE_ID, query)) for query in queries}
        return {f"{query} {t}/{p}": offset for query, found in groups.items() for (t, p), offset in found.items()}


def _wait(process: "subprocess.Popen[bytes]", until: float, watch: Watch | None = None, written: int = 0) -> bool:
    """Wait for the end of the process, the time, or the watch to see more than `written`; says whether it saw that."""
    while process.poll() is None and time.monotonic() < until:
        if watch is not None and watch.written() > written:
            return True
        time.sleep(POLL_S)
    return False


def _partitions(log: TopicLog, topic: str) -> int:
    found = log.describe(topic)
    return found.partitions if found else 0


def _records(log: TopicLog, topic: str, partition: int) -> Records:
    records: list[tuple[int, bytes | None, bytes | None, object]] = []
    offset = log.begin_offset(topic, partition)
    end = log.end_offset(topic, partition)
    while offset < end:
        found = log.read(topic, partition, offset)
        records += [(r.timestamp, r.key, r.value, tuple(r.headers)) for r in found.records]
        offset = found.next_offset
    return records
