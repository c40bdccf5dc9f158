"""Record batches on their way to and from a broker.

The law: what is sent carries the producer's id, epoch and sequence under its checksum; what is read skips control batches and
the batches of aborted transactions, and keeps every other record at its offset.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cramjam
import google_crc32c
from aiokafka.record.control_record import ABORT_MARKER, ControlRecord
from aiokafka.record.memory_records import MemoryRecords

from headrace.runtime.log.base import LogCorrupt, Record, Row
from headrace.runtime.log.batch import build

ZSTD_LEVEL = 1
"""446 MB/s at a ratio of 5.4 on JSON; aiokafka's own choices are ten times slower."""
MAX_ROWS = 4_000
"""A broker takes one batch of a partition per request, so there are fewer of them than in the embedded log."""
SMALLEST_COMPRESSED = 256
"""Bytes; below this compression gains nothing."""

_PREFIX = struct.Struct(">q i i b I")
_BODY = struct.Struct(">h i q q q h i i")
_BODY_START = _PREFIX.size
_RECORDS_START = _PREFIX.size + _BODY.size
_LENGTH_FROM = 12
_ZSTD = 4
_TRANSACTIONAL = 0x10
_LARGEST_SEQUENCE = 2**31


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A batch without its producer: `body` are the header's fields after the checksum."""

    attributes: int
    last_delta: int
    first_timestamp: int
    max_timestamp: int
    count: int
    records: bytes

    def stamp(self, producer_id: int, epoch: int, sequence: int, *, is_transactional: bool) -> bytes:
        """The bytes as the broker takes them."""
        attributes = self.attributes | (_TRANSACTIONAL if is_transactional else 0)
        body = _BODY.pack(
            attributes,
            self.last_delta,
            self.first_timestamp,
            self.max_timestamp,
            producer_id,
            epoch,
            sequence,
            self.count,
        )
        checksum = google_crc32c.extend(google_crc32c.value(body), self.records)
        length = _RECORDS_START - _LENGTH_FROM + len(self.records)
        return _PREFIX.pack(0, length, -1, 2, checksum) + body + self.records


def outgoing(rows: Sequence[Row], *, compress: bool = True) -> list[Outgoing]:
    """Encode rows into batches."""
    batches = []
    for batch in build(rows, max_rows=MAX_ROWS):
        raw = bytes(batch.raw)
        attributes, last_delta, first, highest, _, _, _, count = _BODY.unpack_from(raw, _BODY_START)
        records = raw[_RECORDS_START:]
        if compress and len(records) >= SMALLEST_COMPRESSED:
            packed = bytes(cramjam.zstd.compress(records, level=ZSTD_LEVEL))
            if len(packed) < len(records):
                records, attributes = packed, attributes | _ZSTD
        batches.append(Outgoing(attributes, last_delta, first, highest, count, records))
    return batches


def next_sequence(sequence: int, count: int) -> int:
    """The sequence number after a batch; it wraps at 2^31."""
    return (sequence + count) % _LARGEST_SEQUENCE


@dataclass(frozen=True, slots=True)
class Incoming:
    """A batch as fetched; `batch` is None where it has no records for us."""

    base_offset: int
    next_offset: int
    batch: Any


def incoming(raw: bytes, aborted: Sequence[tuple[int, int]] | None) -> list[Incoming]:
    """Take a fetched record set apart, by batches; `aborted` are (producer id, first offset) pairs."""
    found: list[Incoming] = []
    waiting = sorted(aborted or (), key=lambda entry: entry[1])
    producers: set[int] = set()
    records = MemoryRecords(raw)
    while records.has_next():
        batch = records.next_batch()
        base, producer = batch.base_offset, batch.producer_id
        while waiting and waiting[0][1] <= base:
            producers.add(waiting.pop(0)[0])
        taken = batch
        if batch.is_control_batch:
            taken = None
            if producer in producers and _is_abort(batch):
                producers.discard(producer)
        elif producer is not None and batch.is_transactional and producer in producers:
            taken = None
        found.append(Incoming(base, batch.next_offset, taken))
    return found


def unpack(records: list[Record], found: Incoming, offset: int, place: str) -> None:
    """Add the records of a batch from an offset on; raises LogCorrupt where its checksum is wrong."""
    batch = found.batch
    if not batch.validate_crc():
        raise LogCorrupt(f'The batch at offset {found.base_offset} of "{place}" does not match its checksum')
    if offset <= found.base_offset:
        records.extend(batch)
    else:
        records.extend([record for record in batch if record.offset >= offset])


def _is_abort(batch: Any) -> bool:
    record = next(batch, None)
    return record is not None and ControlRecord.parse(record.key) == ABORT_MARKER
