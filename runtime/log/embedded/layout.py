"""How the log lies in LMDB: its databases, keys and records.

The law: keys sort as their meaning does (numbers are big-endian), and every record of ours begins with a version byte; a
batch carries its own (the magic byte of its format).

| database | key | record |
|---|---|---|
| meta | "format" | the format of the whole directory |
| meta | "topic ids", "spaces" | the last number given out |
| meta | "table " + name | the key space of a key-value table |
| meta | "dropped " + topic id | a deleted topic whose records are not all gone yet |
| topics | name | JSON: id, partitions, replicas, config |
| partitions | topic id, partition | first and next offset, highest timestamp, bytes |
| batches | topic id, partition, base offset | a record batch |
| pairs | key space, key | a value (see pairs.py); space 0 has the offsets of groups |
"""

import struct
from dataclasses import dataclass
from typing import TypeAlias

import lmdb

LmdbTransaction: TypeAlias = "lmdb.Transaction[bytes]"

FORMAT = 1
RECORD_VERSION = 1

FORMAT_KEY = b"format"
TOPIC_IDS = b"topic ids"
SPACES = b"spaces"
TABLE_PREFIX = b"table "
DROPPED_PREFIX = b"dropped "

NUMBER = struct.Struct(">BQ")
PARTITION_KEY = struct.Struct(">QI")
BATCH_KEY = struct.Struct(">QIQ")
TOPIC_PREFIX = struct.Struct(">Q")
_PARTITION = struct.Struct(">BQQqQ")

NO_TIMESTAMP = -(1 << 63)


@dataclass(frozen=True, slots=True)
class Databases:
    """LMDB's handles."""

    meta: "lmdb._Database"
    topics: "lmdb._Database"
    partitions: "lmdb._Database"
    batches: "lmdb._Database"
    pairs: "lmdb._Database"

    NAMES = ("meta", "topics", "partitions", "batches", "pairs")


@dataclass(frozen=True, slots=True)
class PartitionState:
    """Where a partition begins and ends."""

    begin: int = 0
    end: int = 0
    max_timestamp: int = NO_TIMESTAMP
    size: int = 0

    def encode(self) -> bytes:
        return _PARTITION.pack(RECORD_VERSION, self.begin, self.end, self.max_timestamp, self.size)

    @classmethod
    def decode(cls, raw: bytes) -> "PartitionState":
        _, begin, end, max_timestamp, size = _PARTITION.unpack(raw)
        return cls(begin, end, max_timestamp, size)


def next_number(txn: LmdbTransaction, databases: Databases, counter: bytes) -> int:
    """A number that was never given out before (from 1)."""
    raw = txn.get(counter, db=databases.meta)
    number = NUMBER.unpack(raw)[1] + 1 if raw is not None else 1
    txn.put(counter, NUMBER.pack(RECORD_VERSION, number), db=databases.meta)
    return number
