"""Forgets what the configs of topics let go: retention and compaction, now and then.

The law: it works in small transactions on a thread of its own, so that no step waits for it; a topic that cannot be cleaned is
left for the next time.
"""

import logging
import threading

from headrace.runtime.log.base import LogError, TopicDescription, TopicLog
from headrace.runtime.log.cleanup import Cleanup

INTERVAL_S = 300.0
"""Between two looks at all topics, as Kafka's log.retention.check.interval.ms."""
COMPACTED_RECORDS = 100_000
"""New records of a topic before it is worth compacting; they must be half of what it holds, too, as in Kafka."""

_logger = logging.getLogger(__name__)


class Cleaner:
    """Cleans the topics of a log. `start` gives it a thread; without one, `clean` does it once."""

    def __init__(self, log: TopicLog, *, interval: float = INTERVAL_S) -> None:
        self._log = log
        self._interval = interval
        self._compacted: dict[str, tuple[int, int]] = {}
        """By topic: the sum of its end offsets at the last compaction, and how many records it had then."""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="headrace-cleaner", daemon=True)

    def start(self) -> None:
        """Clean at every interval from now on."""
        self._thread.start()

    def close(self, timeout: float | None = None) -> None:
        """End after the topic at hand; idempotent."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)

    def clean(self) -> int:
        """Clean every topic; returns how many records went."""
        gone = 0
        for topic in self._log.topics():
            if self._stopped.is_set():
                break
            try:
                gone += self._log.expire(topic.name) + self._compact(topic)
            except LogError as error:  # full, damaged, or deleted meanwhile: its readers will say so
                _logger.warning('topic "%s" cannot be cleaned: %s', topic.name, error)
        return gone

    def _compact(self, topic: TopicDescription) -> int:
        if not Cleanup.of(topic.config).compacts:
            return 0
        end = sum(self._log.end_offset(topic.name, p) for p in range(topic.partitions))
        begin = sum(self._log.begin_offset(topic.name, p) for p in range(topic.partitions))
        seen, kept = self._compacted.get(topic.name, (begin, 0))
        new = end - seen
        if new < COMPACTED_RECORDS or new < kept:
            return 0
        gone = self._log.compact(topic.name)
        self._compacted[topic.name] = end, kept + new - gone
        return gone

    def _work(self) -> None:
        while not self._stopped.wait(self._interval):
            try:
                self.clean()
            except Exception:  # the edge of the thread: what it left undone is done the next time
                _logger.exception("topics could not be cleaned")
