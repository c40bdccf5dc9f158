"""Keeps aiokafka's log quiet while a broker is away.

The law: each kind of message comes once in a while, not with every attempt; nothing is held back that is not a repetition.
"""

import logging
import time

EVERY_S = 10.0

_LOGGERS = ("aiokafka.client", "aiokafka.conn", "aiokafka.cluster")


class Repetitions(logging.Filter):
    """Lets a message through unless its like came a moment ago."""

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        kind = str(record.msg)
        if now - self._last.get(kind, -EVERY_S) < EVERY_S:
            return False
        self._last[kind] = now
        return True


_repetitions = Repetitions()


def hold_back_repetitions() -> None:
    """Install the filter; idempotent."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_repetitions)
