"""Loads one file into one topic, in a thread of its own, beside the statements that follow.

The law: how far the file is loaded is kept in the commit of the records that say so, so that a load that was cut short goes on
behind the last record that is durable: none is lost, none comes twice.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from headrace.engine.catalog.source import Source
from headrace.engine.codegen.serde import Formats
from headrace.engine.services import Clock
from headrace.runtime.files.address import FileInput
from headrace.runtime.files.conversion import Conversion
from headrace.runtime.files.documents import Documents, open_documents
from headrace.runtime.files.errors import FileProblem
from headrace.runtime.log.base import Row, TopicLog

PROGRESS_TABLE = "run"
"""The table of the log that keeps how far inputs and scripts are."""

Progress = Mapping[str, Sequence[tuple[bytes, bytes | None]]]


class Destination(Protocol):
    """Where records go: an engine."""

    def append(self, topic: str, rows: Mapping[int, Sequence[Row]], *, progress: Progress) -> None:
        """Append rows by partition, with entries for tables of the log, in one commit; returns when they are durable."""

    def set_loading(self, topic: str, *, loading: bool) -> None:
        """Say that more records of a topic are about to come; until then it counts as having unread records."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far a file is loaded: bytes and documents; `file` is its address, so that another one is not taken for it."""

    file: str
    bytes: int = 0
    documents: int = 0
    finished: bool = False
    version: int = 1


def position_of(log: TopicLog, file: FileInput) -> Position:
    """How far an input was loaded by earlier runs on the log; raises FileProblem where it was loaded from another file."""
    kept = log.get(PROGRESS_TABLE, _key(file.topic))
    if kept is None:
        return Position(str(file))
    position = msgspec.json.decode(kept, type=Position)
    if position.file != str(file):
        raise FileProblem(
            f'Topic "{file.topic}" was loaded from "{position.file.partition("=")[2]}" on this log, not from "{file.path}"; '
            "run with the same --input, or with a log of its own (--log DIRECTORY)."
        )
    return position


class Loader:
    """One load. `start` it once; `join` before the log is closed."""

    def __init__(
        self, destination: Destination, file: FileInput, source: Source, *, position: Position, partitions: int,
        formats: Formats, clock: Clock,
    ) -> None:  # fmt: skip
        """Opens the file; raises FileProblem where that cannot be done."""
        self.file = file
        self.position = position
        self.loaded = 0
        self.seconds = 0.0
        self.error: Exception | None = None
        self._destination = destination
        self._conversion = Conversion(source, file, formats, clock, partitions=partitions)
        types = {column.name: column.type for column in source.schema}
        self._documents: Documents = open_documents(file, types, position=position.bytes)
        self._stopped = False
        self._started = 0.0
        self._thread = threading.Thread(target=self._run, name=f"load {file.topic}", daemon=True)

    @property
    def is_running(self) -> bool:
        """Whether records may still come (the thread may outlive the last one for a moment)."""
        return self._thread.is_alive() and not self.position.finished

    @property
    def fraction(self) -> float | None:
        """How much of the file is loaded, where that is known."""
        return 1.0 if self.position.finished else self._documents.lines.fraction()

    @property
    def rate(self) -> float:
        """Records per second of this run so far."""
        return self.loaded / self.seconds if self.seconds else 0.0

    def start(self) -> None:
        """Begin to load; from here on the topic counts as having unread records."""
        self._destination.set_loading(self.file.topic, loading=True)
        self._started = time.monotonic()
        self._thread.start()

    def stop(self) -> None:
        """Load no more than the block at hand; idempotent. A read that waits for a pipe is left behind."""
        self._stopped = True

    def join(self, timeout: float | None = None) -> None:
        """Wait for the end of the load."""
        self._thread.join(timeout)

    def _run(self) -> None:
        try:
            while not self._stopped:
                block = self._documents.read()
                self._append(block or (), finished=block is None)
                if block is None:
                    self._destination.set_loading(self.file.topic, loading=False)
                    return
        except Exception as error:  # the edge of the thread: whoever waits for the load reports it
            self.error = error
        finally:
            self._documents.lines.close()

    def _append(self, block: Sequence[bytes], *, finished: bool) -> None:
        if not block and not finished:
            return
        rows = self._conversion.rows(block, count=self.position.documents)
        documents = self.position.documents + len(block)
        position = Position(self.position.file, self._documents.lines.position, documents, finished)
        entry = _key(self.file.topic), msgspec.json.encode(position)
        self._destination.append(self.file.topic, rows, progress={PROGRESS_TABLE: [entry]})
        self.position = position
        self.loaded += len(block)
        self.seconds = time.monotonic() - self._started


def _key(topic: str) -> bytes:
    return f"input/{topic}".encode()
