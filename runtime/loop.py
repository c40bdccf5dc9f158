"""The engine thread: runs posted calls, and turns of the engine between them.

The law: everything of the engine happens on one thread; whoever posts a call gets its result or its exception.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")

_logger = logging.getLogger(__name__)


class EngineStopped(Exception):
    """The engine was closed, or its thread ended by a failure (`__cause__`)."""


class Loop:
    """Calls `turn` while it says that there is work, and otherwise waits for a call, a wake-up or the time that `wait_s` gives.

    `on_end` is the thread's last act, with what it failed by, if it did. Without a thread (`threaded` False) calls run in the
    caller's, and turns only when somebody asks for them.
    """

    def __init__(
        self,
        turn: Callable[[], bool],
        wait_s: Callable[[], float | None],
        *,
        threaded: bool,
        on_end: Callable[[BaseException | None], None] = lambda failure: None,
    ) -> None:
        self._turn = turn
        self._wait_s = wait_s
        self._on_end = on_end
        self._calls: deque[tuple[Callable[[], Any], Future[Any]]] = deque()
        self._changed = threading.Condition()
        self._awake = False
        self._closing = False
        self._failure: BaseException | None = None
        self._thread: threading.Thread | None = None
        if threaded:
            self._thread = threading.Thread(target=self._run, name="headrace-engine", daemon=True)

    @property
    def is_threaded(self) -> bool:
        """Whether there is an engine thread."""
        return self._thread is not None

    def start(self) -> None:
        """Start the thread."""
        if self._thread is not None:
            self._thread.start()

    def post(self, call: Callable[[], T]) -> "Future[T]":
        """Run a call on the engine thread, soon."""
        future: Future[T] = Future()
        if self._thread is None or threading.current_thread() is self._thread:
            _run_call(call, future)
            return future
        with self._changed:
            if self._closing or self._failure is not None:
                future.set_exception(self._stopped())
                return future
            self._calls.append((call, future))
            self._awake = True
            self._changed.notify()
        return future

    def call(self, call: Callable[[], T]) -> T:
        """Run a call on the engine thread and wait for its result."""
        return self.post(call).result()

    def wake(self) -> None:
        """End the wait of the engine thread."""
        with self._changed:
            self._awake = True
            self._changed.notify()

    def close(self, timeout: float) -> None:
        """End the thread after the calls that were posted; idempotent."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None and self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(timeout)

    def _run(self) -> None:
        try:
            while not (self._closing and not self._calls):
                self._awake = False
                while self._calls:
                    call, future = self._calls.popleft()
                    _run_call(call, future)
                if not self._turn():
                    self._wait()
        except BaseException as error:  # a bug, or memory is out: whoever waits is told
            _logger.exception("the engine thread ended")
            self._failure = error
        with self._changed:
            self._closing = True
            left, self._calls = list(self._calls), deque()
        for _, future in left:
            future.set_exception(self._stopped())
        self._on_end(self._failure)

    def _wait(self) -> None:
        timeout = self._wait_s()
        with self._changed:
            if not self._awake and not self._calls and not self._closing:
                self._changed.wait(timeout)

    def _stopped(self) -> EngineStopped:
        stopped = EngineStopped(
            "The engine is closed." if self._failure is None else "The engine stopped after a failure."
        )
        stopped.__cause__ = self._failure
        return stopped


def _run_call(call: Callable[[], T], future: "Future[T]") -> None:
    try:
        future.set_result(call())
    except BaseException as error:
        future.set_exception(error)
