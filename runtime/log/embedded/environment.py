"""The LMDB environment of a directory, shared by all logs that this process opens on it.

The law: LMDB must not be opened twice in one process, a read transaction is short, a write transaction begins and ends in
one call on one thread, and nothing of it survives a fork.
"""

import os
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import lmdb

from headrace.runtime.log.base import LogCorrupt, LogError
from headrace.runtime.log.embedded import datafile, formatfile
from headrace.runtime.log.embedded.failures import log_error
from headrace.runtime.log.embedded.groups import Groups
from headrace.runtime.log.embedded.layout import FORMAT, FORMAT_KEY, Databases, LmdbTransaction
from headrace.runtime.log.embedded.pairs import Pairs
from headrace.runtime.log.embedded.partitions import Partitions
from headrace.runtime.log.embedded.topics import Topics

GIB = 1 << 30
MAP_SIZES = (1024 * GIB, 256 * GIB, 64 * GIB, 16 * GIB, 4 * GIB, GIB)
"""Address space only, on the systems that map sparsely; where one is refused (limits on address space) the next is tried."""

_WINDOWS_MAP_SIZES = (16 * GIB, 4 * GIB, GIB)
_MAX_READERS = 512
_COMMITS_BETWEEN_READER_CHECKS = 256

_shared: dict[str, "Environment"] = {}
_shared_lock = threading.Lock()
_inherited: dict[str, "Environment"] = {}
"""Environments of the process that this one was forked from: closing one would free its reader slots, so they stay."""


class Environment:
    """An open environment; `acquire` and `release` count its users."""

    topics: Topics
    partitions: Partitions
    pairs: Pairs
    groups: Groups

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.file = directory / datafile.FILE_NAME
        self.reading = threading.Lock()
        self.writing = threading.Lock()
        self._users = 0
        self._commits = 0
        self._broken = False
        self._is_inherited = False
        self.lmdb = self._open()

    @classmethod
    def acquire(cls, directory: Path, *, create: bool) -> "Environment":
        """The environment of a directory; raises LogCorrupt where it cannot be trusted."""
        key = os.path.realpath(directory)
        with _shared_lock:
            environment = _shared.get(key) or _inherited.get(key)
            if environment is None:
                _prepare(directory, create=create)
                environment = _shared[key] = cls(directory)
            environment.check_usable()
            environment._users += 1
            return environment

    def release(self) -> None:
        """Give the environment back; the last user closes it."""
        with _shared_lock:
            self._users -= 1
            if self._users or self._is_inherited:
                return
            _shared.pop(os.path.realpath(self.directory), None)
            with self.writing, self.reading:
                self.lmdb.close()

    def read(self) -> "ReadTransaction":
        """A consistent view, for the length of a `with` block of at most some milliseconds."""
        return ReadTransaction(self, buffers=False)

    def peek(self) -> "ReadTransaction":
        """As `read`, but values are views of LMDB's pages: they must not outlive the block."""
        return ReadTransaction(self, buffers=True)

    def write(self) -> "WriteTransaction":
        """A `with` block that is committed (synced) when it ends and undone when it raises."""
        return WriteTransaction(self)

    def version(self) -> int:
        """The number of the last transaction of any process."""
        self.check_usable()
        return self.lmdb.info()["last_txnid"]

    def used_bytes(self) -> int:
        """How much of the file LMDB has used so far."""
        return (self.lmdb.info()["last_pgno"] + 1) * self.lmdb.stat()["psize"]

    def check_usable(self) -> None:
        """Raise LogError in a process that was forked while the log was open."""
        if self._is_inherited:
            raise LogError(
                f'The log in "{self.directory}" was opened before this process was forked; '
                "start processes afresh (spawn) to use it in several"
            )

    def reopen_if_broken(self) -> None:
        """LMDB refuses everything after a meta page could not be written: look at the file again and go on from it."""
        if self._broken:
            with self.reading:
                self.lmdb.close()
                self.lmdb = self._open()
                self._broken = False

    def note(self, error: Exception) -> None:
        """Remember an error after which LMDB has to be opened again."""
        self._broken = self._broken or isinstance(error, lmdb.PanicError)

    def count_commit(self) -> None:
        """Now and then forget readers that died: each holds back the reuse of pages."""
        self._commits += 1
        if self._commits % _COMMITS_BETWEEN_READER_CHECKS == 0:
            self.lmdb.reader_check()

    def _open(self) -> lmdb.Environment:
        try:
            environment = _map(self.directory, self.file)
            try:
                environment.reader_check()
                databases = _open_databases(environment, self.file)
            except BaseException:
                environment.close()
                raise
            self.topics, self.partitions, self.pairs = Topics(databases), Partitions(databases), Pairs(databases)
            self.groups = Groups(self.pairs, self.topics)
            formatfile.write(self.directory)
        except (lmdb.Error, OSError) as error:
            raise log_error(error, self.directory) from error
        return environment


