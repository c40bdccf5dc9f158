"""Writes a topic to a file: bare values with the key columns merged in, one line per record.

The law: the file holds what the topic holds, from its first record on; a run that was cut short writes it anew. A row that
has key columns only is a deletion.
"""

import gzip
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from headrace.engine.catalog.source import Source
from headrace.engine.codegen.serde import DecodeError, Formats, Reader, SerdeSpec
from headrace.engine.types.schema import WINDOW_BOUNDS, Column
from headrace.engine.types.sqltype import STRING, Array, Map, Struct
from headrace.runtime.files.address import FileSink
from headrace.runtime.files.errors import FileProblem
from headrace.runtime.log.base import Record, TopicLog
from headrace.runtime.serde.keys import split_session_key, split_window_key


class SinkFile:
    """A file that follows a topic. `write` brings it up to date with what is committed."""

    def __init__(self, log: TopicLog, sink: FileSink, source: Source, formats: Formats) -> None:
        """Creates or empties the file; raises FileProblem where that cannot be done."""
        topic = log.describe(sink.topic)
        assert topic is not None
        self.topic, self.path = sink.topic, sink.path
        self.written = 0
        self.undecodable = 0
        self._log = log
        self._offsets = {p: log.begin_offset(sink.topic, p) for p in range(topic.partitions)}
        self._lines = _Lines(source, formats, csv=sink.layout == "csv")
        self._file = _create(sink.path)
        self._file.write(self._lines.header())

    def write(self) -> None:
        """Write the records that have come since the last call."""
        for partition in self._offsets:
            for record in self._new(partition):
                self._write(record)
        self._file.flush()

    def close(self) -> None:
        """Close the file; idempotent."""
        self._file.close()

    def _new(self, partition: int) -> Iterator[Record]:
        while self._offsets[partition] < self._log.end_offset(self.topic, partition):
            slice = self._log.read(self.topic, partition, self._offsets[partition])
            self._offsets[partition] = slice.next_offset
            yield from slice.records

    def _write(self, record: Record) -> None:
        try:
            self._file.write(self._lines.of(record))
            self.written += 1
        except DecodeError:
            self.undecodable += 1


class _Lines:
    """Records of a source as lines of a file."""

    def __init__(self, source: Source, formats: Formats, *, csv: bool) -> None:
        bounds = WINDOW_BOUNDS if source.window else {}
        self._source = source
        self._key_names = [*(c.name for c in source.schema.key), *bounds]
        keys = (*source.schema.key, *(Column(name, type) for name, type in bounds.items()))
        self._columns = (*keys, *source.schema.value)
        self._key = _reader(source.key_serde(), formats)
        self._value = _reader(source.value_serde(), formats)
        json, delimited = formats.get("JSON"), formats.get("DELIMITED")
        assert json is not None
        assert delimited is not None
        self._row = json.writer(SerdeSpec("JSON", self._columns, wrapped=True))
        self._key_row = json.writer(SerdeSpec("JSON", keys, wrapped=True))
        self._nested = {
            c.name: json.writer(SerdeSpec("JSON", (c,), wrapped=False)) for c in self._columns if _is_nested(c)
        }
        flat = tuple(Column(c.name, STRING) if c.name in self._nested else c for c in self._columns)
        self._csv = delimited.writer(SerdeSpec("DELIMITED", flat, wrapped=True)) if csv else None

    def header(self) -> bytes:
        """The first line of a CSV file; nothing for NDJSON."""
        return ",".join(c.name for c in self._columns).encode() + b"\n" if self._csv else b""

    def of(self, record: Record) -> bytes:
        """The line of a record; raises DecodeError."""
        row = self._keys(record.key)
        if record.value is not None:
            row.update(self._value.decode(record.value) if self._value else {})
        if self._csv is not None:
            line = self._csv.encode([self._flat(c, row.get(c.name)) for c in self._columns])
        elif record.value is None and self._key_names:
            line = self._key_row.encode([row.get(name) for name in self._key_names])
        else:
            line = self._row.encode([row.get(c.name) for c in self._columns])
        return (line or b"").rstrip(b"\r\n") + b"\n"

    def _keys(self, key: bytes | None) -> dict[str, object]:
        if key is None or not self._key_names:
            return {}
        bounds: dict[str, object] = {}
        window = self._source.window
        if window is not None and window.size_ms is None:
            key, start, end = split_session_key(key)
            bounds = {"WINDOWSTART": start, "WINDOWEND": end}
        elif window is not None and window.size_ms is not None:
            key, start = split_window_key(key)
            bounds = {"WINDOWSTART": start, "WINDOWEND": start + window.size_ms}
        return {**(self._key.decode(key) if self._key else {}), **bounds}

    def _flat(self, column: Column, value: object) -> object:
        if value is None or column.name not in self._nested:
            return value
        return (self._nested[column.name].encode([value]) or b"").decode()


def sources_by_topic(sources: Mapping[str, Source]) -> dict[str, Source]:
    """The source that was declared first on each topic."""
    found: dict[str, Source] = {}
    for source in sources.values():
        found.setdefault(source.topic, source)
    return found


def _reader(spec: SerdeSpec, formats: Formats) -> Reader | None:
    format = formats.get(spec.format) if spec.columns else None
    return format.reader(spec) if format else None


def _is_nested(column: Column) -> bool:
    return isinstance(column.type, Array | Map | Struct)


def _create(path: str) -> IO[bytes]:
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "wb")  # noqa: SIM115 - closed by SinkFile.close
    except OSError as error:
        raise FileProblem(f'Cannot write "{path}": {error.strerror}.') from error
    return io.BufferedWriter(gzip.GzipFile(fileobj=file, mode="wb")) if path.endswith(".gz") else file
