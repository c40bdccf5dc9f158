"""What a process appends, in Kafka's transactions.

The law: a transaction ends with EndTxn, whichever way it ends; a commit whose answer was lost is asked for again until the
outcome is known; after a failure the producer comes back with a new epoch, unless another process has taken its place: then it
never writes again.
"""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka.protocol.produce import ProduceRequest
from aiokafka.protocol.transaction import AddOffsetsToTxnRequest, AddPartitionsToTxnRequest, EndTxnRequest

from headrace.runtime.log.base import LogError, LogLocked, TopicPartition
from headrace.runtime.log.kafka import protocol
from headrace.runtime.log.kafka.batches import Outgoing, next_sequence
from headrace.runtime.log.kafka.cluster import GROUP, REQUEST_TIMEOUT_MS, TRANSACTION, Cluster
from headrace.runtime.log.kafka.failures import (
    CONCURRENT_TRANSACTIONS,
    DUPLICATE_SEQUENCE,
    FENCED,
    INVALID_TXN_STATE,
    RETRIED,
    Refused,
    check,
)

ABORT_S = 5.0
"""How long an abort is tried; after that the new epoch of the next commit ends the transaction."""
MARKER_PAUSE_S = 0.002
"""The markers of a transaction are written a few ms after its end; until then the next one is told to wait."""
MARKER_PAUSES = 100
FOREVER_S = float("inf")
NOBODY = -1
ACKS_ALL = -1

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Work:
    """What one commit appends and which offsets it sets."""

    batches: dict[TopicPartition, list[Outgoing]] = field(default_factory=dict)
    offsets: dict[str, dict[TopicPartition, int]] = field(default_factory=dict)


class _Ended(LogError):
    """The broker has ended the transaction."""


