"""Lines of a file with positions that a reader can resume from.

The law: a position counts uncompressed bytes up to the end of the last line that was handed over, so that it means the same
for a plain file, a compressed one and a pipe.
"""

import gzip
import io
import os
import sys
import zlib
from typing import BinaryIO

from headrace.runtime.files.address import STANDARD_STREAM
from headrace.runtime.files.errors import FileProblem

READ_BYTES = 1 << 19
"""Read at once: some thousands of records, which then share a commit."""

_GZIP_MAGIC = b"\x1f\x8b"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Lines:
    """A file that is read in blocks of whole lines. Raises FileProblem where it cannot be read."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.position = 0
        self._rest = b""
        self._ended = False
        self._raw, self._stream = _open(path)
        self._is_unseen = path == STANDARD_STREAM

    def read(self) -> list[bytes] | None:
        """The whole lines of one read, without their ends; None at the end of the file. Does not wait for more than there is."""
        if self._ended:
            return None
        block = self._bytes(READ_BYTES)
        if not block:
            self._ended = True
            return [self._rest] if self._rest else None
        if self.position == 0 and not self._rest and block.startswith(_BYTE_ORDER_MARK):
            self.position, block = len(_BYTE_ORDER_MARK), block[len(_BYTE_ORDER_MARK) :]
        lines: list[bytes] = (self._rest + block).split(b"\n")
        self._rest = lines.pop()
        return lines

    def consumed(self, lines: list[bytes]) -> None:
        """Move the position behind lines that were handed over (a last line without an end counts as if it had one)."""
        self.position += sum(map(len, lines)) + len(lines)

    def skip_to(self, position: int) -> None:
        """Go on at a position of an earlier run; raises FileProblem where the file is shorter."""
        left = position - self.position
        while left > len(self._rest):
            left -= len(self._rest)
            self._rest = self._bytes(min(left, READ_BYTES))
            if not self._rest:
                if left > 1:
                    raise FileProblem(f'"{self.path}" is shorter than when it was read before.')
                left = 0
        self._rest = self._rest[left:]
        self.position = position

    def _bytes(self, size: int) -> bytes:
        """What is there, at most so many bytes; nothing at the end of the file."""
        try:
            if self._is_unseen:  # standard input says what it is when its first bytes come, not when it is opened
                self._is_unseen = False
                if self._stream.peek(2).startswith(_GZIP_MAGIC):  # type: ignore[attr-defined]
                    self._stream = _unpacked(self._stream)
            return self._stream.read1(size)  # type: ignore[attr-defined,no-any-return]
        except (OSError, EOFError, zlib.error) as error:
            raise FileProblem(f'Cannot read "{self.path}": {error}.') from error

    def fraction(self) -> float | None:
        """How much of the file was read, from 0 to 1; None where that is not known."""
        try:
            size = os.fstat(self._raw.fileno()).st_size
            return min(1.0, self._raw.tell() / size) if size else None
        except (OSError, ValueError):
            return None

    def close(self) -> None:
        """Close the file; idempotent."""
        if self.path != STANDARD_STREAM:
            self._stream.close()
            self._raw.close()


def _open(path: str) -> tuple[BinaryIO, BinaryIO]:
    if path == STANDARD_STREAM:
        raw = _standard_input()
        return raw, raw
    try:
        raw = open(path, "rb")  # noqa: SIM115 - closed by Lines.close
        if raw.peek(2).startswith(_GZIP_MAGIC):
            return raw, _unpacked(raw)
    except OSError as error:
        raise FileProblem(f'Cannot read "{path}": {error.strerror}.') from error
    return raw, raw


def _standard_input() -> BinaryIO:
    """A reader of our own: where a thread still waits in `sys.stdin` at the end, Python aborts."""
    try:
        return open(sys.stdin.fileno(), "rb", closefd=False)
    except (OSError, AttributeError):  # replaced by something that is no file
        return sys.stdin.buffer


def _unpacked(raw: BinaryIO) -> BinaryIO:
    return io.BufferedReader(gzip.GzipFile(fileobj=raw), READ_BYTES)
