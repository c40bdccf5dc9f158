"""What a query could not process: entries for the processing log, and counts.

The law: every undecodable record is kept; failures of expressions, late and skipped records are counted one by one, but
only the first few of a kind and interval get an entry of their own, which says how many it stands for.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from headrace.engine.codegen.stage import StageRecord
from headrace.engine.services import Clock
from headrace.runtime.metrics import Counters

ENTRIES_PER_INTERVAL = 5
INTERVAL_MS = 10_000

DESERIALIZATION, PROCESSING = 0, 1
"""ksqlDB's codes of entry types."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An entry of the processing log: where it happened and the message in ksqlDB's layout."""

    logger: str
    time: int
    message: dict[str, Any]
    topic: str | None
    partition: int
    offset: int | None
    count: int = 1


class ProblemLog:
    """The problems of one query since its last commit."""

    __slots__ = ("_clock", "_quotas", "counts", "entries", "query_id", "sites")

    def __init__(self, query_id: str, clock: Clock) -> None:
        self.query_id = query_id
        self.entries: list[Problem] = []
        self.counts = Counters()
        self._clock = clock
        self._quotas: dict[str, list[int]] = {}

    def add(
        self, site: str, message: dict[str, Any], place: tuple[str | None, int, int | None], count: int = 1
    ) -> None:
        """Keep an entry."""
        self.entries.append(Problem(f"processing.{self.query_id}.{site}", self._clock.now_ms(), message, *place, count))

    def add_limited(self, site: str, message: str, place: tuple[str | None, int, int | None], record: object) -> None:
        """Keep an entry unless the site had its share of this interval; then count it for the next one."""
        now = self._clock.now_ms()
        quota = self._quotas.setdefault(site, [now, 0, 0])
        if now - quota[0] >= INTERVAL_MS:
            quota[0], quota[1] = now, 0
        if quota[1] >= ENTRIES_PER_INTERVAL:
            quota[2] += 1
            return
        quota[1] += 1
        count, quota[2] = quota[2] + 1, 0
        self.add(site, processing_message(message, record), place, count)

    def discard(self) -> None:
        """Forget what no commit will keep; its share is free again, so that what is processed anew is reported."""
        self._quotas.clear()
        self.entries.clear()
        self.counts = Counters()

    def take(self) -> tuple[list[Problem], Counters]:
        """Everything since the last call."""
        taken = self.entries, self.counts
        self.entries, self.counts = [], Counters()
        return taken


class TaskProblems:
    """What a stage reports to (`engine.codegen.stage.Problems`), with the task's place added."""

    __slots__ = ("_log", "_partition", "_sites", "topic")

    def __init__(self, log: ProblemLog, sites: Sequence[str], topic: str | None, partition: int) -> None:
        self._log = log
        self._sites = sites
        self._partition = partition
        self.topic = topic

    def undecodable(self, record: StageRecord, is_key: bool, error: BaseException) -> None:
        """Keep the record's bytes."""
        self._log.counts.undecodable += 1
        target, data = ("key", record.key) if is_key else ("value", record.value)
        message = deserialization_message(target, str(error) or type(error).__name__, data, self.topic)
        self._log.add("source", message, self._place(record))

    def failed(self, site: int, record: StageRecord | None, error: BaseException) -> None:
        """Count a failed expression."""
        self._log.counts.failed += 1
        text = self._sites[site] if 0 <= site < len(self._sites) else str(site)
        self._log.add_limited(text, f"{text}: {str(error) or type(error).__name__}", self._place(record), record)

    def skipped(self, record: StageRecord | None, reason: str) -> None:
        """Count a skipped record."""
        self._log.counts.skipped += 1
        self._log.add_limited("skipped", reason, self._place(record), record)

    def late(self, record: StageRecord | None, window_start: int, window_end: int, stream_time: int) -> None:
        """Count a late record."""
        self._log.counts.late += 1
        reason = f"Skipping record for expired window [{window_start},{window_end}); stream time is {stream_time}."
        self._log.add_limited("late", reason, self._place(record), record)

    def _place(self, record: StageRecord | None) -> tuple[str | None, int, int | None]:
        if record is None:
            return None, self._partition, None
        return self.topic, self._partition, record.offset


def deserialization_message(target: str, error: str, data: bytes | None, topic: str | None) -> dict[str, Any]:
    """ksqlDB's message for bytes that cannot be decoded."""
    encoded = None if data is None else base64.b64encode(data).decode()
    details: dict[str, Any] = {
        "target": target,
        "errorMessage": error,
        "recordB64": encoded,
        "cause": [],
        "topic": topic,
    }
    return {"type": DESERIALIZATION, "deserializationError": details}


def processing_message(error: str, record: object) -> dict[str, Any]:
    """ksqlDB's message for a record that an expression failed on; rows are included as the original bytes."""
    value = getattr(record, "value", None)
    encoded = base64.b64encode(value).decode() if isinstance(value, bytes) else None
    return {"type": PROCESSING, "recordProcessingError": {"errorMessage": error, "record": encoded, "cause": []}}
