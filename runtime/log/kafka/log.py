"""The log on Kafka: the contract of `runtime.log.base` on a cluster.

The law: a commit is one Kafka transaction (a single batch to one partition is atomic without one, where no engine runs), and
readers see committed records only. Kafka's own rules hold for retention and compaction: the broker does both by itself.
"""

import asyncio
import contextlib
import itertools
import logging
import threading
import time
import uuid
from collections.abc import Mapping, Sequence

from headrace.engine.services import Clock
from headrace.runtime.clock import SystemClock
from headrace.runtime.log.base import (
    LogError,
    OffsetOutOfRange,
    Slice,
    TopicDescription,
    TopicExists,
    TopicPartition,
    UnknownTopic,
)
from headrace.runtime.log.cleanup import Cleanup
from headrace.runtime.log.kafka import admin, tables
from headrace.runtime.log.kafka.batches import outgoing
from headrace.runtime.log.kafka.cluster import DEADLINE_S, Cluster
from headrace.runtime.log.kafka.failures import RETRIED, is_transient
from headrace.runtime.log.kafka.follower import Follower
from headrace.runtime.log.kafka.loop import LoopThread
from headrace.runtime.log.kafka.offsets import BEGIN, END, list_ends, list_offset
from headrace.runtime.log.kafka.producer import Producer, Work
from headrace.runtime.log.kafka.tables import Table
from headrace.runtime.log.kafka.transaction import Changes, KafkaTransaction
from headrace.runtime.log.topicname import check_partition, check_topic

ENGINE_TRANSACTION_MS = 60_000
"""After this Kafka ends a transaction of a process that says nothing more."""
CLIENT_TRANSACTION_MS = 10_000
"""The same for processes that only append: nobody takes up their transactional id, so readers wait this long."""
VISIBLE_S = 5.0
"""How long a commit waits until readers see it; another process's open transaction may hold them back for longer."""
DEFAULT_SERVICE_ID = "headrace_"

_logger = logging.getLogger(__name__)


