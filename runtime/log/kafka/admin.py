"""Topics and groups as an administrator sees them: made, described, deleted.

The law: a call returns when every broker's metadata that this process sees agrees with what was done.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from aiokafka.protocol.admin import (
    CreateTopicsRequest,
    DeleteGroupsRequest,
    DeleteRecordsRequest,
    DeleteTopicsRequest,
    DescribeConfigsRequest,
)

from headrace.runtime.log.base import TopicDescription, TopicPartition
from headrace.runtime.log.kafka import protocol
from headrace.runtime.log.kafka.cluster import GROUP, Cluster, TopicState
from headrace.runtime.log.kafka.failures import (
    GROUP_NOT_FOUND,
    INVALID_CONFIG,
    Refused,
    check,
)

REQUEST_MS = 15_000
TIMESTAMP_LIMIT = "message.timestamp.after.max.ms"
ANY_TIMESTAMP = str(2**63 - 1)
"""Kafka 3.6 and newer refuse event times more than an hour ahead, unless a topic says otherwise; ours do."""

_TOPIC = 2
_SET_ON_TOPIC = 1


async def create_topic(
    cluster: Cluster, name: str, partitions: int, *, replicas: int, config: Mapping[str, str]
) -> TopicDescription:
    """Create a topic and wait until its partitions have leaders; raises TopicExists."""

    async def create(settings: Mapping[str, str]) -> None:
        asked: tuple[Any, ...] = (name, partitions, replicas, [], list(settings.items()))
        answer = await cluster.controller(CreateTopicsRequest([asked], REQUEST_MS, False))
        for _, code, detail in answer.topic_errors:
            cluster.forget_controller(code)
            check(code, detail if code not in (36,) else None)

    async def attempt() -> None:
        try:
            await create({TIMESTAMP_LIMIT: ANY_TIMESTAMP, **config})
        except Refused as refused:
            if refused.code != INVALID_CONFIG:
                raise
            await create(config)  # a broker before 3.6, or a setting that is wrong anyway

    async def appear() -> TopicDescription:
        state = (await cluster.fetch_metadata([name])).get(name)
        if state is None or min(state.leaders, default=-1) < 0:
            raise Refused(5)
        return (await _described(cluster, [state]))[0]

    await cluster.retry(attempt, f'"{name}"')
    return await cluster.retry(appear, f'"{name}"')


async def delete_topic(cluster: Cluster, name: str) -> None:
    """Delete a topic and wait until it is gone; raises UnknownTopic."""

    async def attempt() -> None:
        answer = await cluster.controller(DeleteTopicsRequest([name], REQUEST_MS))
        for _, code in answer.topic_error_codes:
            cluster.forget_controller(code)
            check(code)

    async def vanish() -> None:
        if name in await cluster.fetch_metadata([name]):
            raise Refused(5)

    await cluster.retry(attempt, f'"{name}"')
    await cluster.retry(vanish, f'"{name}"')
    cluster.forget(name)


async def describe(cluster: Cluster, names: list[str] | None) -> list[TopicDescription]:
    """The topics of these names that exist (None: all but Kafka's own), by name."""

    async def attempt() -> list[TopicDescription]:
        found = await cluster.fetch_metadata(names)
        return await _described(cluster, [found[n] for n in sorted(found) if names or not found[n].is_internal])

    return await cluster.retry(attempt, "the description of topics")


async def _described(cluster: Cluster, states: Sequence[TopicState]) -> list[TopicDescription]:
    if not states:
        return []
    resources = [(_TOPIC, state.name, None) for state in states]
    answer = await cluster.any(lambda: DescribeConfigsRequest(resources))
    configs: dict[str, dict[str, str]] = {}
    for code, detail, _, name, entries in answer.resources:
        check(code, detail)
        configs[name] = {
            entry[0]: entry[1]
            for entry in entries
            if entry[3] == _SET_ON_TOPIC and (entry[0], entry[1]) != (TIMESTAMP_LIMIT, ANY_TIMESTAMP)
        }
    return [TopicDescription(s.name, len(s.leaders), s.replicas, configs.get(s.name, {}), s.id) for s in states]


async def delete_records(cluster: Cluster, topic: str, partition: int, before: int) -> None:
    """Delete the records of a partition that lie before an offset."""

    async def attempt() -> None:
        answer = await cluster.ask_leader(
            topic, partition, lambda: DeleteRecordsRequest([(topic, [(partition, before)])], REQUEST_MS)
        )
        for found in answer.topics:
            for entry in found[1]:
                check(entry[2])

    await cluster.retry(attempt, f'"{topic}-{partition}"')


async def committed(cluster: Cluster, group: str, expected: Collection[TopicPartition]) -> dict[TopicPartition, int]:
    """The offsets of a group; waits while a transaction has some of them pending.

    Where all are asked for, Kafka says nothing of a partition whose first offset is pending; so those that are `expected`
    are asked for by name.
    """

    def codes(answer: Any) -> list[int]:
        return [answer.error_code, *(entry[4] for topic in answer.topics for entry in topic[1])]

    async def ask(topics: dict[str, list[int]] | None) -> dict[TopicPartition, int]:
        answer = await cluster.coordinator(GROUP, group, protocol.offset_fetch(group, topics), codes)
        return {
            (name, partition): offset
            for name, partitions, _ in answer.topics
            for partition, offset, *_ in partitions
            if offset >= 0
        }

    async def attempt() -> dict[TopicPartition, int]:
        found = await ask(None)
        missing: dict[str, list[int]] = {}
        for topic, partition in expected:
            if (topic, partition) not in found:
                missing.setdefault(topic, []).append(partition)
        return {**found, **await ask(missing)} if missing else found

    return await cluster.retry(attempt, f'the offsets of the group "{group}"')


async def delete_group(cluster: Cluster, group: str) -> None:
    """Forget a group."""

    def codes(answer: Any) -> list[int]:
        return [entry[1] for entry in answer.results if entry[1] != GROUP_NOT_FOUND]

    async def attempt() -> None:
        await cluster.coordinator(GROUP, group, DeleteGroupsRequest([group]), codes)

    await cluster.retry(attempt, f'to delete the group "{group}"')
