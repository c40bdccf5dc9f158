"""Rows from outside of queries: inserted, produced, loaded from files; and commands.

The law: whoever hands in rows learns when they are durable, and what he wants kept with them is in the same commit.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import TypeVar

from headrace.runtime.commit import Appended
from headrace.runtime.log.base import Row
from headrace.runtime.scheduler import Scheduler

_ATTEMPTS = 20
"""How often rows from outside are tried again when another process was quicker."""

T = TypeVar("T")

Progress = Mapping[str, Sequence[tuple[bytes, bytes | None]]]
"""Entries for tables of the log."""

Rows = Mapping[int, Sequence[Row]]
"""Rows by partition."""


class Intake:
    """Hands rows to the scheduler. Used on the engine thread."""

    def __init__(self, scheduler: Scheduler, own_topic: str) -> None:
        self._scheduler = scheduler
        self._own_topic = own_topic
        self._waiting: list[Future[None]] = []
        self._progress: Progress = {}

    def run(self, act: Callable[[], T], progress: Progress | None = None) -> T:
        """Run statements; what they inserted is durable afterwards, `progress` with the first of it or, where nothing was
        written, on its own."""
        self._progress = progress or {}
        try:
            result = act()
            if self._progress:
                self.later(self._own_topic, {})
            return result
        finally:
            self._progress = {}
            waiting, self._waiting = self._waiting, []
            for done in waiting:
                self._wait(done)

    def soon(self, topic: str, rows: Rows, progress: Progress, done: "Future[None]") -> None:
        """Take rows into the next commit."""
        self._scheduler.append(Appended(topic, rows, progress, done))

    def later(self, topic: str, rows: Rows) -> None:
        """Take rows of a statement; `run` waits for them at its end."""
        done: Future[None] = Future()
        self.soon(topic, rows, self._take_progress(), done)
        self._waiting.append(done)

    def now(self, topic: str, rows: Rows) -> None:
        """Take rows and wait until they are durable."""
        done: Future[None] = Future()
        self.soon(topic, rows, self._take_progress(), done)
        self._wait(done)

    def _wait(self, done: "Future[None]") -> None:
        for _ in range(_ATTEMPTS):
            if done.done():
                break
            self._scheduler.settle()
        done.result(0)

    def _take_progress(self) -> Progress:
        progress, self._progress = self._progress, {}
        return progress
