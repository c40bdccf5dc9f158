"""A cluster: its brokers, who leads which partition, who coordinates which group.

The law: a request goes to whoever is responsible now; where that has changed, or nobody answers, it is tried again until a
deadline, and then a LogError names the address.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from aiokafka.client import AIOKafkaClient, ConnectionGroup
from aiokafka.errors import IncompatibleBrokerVersion, KafkaConnectionError

from headrace.runtime.log.base import LogError, UnknownTopic
from headrace.runtime.log.kafka import protocol
from headrace.runtime.log.kafka.failures import (
    LOST_COORDINATOR,
    NOT_CONTROLLER,
    RETRIED,
    UNKNOWN_TOPIC,
    Refused,
    as_log_error,
    check,
    is_transient,
)
from headrace.runtime.log.kafka.quiet import hold_back_repetitions
from headrace.runtime.log.topicname import check_partition

DEADLINE_S = 30.0
"""How long a broker may be away before a call fails; the engine then tries again by itself."""
OPEN_S = 10.0
"""How long opening a log waits for the first broker."""
REQUEST_TIMEOUT_MS = 15_000
METADATA_MAX_AGE_MS = 300_000
FIRST_PAUSE_S = 0.01
LAST_PAUSE_S = 0.5

GROUP = 0
TRANSACTION = 1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TopicState:
    """What metadata says of a topic; `leaders` by partition, -1 where there is none."""

    name: str
    id: int
    leaders: tuple[int, ...]
    replicas: int
    is_internal: bool


class Cluster:
    """Connections to the brokers of a cluster. Used on the loop only."""

    def __init__(self, servers: str, *, deadline_s: float = DEADLINE_S, name: str = "headrace") -> None:
        self.servers = servers
        self.deadline_s = deadline_s
        self._client: Any = None
        self._name = name
        self._topics: dict[str, TopicState] = {}
        self._coordinators: dict[tuple[int, str], int] = {}
        self._controller = -1

    async def open(self) -> None:
        """Connect to the first broker that answers; raises LogError."""
        hold_back_repetitions()
        client = AIOKafkaClient(
            bootstrap_servers=self.servers,
            client_id=self._name,
            request_timeout_ms=REQUEST_TIMEOUT_MS,
            metadata_max_age_ms=METADATA_MAX_AGE_MS,
            retry_backoff_ms=100,
        )
        await self.retry(client.bootstrap, "", deadline_s=min(OPEN_S, self.deadline_s))
        self._client = client

    async def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.close()

    async def retry(self, attempt: Callable[[], Awaitable[T]], place: str, *, deadline_s: float | None = None) -> T:
        """Do something until it goes well; raises LogError for what time does not heal, and after the deadline."""
        started = time.monotonic()
        limit = self.deadline_s if deadline_s is None else deadline_s
        pause = FIRST_PAUSE_S
        while True:
            try:
                return await attempt()
            except IncompatibleBrokerVersion as error:
                raise LogError(f'Kafka at "{self.servers}" is too old ({error}); it takes 2.8 or newer') from error
            except RETRIED as error:
                if not is_transient(error):
                    raise as_log_error(error, place) from error
                if time.monotonic() - started + pause > limit:
                    raise self._away(error, limit) from error
            await asyncio.sleep(pause)
            pause = min(pause * 2, LAST_PAUSE_S)

    def _away(self, error: BaseException, limit: float) -> LogError:
        reason = str(error) or type(error).__name__
        return LogError(
            f'Kafka at "{self.servers}" did not answer within {limit:g} s ({reason}); '
            "check the address and that the broker is running"
        )

    # Whom to ask.

    async def send(self, node: int, request: Any) -> Any:
        """Send to a broker, over the connection for data."""
        return await self._client.send(node, request)

    async def any(self, request: Callable[[], Any]) -> Any:
        """Ask any broker."""
        node = self._client.get_random_node()
        if node is None:
            raise KafkaConnectionError("no broker is known")
        return await self._client.send(node, request())

    async def controller(self, request: Any) -> Any:
        """Ask the broker that takes changes of topics."""
        if self._controller < 0:
            await self.fetch_metadata([])
        try:
            return await self._client.send(self._controller, request)
        except Exception:
            self._controller = -1
            raise

    async def coordinator(self, kind: int, key: str, request: Any, codes: Callable[[Any], list[int]]) -> Any:
        """Ask the coordinator of a group or transactional id; raises Refused with the first error code of the answer."""
        place = kind, key
        node = self._coordinators.get(place)
        try:
            if node is None:
                node = self._coordinators[place] = await self._client.coordinator_lookup(kind, key)
            answer = await self._client.send(node, request, group=ConnectionGroup.COORDINATION)
        except RETRIED:
            self._coordinators.pop(place, None)
            raise
        for code in codes(answer):
            if code in LOST_COORDINATOR:
                self._coordinators.pop(place, None)
            check(code)
        return answer

    # Topics and their leaders.

    async def fetch_metadata(self, names: list[str] | None) -> dict[str, TopicState]:
        """Ask for topics (None: all) anew; those that are not there are not in the answer."""
        answer = await self.any(lambda: protocol.metadata(names))
        self._controller = answer.controller_id
        found = {}
        for code, name, topic_id, is_internal, partitions, _, _ in answer.topics:
            if code in (UNKNOWN_TOPIC, 17):
                self._topics.pop(name, None)
                continue
            if code and not partitions:
                raise Refused(code)
            leaders = [-1] * len(partitions)
            for entry in partitions:
                leaders[entry[1]] = entry[2]
            replicas = len(partitions[0][4]) if partitions else 0
            found[name] = TopicState(name, topic_id, tuple(leaders), replicas, is_internal)
        self._topics.update(found)
        return found

    async def topic(self, name: str) -> TopicState:
        """A topic as last known; raises UnknownTopic."""
        known = self._topics.get(name)
        if known is None:
            known = (await self.fetch_metadata([name])).get(name)
        if known is None:
            raise UnknownTopic(f'There is no topic "{name}"')
        return known

    async def leader(self, topic: str, partition: int) -> int:
        """The broker that leads a partition; raises UnknownTopic, LogError for a partition that is not there."""
        known = await self.topic(topic)
        check_partition(topic, partition, len(known.leaders))
        leader = known.leaders[partition]
        if leader < 0:
            self.forget(topic)
            raise Refused(5)
        return leader

    def known(self, topic: str) -> TopicState | None:
        """A topic as last known, without asking."""
        return self._topics.get(topic)

    def forget(self, topic: str) -> None:
        """Ask anew for a topic the next time."""
        self._topics.pop(topic, None)

    def forget_controller(self, code: int) -> None:
        """Ask anew for the controller where it is another."""
        if code == NOT_CONTROLLER:
            self._controller = -1

    async def ask_leader(self, topic: str, partition: int, request: Callable[[], Any]) -> Any:
        """Ask the leader of a partition; where nobody answers, metadata is asked for anew."""
        node = await self.leader(topic, partition)
        try:
            return await self._client.send(node, request())
        except RETRIED:
            self.forget(topic)
            raise
