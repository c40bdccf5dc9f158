"""The engine role: at most one process runs queries on a directory.

The law: the role is a lock that the system gives back when its holder dies; what the file says only names the holder.
"""

import json
import os
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

from headrace.runtime.log.base import LogLocked

FILE_NAME = "engine.lock"


class EngineRole:
    """A lock file with pid, host and start time in it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._path = directory / FILE_NAME
        self._descriptor: int | None = None

    def take(self, *, now_ms: int) -> None:
        """Take the role (again without effect); raises LogLocked naming the holder."""
        if self._descriptor is not None:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            raise LogLocked(
                f'The log in "{self._directory}" is in use by {self._holder()}; stop it, or use another directory'
            ) from None
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "started_ms": now_ms}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(holder).encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the role back; the file stays, as removing it would race with the next holder."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _holder(self) -> str:
        try:
            holder = json.loads(self._path.read_text(encoding="utf-8"))
            started = datetime.fromtimestamp(holder["started_ms"] / 1000, UTC)
            return f"process {holder['pid']} on {holder['host']} (since {started:%Y-%m-%d %H:%M:%S} UTC)"
        except (OSError, ValueError, KeyError, TypeError):
            return "another process"


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        # flock, not lockf: it also keeps two engines of one process apart.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
