"""From the documents of a file to the records of a topic.

The law: every document becomes a record. One that does not fit the columns is loaded as it stands, so that the queries that
read the topic skip it and report it with its bytes, as they do for any record.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat

from headrace.engine.catalog.source import Source
from headrace.engine.codegen.operators.event_time import event_times
from headrace.engine.codegen.serde import Formats, SerdeSpec
from headrace.engine.functions.registry import default_registry
from headrace.engine.services import Clock
from headrace.engine.types.sqltype import STRING
from headrace.runtime.files.address import FileInput
from headrace.runtime.files.keys import KeyColumns
from headrace.runtime.files.recordline import LineRecord, read_record
from headrace.runtime.log.base import Row
from headrace.runtime.log.partitioner import Partitioner
from headrace.runtime.record import as_records


class Conversion:
    """Makes records for one topic. `count` is how many documents came before, so that null keys go on in turn."""

    def __init__(self, source: Source, file: FileInput, formats: Formats, clock: Clock, *, partitions: int) -> None:
        self._clock = clock
        self._partitions = partitions
        self._partition = Partitioner(partitions).partition
        self._value = _value_of(source, file, formats)
        self._key = _key_of(source, file, formats)
        self._event_times = _event_times_of(source, formats)
        self._is_record = file.shape == "record"

    def rows(self, documents: Sequence[bytes], *, count: int) -> dict[int, list[Row]]:
        """Rows by partition."""
        now = self._clock.now_ms()
        rows: list[Row]
        if self._is_record:
            records = list(map(_read, documents))
            asked: Iterable[int | None] = [r.partition for r in records]
            rows = [(now if r.timestamp is None else r.timestamp, r.key, r.value, r.headers) for r in records]
        else:
            keys = map(self._key, documents) if self._key else repeat(None)
            asked = repeat(None)
            rows = [(now, key, value, ()) for key, value in zip(keys, map(self._value, documents))]
        return self._placed(self._timed(rows), asked, count)

    def _timed(self, rows: list[Row]) -> list[Row]:
        if self._event_times is None:
            return rows
        times = self._event_times(as_records(rows, 0))
        return [row if time < 0 else (time, *row[1:]) for row, time in zip(rows, times, strict=True)]

    def _placed(self, rows: list[Row], asked: Iterable[int | None], count: int) -> dict[int, list[Row]]:
        if self._partitions == 1:
            return {0: rows} if rows else {}
        placed: dict[int, list[Row]] = {}
        for turn, (row, partition) in enumerate(zip(rows, asked), count):
            if partition is None or not 0 <= partition < self._partitions:
                partition = turn % self._partitions if row[1] is None else self._partition(row[1])
            placed.setdefault(partition, []).append(row)
        return placed


def _read(document: bytes) -> LineRecord:
    try:
        return read_record(document)
    except ValueError:
        return LineRecord(None, document)


def _key_of(source: Source, file: FileInput, formats: Formats) -> Callable[[bytes], bytes | None] | None:
    names = tuple(c.name for c in source.schema.key) if file.key is None else file.key
    return KeyColumns(source, names, formats).of if names else None


def _value_of(source: Source, file: FileInput, formats: Formats) -> Callable[[bytes], bytes | None]:
    spec = source.value_serde()
    if spec.format == "JSON" and (spec.wrapped or file.layout == "ndjson"):
        return lambda document: None if document == b"null" else document
    format, json = formats.get(spec.format), formats.get("JSON")
    assert format is not None
    assert json is not None
    reader, writer = json.reader(SerdeSpec("JSON", spec.columns, wrapped=True)), format.writer(spec)

    def encode(document: bytes) -> bytes | None:
        if document == b"null":
            return None
        try:
            values = reader.decode(document)
            return writer.encode([values[c.name] for c in spec.columns])
        except Exception:  # whatever a format raises: see the law above
            return document

    return encode


def _event_times_of(source: Source, formats: Formats) -> Callable[[Sequence[object]], list[int]] | None:
    if source.timestamp is None:
        return None
    key, value = source.key_serde(), source.value_serde()
    key_format, value_format = formats.get(key.format), formats.get(value.format)
    assert key_format is not None
    assert value_format is not None
    return event_times(source, source.timestamp, key_format.reader(key), value_format.reader(value), _parse_timestamp)


def _parse_timestamp(text: str, pattern: str) -> int:
    found = default_registry().scalar("PARSE_TIMESTAMP", [STRING, STRING]).call(text, pattern)
    assert isinstance(found, int)
    return found
