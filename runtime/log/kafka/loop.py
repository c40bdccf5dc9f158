"""The thread that Kafka's asyncio loop runs on.

The law: everything of aiokafka lives on this loop; other threads hand coroutines over and wait for their results.
"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, wait
from typing import Any, TypeVar

from headrace.runtime.log.base import LogError

T = TypeVar("T")

LOOK_S = 1.0


class LoopThread:
    """An asyncio loop in a daemon thread."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine there and wait for it; raises LogError where the loop has ended."""
        if self._closed:
            work.close()
            raise LogError("The log is closed")
        try:
            future = asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError:
            work.close()
            raise LogError("The log is closed") from None
        try:
            # What is handed over while the loop ends may never run.
            while not wait((future,), timeout=LOOK_S).done and self._thread.is_alive():
                pass
            return future.result(0)
        except (CancelledError, asyncio.CancelledError):
            raise LogError("The log is closed") from None
        except TimeoutError:
            if future.done():
                raise
            raise LogError("The log is closed") from None
        except KeyboardInterrupt:
            future.cancel()
            raise

    def post(self, act: Callable[[], object]) -> None:
        """Call a function there, soon."""
        if not self._closed:
            self._loop.call_soon_threadsafe(act)

    def close(self) -> None:
        """Cancel what runs there and end the thread; idempotent."""
        if self._closed:
            return
        self._closed = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        finally:
            self._loop.close()