class Producer:
    """Appends batches under one producer id. Without a transactional id it appends single batches, each once. Used on the loop."""

    def __init__(self, cluster: Cluster, transactional_id: str | None, *, timeout_ms: int) -> None:
        self._cluster = cluster
        self._id = transactional_id
        self._timeout_ms = timeout_ms
        self._producer_id = NOBODY
        self._epoch = NOBODY
        self._sequences: dict[TopicPartition, int] = {}
        self._needs_epoch = True
        self._fenced: LogLocked | None = None
        self._lock = asyncio.Lock()

    async def begin(self) -> None:
        """Get an id and an epoch; where there is another producer of the same transactional id, that one is fenced."""
        async with self._lock:
            await self._renew()

    async def append(self, work: Work) -> dict[TopicPartition, int]:
        """Append without a transaction: at most one batch in all, so that it is atomic; gives base offsets."""
        assert not work.offsets
        async with self._lock:
            await self._ready()
            try:
                bases: dict[TopicPartition, int] = {}
                await self._produce(work.batches, bases)
                return bases
            except BaseException:
                self._needs_epoch = True
                raise

    async def commit(self, work: Work) -> dict[TopicPartition, int]:
        """Append and set offsets in one transaction; gives base offsets. Raises LogError where nothing was written."""
        async with self._lock:
            await self._ready()
            try:
                if work.batches:
                    await self._add_partitions(list(work.batches))
                bases: dict[TopicPartition, int] = {}
                await _all(
                    self._produce(work.batches, bases),
                    *(self._set_offsets(group, offsets) for group, offsets in work.offsets.items()),
                )
            except _Ended:
                self._needs_epoch = True
                await self._renew()  # says so where another engine has taken over
                raise
            except BaseException:
                self._needs_epoch = True
                await self._abort()
                raise
            try:
                await self._end(commit=True, deadline_s=FOREVER_S)
            except BaseException:
                self._needs_epoch = True
                raise
            return bases

    async def _ready(self) -> None:
        if self._fenced is not None:
            raise self._fenced
        if self._needs_epoch:
            await self._renew()

    async def _renew(self) -> None:
        """A new epoch. The broker ends what is left of our last transaction, and refuses a producer that was replaced."""
        request = protocol.init_producer_id(self._id, self._timeout_ms, self._producer_id, self._epoch)

        async def attempt() -> Any:
            if self._id is None:
                answer = await self._cluster.any(
                    lambda: protocol.init_producer_id(None, self._timeout_ms, NOBODY, NOBODY)
                )
                check(answer.error_code)
                return answer
            return await self._cluster.coordinator(TRANSACTION, self._id, request, lambda a: [a.error_code])

        try:
            answer = await self._cluster.retry(attempt, "a producer id")
        except LogError as error:
            cause = error.__cause__
            if isinstance(cause, Refused) and cause.code in FENCED:
                self._fenced = LogLocked(
                    f'Another engine has taken the place of this one on "{self._cluster.servers}" (transactional id '
                    f'"{self._id}"); close one of them, or give this one a "ksql.service.id" of its own'
                )
                raise self._fenced from cause
            raise
        self._producer_id, self._epoch = answer.producer_id, answer.producer_epoch
        self._sequences.clear()
        self._needs_epoch = False

    # Inside a transaction.

    async def _transact(self, request: Any, codes: Any, place: str, *, deadline_s: float | None = None) -> None:
        """Ask the transaction coordinator. It answers "concurrent" until the markers of the last transaction are written."""
        assert self._id is not None
        transactional_id = self._id

        async def attempt() -> None:
            for _ in range(MARKER_PAUSES):
                try:
                    await self._cluster.coordinator(TRANSACTION, transactional_id, request, codes)
                    return
                except Refused as refused:
                    if refused.code != CONCURRENT_TRANSACTIONS:
                        raise
                await asyncio.sleep(MARKER_PAUSE_S)
            raise Refused(CONCURRENT_TRANSACTIONS)

        try:
            await self._cluster.retry(attempt, place, deadline_s=deadline_s)
        except LogError as error:
            raise self._explain(error) from error.__cause__

    async def _add_partitions(self, places: Sequence[TopicPartition]) -> None:
        topics: dict[str, list[int]] = {}
        for topic, partition in places:
            topics.setdefault(topic, []).append(partition)
        request = AddPartitionsToTxnRequest(self._id, self._producer_id, self._epoch, list(topics.items()))

        def codes(answer: Any) -> list[int]:
            found = [code for _, partitions in answer.errors for _, code in partitions]
            return sorted(found, key=lambda code: code == 55)  # "not attempted" says nothing by itself

        await self._transact(request, codes, ", ".join(f'"{topic}"' for topic in topics))

    async def _set_offsets(self, group: str, offsets: Mapping[TopicPartition, int]) -> None:
        assert self._id is not None
        place = f'the offsets of the group "{group}"'
        joined = AddOffsetsToTxnRequest(self._id, self._producer_id, self._epoch, group)
        await self._transact(joined, lambda answer: [answer.error_code], place)
        topics: dict[str, dict[int, int]] = {}
        for (topic, partition), offset in offsets.items():
            topics.setdefault(topic, {})[partition] = offset
        request = protocol.txn_offset_commit(self._id, group, self._producer_id, self._epoch, topics)

        def codes(answer: Any) -> list[int]:
            return [entry[1] for topic in answer.topics for entry in topic[1]]

        async def attempt() -> None:
            await self._cluster.coordinator(GROUP, group, request, codes)

        try:
            await self._cluster.retry(attempt, place)
        except LogError as error:
            raise self._explain(error) from error.__cause__

    async def _end(self, *, commit: bool, deadline_s: float) -> None:
        assert self._id is not None
        request = EndTxnRequest(self._id, self._producer_id, self._epoch, commit)
        await self._transact(request, lambda answer: [answer.error_code], "to end a transaction", deadline_s=deadline_s)

    async def _abort(self) -> None:
        try:
            await self._end(commit=False, deadline_s=ABORT_S)
        except LogError as error:
            cause = error.__cause__
            if isinstance(cause, Refused) and cause.code == INVALID_TXN_STATE:
                return  # nothing had been added to it
            _logger.warning("the transaction could not be aborted and ends with the next one: %s", error)

    def _explain(self, error: LogError) -> LogError:
        cause = error.__cause__
        if isinstance(cause, Refused) and cause.code in FENCED:
            return _Ended(
                f'Kafka at "{self._cluster.servers}" ended the transaction: it took longer than {self._timeout_ms} ms, '
                "or another engine has taken this one's place; it is tried again"
            )
        return error

    # Batches.

    async def _produce(
        self, batches: Mapping[TopicPartition, Sequence[Outgoing]], bases: dict[TopicPartition, int]
    ) -> None:
        """Send the batches of each partition in turn, those of different partitions together; notes base offsets."""
        for turn in range(max(map(len, batches.values()), default=0)):
            stamped: dict[TopicPartition, bytes] = {}
            for place, waiting in batches.items():
                if turn < len(waiting):
                    sequence = self._sequences.get(place, 0)
                    stamped[place] = waiting[turn].stamp(
                        self._producer_id, self._epoch, sequence, is_transactional=self._id is not None
                    )
                    self._sequences[place] = next_sequence(sequence, waiting[turn].count)
            try:
                await self._cluster.retry(lambda: self._send(stamped, bases), _names(stamped))  # noqa: B023
            except LogError as error:
                raise self._explain(error) from error.__cause__

    async def _send(self, stamped: dict[TopicPartition, bytes], bases: dict[TopicPartition, int]) -> None:
        """Send what is left of `stamped`; what the broker took goes out of it."""
        by_node: dict[int, dict[str, list[tuple[int, bytes]]]] = {}
        for topic, partition in stamped:
            node = await self._cluster.leader(topic, partition)
            by_node.setdefault(node, {}).setdefault(topic, []).append((partition, stamped[topic, partition]))
        failure: Refused | None = None
        for node, topics in by_node.items():
            try:
                answer = await self._cluster.send(
                    node, ProduceRequest(self._id, ACKS_ALL, REQUEST_TIMEOUT_MS, list(topics.items()))
                )
            except RETRIED:
                for topic in topics:
                    self._cluster.forget(topic)
                raise
            for topic, partitions in answer.topics:
                for partition, code, base, *_ in partitions:
                    if code and code != DUPLICATE_SEQUENCE:
                        self._cluster.forget(topic)
                        failure = Refused(code)
                        continue
                    bases.setdefault((topic, partition), base)
                    stamped.pop((topic, partition), None)
        if failure is not None:
            raise failure


async def _all(*works: Coroutine[Any, Any, None]) -> None:
    """Do several things at once; where one fails the others end before anything else is sent."""
    results = await asyncio.gather(*works, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


def _names(places: Mapping[TopicPartition, object]) -> str:
    return ", ".join(f'"{topic}-{partition}"' for topic, partition in places)