class ReadTransaction:
    """A `with` block that sees one version of the log."""

    __slots__ = ("_buffers", "_environment", "_txn")

    _txn: Any

    def __init__(self, environment: Environment, *, buffers: bool) -> None:
        self._environment = environment
        self._buffers = buffers

    def __enter__(self) -> LmdbTransaction:
        environment = self._environment
        environment.check_usable()
        environment.reading.acquire()
        try:
            self._txn = environment.lmdb.begin(buffers=True) if self._buffers else environment.lmdb.begin()
        except lmdb.Error as error:
            environment.reading.release()
            raise log_error(error, environment.directory) from error
        return cast(LmdbTransaction, self._txn)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._txn.abort()
        self._environment.reading.release()
        if isinstance(error, lmdb.Error):
            raise log_error(error, self._environment.directory) from error


class WriteTransaction:
    """A `with` block that happens as a whole or not at all."""

    __slots__ = ("_environment", "_txn")

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __enter__(self) -> LmdbTransaction:
        environment = self._environment
        environment.check_usable()
        environment.writing.acquire()
        try:
            environment.reopen_if_broken()
            self._txn = environment.lmdb.begin(write=True)
            self._make_room()
        except lmdb.Error as error:
            environment.note(error)
            environment.writing.release()
            raise log_error(error, environment.directory) from error
        except BaseException:
            environment.writing.release()
            raise
        return self._txn

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        environment = self._environment
        try:
            if error is not None:
                self._txn.abort()
            else:
                self._txn.commit()
                environment.count_commit()
        except (lmdb.Error, OSError) as failure:
            error = failure
        finally:
            environment.writing.release()
        if isinstance(error, (lmdb.Error, OSError)):
            environment.note(error)
            raise log_error(error, environment.directory) from error

    def _make_room(self) -> None:
        environment = self._environment.lmdb
        page_size = environment.stat()["psize"]
        datafile.make_room(self._environment.file, last_page=environment.info()["last_pgno"], page_size=page_size)


def _prepare(directory: Path, *, create: bool) -> None:
    """Make the directory, or look at what is in it before anything is mapped."""
    file = directory / datafile.FILE_NAME
    try:
        known = formatfile.check(directory)
        is_empty = not file.exists() or file.stat().st_size == 0
        if is_empty and known:
            raise LogCorrupt(
                f'"{file}" is missing or empty, but there was a log here; restore the directory from a backup'
            )
        if is_empty and not create:
            raise LogError(f'There is no log in "{directory}"')
        if is_empty:
            directory.mkdir(parents=True, exist_ok=True)
        else:
            datafile.check(file)
    except (FileExistsError, NotADirectoryError):
        raise LogError(f'"{directory}" is not a directory') from None
    except OSError as error:
        raise log_error(error, directory) from error


def _map(directory: Path, file: Path) -> lmdb.Environment:
    sizes = _WINDOWS_MAP_SIZES if sys.platform == "win32" else MAP_SIZES
    smallest = file.stat().st_size if file.exists() else 0
    refusal: Exception | None = None
    for size in sizes:
        if size <= smallest:
            break
        try:
            return lmdb.open(
                str(directory), map_size=size, max_dbs=len(Databases.NAMES) + 3, max_readers=_MAX_READERS, mode=0o644
            )
        except (lmdb.MemoryError, MemoryError) as error:
            refusal = error
    raise LogError(f'The system does not let the log in "{directory}" be mapped into memory') from refusal


def _open_databases(environment: lmdb.Environment, file: Path) -> Databases:
    with environment.begin(write=True) as txn:
        names = {bytes(name) for name, _ in txn.cursor()}
        if names and b"meta" not in names:
            raise LogCorrupt(f'"{file}" is a database of something else than Headrace')
        databases = Databases(*(environment.open_db(name.encode(), txn=txn) for name in Databases.NAMES))
        written = txn.get(FORMAT_KEY, db=databases.meta)
        if written is None:
            txn.put(FORMAT_KEY, bytes([FORMAT]), db=databases.meta)
        elif written[0] > FORMAT:
            raise LogCorrupt(formatfile.newer(file.parent, written[0]))
    return databases


def _forget_in_child() -> None:
    """A forked child must neither use nor close its parent's environments."""
    global _shared_lock
    _shared_lock = threading.Lock()
    for environment in _shared.values():
        environment._is_inherited = True
    _inherited.update(_shared)
    _shared.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
