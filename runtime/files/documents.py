"""The lines of an input file as JSON documents: NDJSON as it stands, rows of CSV as objects.

The law: nothing is dropped here. What is no row of the header's columns is handed on as it stands, and the query that reads
it reports it like any record that it cannot decode.
"""

import csv
import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from headrace.engine.types.sqltype import BOOLEAN, BYTES, DATE, STRING, TIME, TIMESTAMP, Array, Map, SqlType, Struct
from headrace.engine.types.temporal import parse_date, parse_time, parse_timestamp
from headrace.runtime.files.address import FileInput
from headrace.runtime.files.errors import FileProblem
from headrace.runtime.files.lines import Lines

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
csv.field_size_limit(1 << 30)
_TEMPORAL: Mapping[SqlType, Callable[[str], int]] = {DATE: parse_date, TIME: parse_time, TIMESTAMP: parse_timestamp}


class Documents(Protocol):
    """A file of JSON documents."""

    lines: Lines

    def read(self) -> Sequence[bytes] | None:
        """Some documents, in order; None at the end."""


def open_documents(file: FileInput, types: Mapping[str, SqlType], *, position: int = 0) -> Documents:
    """The documents of a file from a position on; `types` are those of the topic's columns. Raises FileProblem."""
    lines = Lines(file.path)
    try:
        if file.layout == "csv":
            return CsvDocuments(lines, types, position, key=file.key or ())
        lines.skip_to(position)
        return JsonDocuments(lines)
    except BaseException:
        lines.close()
        raise


class JsonDocuments:
    """NDJSON: each line that is not blank is a document."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines

    def read(self) -> Sequence[bytes] | None:
        """The documents of one block."""
        block = self.lines.read()
        if block is None:
            return None
        self.lines.consumed(block)
        return [line for line in map(bytes.strip, block) if line]


class CsvDocuments:
    """CSV with a header: each row is an object with the columns of the header; an empty field is null."""

    def __init__(
        self, lines: Lines, types: Mapping[str, SqlType], position: int = 0, *, key: Sequence[str] = ()
    ) -> None:
        self.lines = lines
        self._waiting: deque[bytes] = deque()
        self._taken: list[bytes] = []
        """The lines of the row that is being read."""
        self._ended = False
        header = [name.strip() for name in next(csv.reader(self._texts()), [])]
        if not header or not all(header) or self._ended:
            raise FileProblem(f'"{lines.path}" does not begin with a line that names its columns.')
        _check_header(header, key, lines.path)
        self._writers = [_member(name, types) for name in header]
        while self._waiting and lines.position < position:
            lines.consumed([self._waiting.popleft()])
        if lines.position < position:
            lines.skip_to(position)
        self._taken.clear()
        self._rows = csv.reader(self._texts(), strict=False)

    def read(self) -> Sequence[bytes] | None:
        """The rows of one block."""
        documents = []
        for row in self._rows:
            if self._ended:  # within the row: a quote was not closed
                documents.append(b"\n".join(self._taken))
            elif row:
                documents.append(self._document(row))
            self._taken.clear()
            if not self._waiting:
                return documents
        return documents or None

    def _document(self, row: list[str]) -> bytes:
        if len(row) > len(self._writers):
            return ",".join(row).encode("utf-8", "surrogateescape")
        members = [write(field) for write, field in zip(self._writers, row)]
        return ("{" + ",".join(members) + "}").encode("utf-8", "surrogateescape")

    def _texts(self) -> Iterator[str]:
        while True:
            while not self._waiting:
                block = self.lines.read()
                if block is None:
                    self._ended = True
                    return
                self._waiting.extend(block)
            line = self._waiting.popleft()
            self.lines.consumed([line])
            self._taken.append(line)
            yield line.decode("utf-8", "surrogateescape") + "\n"


def _check_header(header: Sequence[str], key: Sequence[str], path: str) -> None:
    names = [name.upper() for name in header]
    if twice := next((name for i, name in enumerate(header) if name in header[:i]), None):
        raise FileProblem(f'"{path}" names the column "{twice}" twice in its first line.')
    if missing := next((name for name in key if name.upper() not in names), None):
        raise FileProblem(f'"{path}" has no column "{missing}" for the key; there are {", ".join(header)}.')


def _member(name: str, types: Mapping[str, SqlType]) -> Callable[[str], str]:
    key = json.dumps(name, ensure_ascii=False) + ":"
    type = types.get(name) or types.get(name.upper()) or STRING
    if type in (STRING, BYTES):
        return lambda field: key + _text(field)
    if type in _TEMPORAL:
        parse = _TEMPORAL[type]
        return lambda field: key + _moment(field, parse)
    if type == BOOLEAN:
        return lambda field: key + (field.lower() if field.lower() in ("true", "false") else _text(field))
    if isinstance(type, Array | Map | Struct):
        return lambda field: key + (field if _is_json(field) else _text(field))
    return lambda field: key + (field.strip() if _NUMBER.fullmatch(field.strip()) else _text(field))


def _text(field: str) -> str:
    return json.dumps(field, ensure_ascii=False) if field else "null"


def _moment(field: str, parse: Callable[[str], int]) -> str:
    """Columns of time hold numbers in JSON; files hold ISO text as well."""
    if _NUMBER.fullmatch(field):
        return field
    try:
        return str(parse(field))
    except ValueError:
        return _text(field)


def _is_json(field: str) -> bool:
    try:
        json.loads(field)
    except ValueError:
        return False
    return True
