"""The data file, looked at before it is mapped.

The law: LMDB maps a file that is whole. A mapped file that is shorter than its meta page says kills the process with SIGBUS
at the first missing page, so it is refused here, naming what is wrong.
"""

import os
import struct
from dataclasses import dataclass
from pathlib import Path

from headrace.runtime.log.base import LogCorrupt

FILE_NAME = "data.mdb"

_PAGE_HEADER_BYTES = 16
_MAGIC = 0xBEEFC0DE
_DATA_VERSION = 1
_META = struct.Struct("=IIQQ 48s 48s QQ")
_PAGE_SIZE = struct.Struct("=I")
_SMALLEST_PAGE = 512
_LARGEST_PAGE = 65_536

ROOM_BYTES = 1 << 20
GROWTH_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class _Meta:
    """A meta page: which pages the last transaction knows of."""

    page_size: int
    last_page: int
    transaction: int

    @property
    def needed_bytes(self) -> int:
        return (self.last_page + 1) * self.page_size


def check(path: Path) -> None:
    """Raise LogCorrupt where the file cannot be mapped safely."""
    size = path.stat().st_size
    with path.open("rb") as file:
        first = _read_meta(path, file.read(_PAGE_HEADER_BYTES + _META.size))
        file.seek(first.page_size)
        second = _read_meta(path, file.read(_PAGE_HEADER_BYTES + _META.size))
    newest = max(first, second, key=lambda meta: meta.transaction)
    if size < newest.needed_bytes:
        raise LogCorrupt(
            f'"{path}" is truncated: it has {size} bytes, its last commit (number {newest.transaction}) needs '
            f"{newest.needed_bytes}; restore the directory from a backup"
        )


def make_room(path: Path, *, last_page: int, page_size: int) -> None:
    """Keep the file longer than what LMDB will have written (as a hole that takes no space).

    LMDB does not write pages that a transaction allocates at the end of the file and frees again, so that a file may be
    valid and yet shorter than its meta page says: `check` could not tell it from a truncated one. These are few pages, as
    long as no transaction deletes what it has put. To be called inside a write transaction only: another writer must not
    see an older size.
    """
    needed = (last_page + 1) * page_size
    if path.stat().st_size < needed + ROOM_BYTES:
        try:
            os.truncate(path, needed + GROWTH_BYTES)
        except OSError:
            return  # a limit on file sizes: the commit itself will say so


def _read_meta(path: Path, page: bytes) -> _Meta:
    if len(page) < _PAGE_HEADER_BYTES + _META.size:
        raise LogCorrupt(f'"{path}" is truncated: its meta pages are missing; restore the directory from a backup')
    magic, version, _, _, free_pages, _, last_page, transaction = _META.unpack_from(page, _PAGE_HEADER_BYTES)
    if magic != _MAGIC:
        raise LogCorrupt(f'"{path}" is damaged or no log: its meta page does not begin as it must')
    if version != _DATA_VERSION:
        raise LogCorrupt(f'"{path}" has data format {version}; this version of Headrace reads {_DATA_VERSION}')
    (page_size,) = _PAGE_SIZE.unpack_from(free_pages)
    if not _SMALLEST_PAGE <= page_size <= _LARGEST_PAGE or page_size & (page_size - 1):
        raise LogCorrupt(f'"{path}" is damaged: its meta page says that a page has {page_size} bytes')
    return _Meta(page_size, last_page, transaction)
