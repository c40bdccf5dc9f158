"""What LMDB's errors mean to whoever uses the log.

The law: LogFull means that nothing was written and that the same commit may be tried again once there is room.
"""

import errno
import os
import sys
from pathlib import Path

import lmdb

from headrace.runtime.log.base import LogCorrupt, LogError, LogFull

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_SPARE_BYTES = 4 << 20
_CORRUPT = (
    lmdb.CorruptedError,
    lmdb.PageNotFoundError,
    lmdb.InvalidError,
    lmdb.VersionMismatchError,
    lmdb.BadTxnError,  # what LMDB says of everything in a transaction after it met a damaged page
)


def log_error(error: Exception, directory: Path) -> LogError:
    """The LogError that says what happened in a directory."""
    code = _code(error)
    if isinstance(error, lmdb.MapFullError):
        return LogFull(f'The log in "{directory}" has reached the size that this system lets it map')
    if code in _FULL or (code == errno.EIO and _is_full(directory)):
        return LogFull(f'The disk of "{directory}" is full: nothing was written')
    if code in _READ_ONLY:
        return LogFull(f'The directory "{directory}" is read-only: nothing was written')
    if isinstance(error, _CORRUPT):
        return LogCorrupt(f'The log in "{directory}" is damaged: {error}')
    return LogError(f'The log in "{directory}" failed: {error}')


def _code(error: Exception) -> int | None:
    if isinstance(error, lmdb.Error):
        return error.code
    return error.errno if isinstance(error, OSError) else None


def _is_full(directory: Path) -> bool:
    """Whether an I/O error came from lack of space: LMDB reports a write that was cut short as EIO."""
    if sys.platform == "win32":
        return False
    import resource  # noqa: PLC0415 (not there on Windows)

    disk = os.statvfs(directory)
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    used = (directory / "data.mdb").stat().st_blocks * 512
    is_limited = limit != resource.RLIM_INFINITY and used + _SPARE_BYTES > limit
    return is_limited or disk.f_bavail * disk.f_frsize < _SPARE_BYTES
