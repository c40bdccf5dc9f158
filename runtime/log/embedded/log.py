"""The embedded log: the contract of `runtime.log.base` on one directory.

The law: everything that was committed is in one LMDB environment; other processes may read, create topics and append to it at
the same time.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from headrace.engine.services import Clock
from headrace.runtime.clock import SystemClock
from headrace.runtime.log.base import (
    LogCorrupt,
    LogError,
    Record,
    Slice,
    TopicDescription,
    TopicPartition,
)
from headrace.runtime.log.batch import COMPRESSIONS, BatchHeader, read_into
from headrace.runtime.log.cleanup import Cleanup
from headrace.runtime.log.embedded import retention
from headrace.runtime.log.embedded.environment import Environment
from headrace.runtime.log.embedded.layout import LmdbTransaction
from headrace.runtime.log.embedded.role import EngineRole
from headrace.runtime.log.embedded.transaction import EmbeddedTransaction
from headrace.runtime.log.topicname import check_topic

_PAGE_HEADERS = 10_000
"""Batches looked at, and pairs scanned, in one read transaction: some milliseconds."""


class EmbeddedLog:
    """A topic log in a directory."""

    is_gapless = True

    def __init__(
        self,
        directory: str | Path,
        *,
        create: bool = True,
        compression: str = "none",
        clock: Clock | None = None,
    ) -> None:
        if compression not in COMPRESSIONS:
            raise LogError(f'"{compression}" is no compression; there are {", ".join(COMPRESSIONS)}')
        self.directory = Path(directory)
        self.url = f"file:{self.directory}"
        self._compression = COMPRESSIONS[compression]
        self._clock = clock or SystemClock()
        self._role = EngineRole(self.directory)
        self._spaces: dict[str, int] = {}
        self._opened: Environment | None = Environment.acquire(self.directory, create=create)

    def create_topic(
        self, name: str, partitions: int, *, replicas: int = 1, config: Mapping[str, str] | None = None
    ) -> TopicDescription:
        check_topic(name, partitions)
        Cleanup.of(config or {})
        environment = self._environment
        with environment.write() as txn:
            return environment.topics.create(txn, name, partitions, replicas, config or {})

    def delete_topic(self, name: str) -> None:
        environment = self._environment
        with environment.write() as txn:
            environment.topics.drop(txn, name)
        retention.sweep_dropped(environment)

    def describe(self, name: str) -> TopicDescription | None:
        environment = self._environment
        with environment.read() as txn:
            return environment.topics.find(txn, name)

    def topics(self) -> Sequence[TopicDescription]:
        environment = self._environment
        with environment.read() as txn:
            return environment.topics.all(txn)

    def read(self, topic: str, partition: int, offset: int, *, max_records: int = 2_000) -> Slice:
        environment = self._environment
        with environment.read() as txn:
            description = environment.topics.get(txn, topic)
            found, next_offset = environment.partitions.read(
                txn, description, partition, offset, max_records=max_records
            )
        records: list[Record] = []
        try:
            for base, raw in found:
                next_offset = read_into(records, raw, base, from_offset=offset)
        except LogCorrupt as error:
            raise LogCorrupt(f'Partition "{topic}-{partition}" is damaged: {error}') from error
        return Slice(records, next_offset)

    def begin_offset(self, topic: str, partition: int) -> int:
        environment = self._environment
        with environment.read() as txn:
            return environment.partitions.state(txn, environment.topics.get(txn, topic), partition).begin

    def end_offset(self, topic: str, partition: int) -> int:
        environment = self._environment
        with environment.read() as txn:
            return environment.partitions.state(txn, environment.topics.get(txn, topic), partition).end

    def offset_for_time(self, topic: str, partition: int, timestamp: int) -> int:
        offset = self.begin_offset(topic, partition)
        while True:
            header, offset = self._find_time(topic, partition, offset, timestamp)
            if header is not None:
                records = self.read(topic, partition, header.base_offset, max_records=1).records
                return next((record.offset for record in records if record.timestamp >= timestamp), header.next_offset)
            if offset >= self.end_offset(topic, partition):
                return offset

    def committed(self, group: str) -> Mapping[TopicPartition, int]:
        environment = self._environment
        with environment.read() as txn:
            return environment.groups.read(txn, group)

    def delete_group(self, group: str) -> None:
        environment = self._environment
        with environment.write() as txn:
            environment.groups.delete(txn, group)

    def get(self, table: str, key: bytes) -> bytes | None:
        environment = self._environment
        with environment.read() as txn:
            space = self._space(environment, txn, table)
            return environment.pairs.get(txn, space, key) if space is not None else None

    def scan(
        self, table: str, prefix: bytes, *, after: bytes | None = None, limit: int = 1_000
    ) -> Sequence[tuple[bytes, bytes]]:
        environment = self._environment
        found: list[tuple[bytes, bytes]] = []
        while len(found) < limit:
            page = min(limit - len(found), _PAGE_HEADERS)
            with environment.read() as txn:
                space = self._space(environment, txn, table)
                if space is None:
                    return []
                pairs = environment.pairs.scan(txn, space, prefix, after=after, limit=page)
            found += pairs
            if len(pairs) < page:
                break
            after = pairs[-1][0]
        return found

    def drop_table(self, table: str, prefix: bytes) -> None:
        retention.drop_pairs(self._environment, table, prefix)

    def expire(self, topic: str) -> int:
        return retention.expire(self._environment, topic)

    def compact(self, topic: str) -> int:
        return retention.compact(self._environment, topic)

    def transaction(self) -> EmbeddedTransaction:
        return EmbeddedTransaction(self._environment, compression=self._compression)

    def version(self) -> int:
        return self._environment.version()

    def become_engine(self, service_id: str = "") -> None:
        environment = self._environment
        self._role.take(now_ms=self._clock.now_ms())
        retention.sweep_dropped(environment)

    def close(self) -> None:
        environment, self._opened = self._opened, None
        self._role.release()
        if environment is not None:
            environment.release()

    @property
    def _environment(self) -> Environment:
        if self._opened is None:
            raise LogError(f'The log in "{self.directory}" is closed')
        return self._opened

    def _space(self, environment: Environment, txn: LmdbTransaction, table: str) -> int | None:
        """The key space of a table; once seen by a reader it is committed and stays."""
        space = self._spaces.get(table)
        if space is None:
            space = environment.topics.space(txn, table)
            if space is not None:
                self._spaces[table] = space
        return space

    def _find_time(self, topic: str, partition: int, offset: int, timestamp: int) -> tuple[BatchHeader | None, int]:
        """The first batch that reaches a time within a page of batches, else None and where to look on."""
        environment = self._environment
        with environment.peek() as txn:
            description = environment.topics.get(txn, topic)
            for count, header in enumerate(environment.partitions.headers(txn, description, partition, offset)):
                if header.max_timestamp >= timestamp:
                    return header, header.base_offset
                offset = header.next_offset
                if count == _PAGE_HEADERS:
                    return None, offset
            return None, environment.partitions.state(txn, description, partition).end
