"""A copy of an embedded log, taken while it is in use.

The law: the copy is one version of the log. It is the one long read transaction there is: what is written meanwhile cannot
reuse pages, so the growth is reported.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import lmdb

from headrace.runtime.log.base import LogError
from headrace.runtime.log.embedded import datafile, formatfile
from headrace.runtime.log.embedded.environment import Environment
from headrace.runtime.log.embedded.failures import log_error


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup wrote, and by how much the source grew while it was taken."""

    target: Path
    version: int
    bytes: int
    growth_bytes: int


def backup(directory: str | Path, target: str | Path, *, compact: bool = True) -> BackupReport:
    """Copy the log in a directory to an empty or new one (`compact` leaves free pages out); raises LogError."""
    source, copy = Path(directory), Path(target)
    environment = Environment.acquire(source, create=False)
    try:
        _make_target(copy)
        used = environment.used_bytes()
        version = environment.version()
        try:
            environment.lmdb.copy(str(copy), compact=compact)
            _sync(copy / datafile.FILE_NAME)
        except (lmdb.Error, OSError) as error:
            (copy / datafile.FILE_NAME).unlink(missing_ok=True)
            raise log_error(error, copy) from error
        # Last: a directory without it is no log, so that a copy that was cut short is not taken for one.
        formatfile.write(copy)
        size = (copy / datafile.FILE_NAME).stat().st_size
        return BackupReport(copy, version, size, max(environment.used_bytes() - used, 0))
    finally:
        environment.release()


def _make_target(target: Path) -> None:
    try:
        target.mkdir(parents=True, exist_ok=True)
        is_empty = not any(target.iterdir())
    except (FileExistsError, NotADirectoryError):
        raise LogError(f'The target "{target}" is not a directory') from None
    except OSError as error:
        raise log_error(error, target) from error
    if not is_empty:
        raise LogError(f'The target "{target}" is not empty; choose a new directory')


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