class KafkaLog:
    """A topic log on a Kafka cluster. `servers` is HOST:PORT, several with commas between them."""

    is_gapless = False

    def __init__(
        self,
        servers: str,
        *,
        clock: Clock | None = None,
        deadline_s: float = DEADLINE_S,
        service_id: str = DEFAULT_SERVICE_ID,
    ) -> None:
        self.servers = servers
        self.url = f"kafka://{servers}"
        self._clock = clock or SystemClock()
        self._service_id = service_id
        self._tables: dict[str, Table] = {}
        self._table_lock = threading.RLock()
        self._own_offsets: dict[str, set[TopicPartition]] = {}
        self._versions = itertools.count(1)
        self._version = 0
        self._engine: Producer | None = None
        self._single: Producer | None = None
        self._several: Producer | None = None
        self._is_closed = False
        self._thread = LoopThread("headrace-kafka")
        self._cluster = Cluster(servers, deadline_s=deadline_s)
        self._watch = Cluster(servers, deadline_s=deadline_s, name="headrace-watch")
        self._follower = Follower(self._thread, self._watch, self._cluster, on_news=self._move)
        try:
            self._thread.call(self._open())
        except BaseException:
            self.close()
            raise

    # Topics.

    def create_topic(
        self, name: str, partitions: int, *, replicas: int = 1, config: Mapping[str, str] | None = None
    ) -> TopicDescription:
        check_topic(name, partitions)
        Cleanup.of(config or {})
        try:
            created = self._thread.call(
                admin.create_topic(self._cluster, name, partitions, replicas=replicas, config=config or {})
            )
        except TopicExists:
            raise TopicExists(f'Topic "{name}" exists already') from None
        self._forget(name)
        return created

    def delete_topic(self, name: str) -> None:
        self._thread.call(admin.delete_topic(self._cluster, name))
        for places in self._own_offsets.values():
            places.difference_update([place for place in places if place[0] == name])
        self._forget(name)

    def describe(self, name: str) -> TopicDescription | None:
        found = self._thread.call(admin.describe(self._cluster, [name]))
        return found[0] if found else None

    def topics(self) -> Sequence[TopicDescription]:
        return self._thread.call(admin.describe(self._cluster, None))

    # Records.

    def read(self, topic: str, partition: int, offset: int, *, max_records: int = 2_000) -> Slice:
        place = topic, partition
        found = self._follower.read(place, offset, max_records)
        if found is not None:
            return found
        try:
            self._check_offset(offset)
            return self._thread.call(self._follower.fetch(place, offset, max_records)).unpacked(place)
        except OffsetOutOfRange:
            begin = self.begin_offset(topic, partition)
            end = self._thread.call(list_offset(self._cluster, place, END))
            raise OffsetOutOfRange(
                f'Partition "{topic}-{partition}" has offsets {begin} to {end}, not {offset}'
            ) from None

    def begin_offset(self, topic: str, partition: int) -> int:
        return self._thread.call(list_offset(self._cluster, (topic, partition), BEGIN))

    def end_offset(self, topic: str, partition: int) -> int:
        place = topic, partition
        known = self._follower.end(place)
        if known is not None:
            return known
        end = self._thread.call(list_offset(self._cluster, place, END))
        self._follower.note_end(place, end)
        return end

    def offset_for_time(self, topic: str, partition: int, timestamp: int) -> int:
        if timestamp < 0:  # these numbers mean something else to Kafka
            return self.begin_offset(topic, partition)
        found = self._thread.call(list_offset(self._cluster, (topic, partition), timestamp))
        return found if found >= 0 else self.end_offset(topic, partition)

    # Groups.

    def committed(self, group: str) -> Mapping[TopicPartition, int]:
        return self._thread.call(admin.committed(self._cluster, group, self._own_offsets.get(group, ())))

    def delete_group(self, group: str) -> None:
        self._thread.call(admin.delete_group(self._cluster, group))
        self._own_offsets.pop(group, None)
        self._move()

    # Tables.

    def get(self, table: str, key: bytes) -> bytes | None:
        with self._table_lock:
            return self._table(table).get(key)

    def scan(
        self, table: str, prefix: bytes, *, after: bytes | None = None, limit: int = 1_000
    ) -> Sequence[tuple[bytes, bytes]]:
        with self._table_lock:
            return self._table(table).scan(prefix, after=after, limit=limit)

    def drop_table(self, table: str, prefix: bytes) -> None:
        with self._table_lock:
            keys = self._table(table).keys(prefix)
        if keys:
            transaction = self.transaction()
            transaction.put(table, ((key, None) for key in keys))
            transaction.commit()

    def expire(self, topic: str) -> int:
        self._thread.call(self._cluster.topic(topic))
        return 0

    def compact(self, topic: str) -> int:
        self._thread.call(self._cluster.topic(topic))
        return 0

    # Life.

    def transaction(self) -> KafkaTransaction:
        return KafkaTransaction(self._write)

    def version(self) -> int:
        return self._version

    def become_engine(self, service_id: str = "") -> None:
        if self._engine is not None:
            return
        self._service_id = service_id or self._service_id
        engine = Producer(self._cluster, f"_confluent-ksql-{self._service_id}engine", timeout_ms=ENGINE_TRANSACTION_MS)
        self._thread.call(engine.begin())
        self._engine = engine
        with self._table_lock:
            self._tables.clear()

    def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        try:
            self._thread.call(self._close())
        finally:
            self._thread.close()

    # Inside.

    async def _open(self) -> None:
        await asyncio.gather(self._cluster.open(), self._watch.open())

    async def _close(self) -> None:
        await self._follower.stop()
        await asyncio.gather(self._cluster.close(), self._watch.close())

    def _check_offset(self, offset: int) -> None:
        if offset < 0:
            raise OffsetOutOfRange("no offset is negative")

    def _move(self) -> None:
        self._version = next(self._versions)

    def _forget(self, topic: str) -> None:
        self._cluster.forget(topic)
        self._watch.forget(topic)
        self._follower.forget(topic)
        self._move()

    def _table(self, name: str) -> Table:
        found = self._tables.get(name)
        if found is None:
            found = self._tables[name] = self._load(name)
        return found

    def _load(self, name: str) -> Table:
        table = Table()
        topic = tables.topic_of(self._service_id, name)
        try:
            offset, end = self.begin_offset(topic, 0), self._thread.call(list_offset(self._cluster, (topic, 0), END))
        except UnknownTopic:
            return table
        while offset < end:
            part = self._thread.call(self._follower.fetch((topic, 0), offset, 100_000)).unpacked((topic, 0))
            table.put((record.key or b"", record.value) for record in part.records)
            if part.next_offset <= offset:
                break
            offset = part.next_offset
        return table

    def _write(self, changes: Changes) -> dict[TopicPartition, int]:
        """Write a commit. Called by the thread that commits."""
        if self._is_closed:
            raise LogError("The log is closed")
        for table, entries in changes.entries.items():
            self._add_entries(changes, table, entries)
        bases = self._thread.call(self._commit(changes))
        if changes.entries:
            with self._table_lock:
                for table, entries in changes.entries.items():
                    self._table(table).put(entries)
        for group, offsets in changes.offsets.items():
            self._own_offsets.setdefault(group, set()).update(offsets)
        own = {tables.topic_of(self._service_id, table) for table in changes.entries}
        if changes.batches or changes.offsets or changes.deletions:
            self._move()
        return {place: base for place, base in bases.items() if place[0] not in own}

    def _add_entries(self, changes: Changes, table: str, entries: Mapping[bytes, bytes | None]) -> None:
        topic = tables.topic_of(self._service_id, table)
        with self._table_lock:
            self._table(table)  # before the commit, so that it is not read back twice
        if self._thread.call(self._is_missing(topic)):
            with contextlib.suppress(TopicExists):
                self.create_topic(topic, 1, config=tables.CONFIG)
        now = self._clock.now_ms()
        changes.batches[topic, 0] = outgoing([(now, key, value, ()) for key, value in entries.items()])

    async def _is_missing(self, topic: str) -> bool:
        if self._cluster.known(topic) is not None:
            return False
        return topic not in await self._cluster.retry(lambda: self._cluster.fetch_metadata([topic]), f'"{topic}"')

    async def _commit(self, changes: Changes) -> dict[TopicPartition, int]:
        """Everything of a commit, on the loop."""
        places = [*changes.batches, *changes.deletions, *(p for offsets in changes.offsets.values() for p in offsets)]
        for topic, partition in places:
            state = await self._cluster.retry(lambda: self._cluster.topic(topic), f'"{topic}"')  # noqa: B023
            check_partition(topic, partition, len(state.leaders))
        empty = [place for place, batches in changes.batches.items() if not batches]
        work = Work({p: b for p, b in changes.batches.items() if b}, changes.offsets)
        ends = {p: await list_offset(self._cluster, p, END) for p in {*changes.deletions, *empty}}
        bases = {}
        if work.batches or work.offsets:
            bases = await self._append(work)
        for place in empty:
            bases[place] = ends[place]
        for place, before in changes.deletions.items():
            await admin.delete_records(self._cluster, *place, min(before, ends[place]))
        return bases

    async def _append(self, work: Work) -> dict[TopicPartition, int]:
        is_single = not work.offsets and sum(map(len, work.batches.values())) == 1
        if self._engine is None and is_single:
            if self._single is None:
                self._single = Producer(self._cluster, None, timeout_ms=CLIENT_TRANSACTION_MS)
            bases, markers = await self._single.append(work), 0
        else:
            bases, markers = await (await self._transactional()).commit(work), 1
        counts = {place: sum(batch.count for batch in batches) for place, batches in work.batches.items()}
        await self._wait_visible({place: base + counts[place] + markers for place, base in bases.items()})
        return bases

    async def _transactional(self) -> Producer:
        if self._engine is not None:
            return self._engine
        if self._several is None:
            self._several = Producer(self._cluster, f"headrace-{uuid.uuid4()}", timeout_ms=CLIENT_TRANSACTION_MS)
        return self._several

    async def _wait_visible(self, expected: dict[TopicPartition, int]) -> None:
        """Wait until readers see what was committed: a broker writes the markers after it has said that all is well."""
        started = time.monotonic()
        pause = 0.001
        while expected:
            try:
                ends = await list_ends(self._cluster, list(expected))
            except (LogError, *RETRIED) as error:
                if isinstance(error, LogError) or not is_transient(error):
                    return
                ends = {}
            for place, end in ends.items():
                if end >= expected[place]:
                    self._follower.note_appended(place, end)
                    del expected[place]
            if expected and time.monotonic() - started > VISIBLE_S:
                _logger.warning(
                    "another process's open transaction holds back the readers of %s",
                    ", ".join({topic: None for topic, _ in expected}),
                )
                return
            if expected:
                await asyncio.sleep(pause)
                pause = min(pause * 2, 0.05)
