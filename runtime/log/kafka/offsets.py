"""Where partitions begin and end, and which offset belongs to a time.

The law: an end is the last stable offset: no reader here sees what a transaction may still take back.
"""

from aiokafka.protocol.offset import OffsetRequest

from headrace.runtime.log.base import TopicPartition
from headrace.runtime.log.kafka.cluster import Cluster
from headrace.runtime.log.kafka.failures import check

BEGIN = -2
END = -1
READ_COMMITTED = 1


async def list_offset(cluster: Cluster, place: TopicPartition, timestamp: int) -> int:
    """The offset for BEGIN, END or a time in ms (-1 where there is no record that late)."""
    topic, partition = place

    async def attempt() -> int:
        request = OffsetRequest(-1, READ_COMMITTED, [(topic, [(partition, timestamp)])])
        answer = await cluster.ask_leader(topic, partition, lambda: request)
        for _, partitions in answer.topics:
            for _, code, _, offset in partitions:
                if code:
                    cluster.forget(topic)
                check(code)
                return int(offset)
        return -1

    return await cluster.retry(attempt, f'"{topic}-{partition}"')


async def list_ends(cluster: Cluster, places: list[TopicPartition]) -> dict[TopicPartition, int]:
    """The ends of several partitions, with one request for each broker. Raises what `Cluster.retry` takes."""
    by_node: dict[int, dict[str, list[tuple[int, int]]]] = {}
    for topic, partition in places:
        node = await cluster.leader(topic, partition)
        by_node.setdefault(node, {}).setdefault(topic, []).append((partition, END))
    ends = {}
    for node, topics in by_node.items():
        answer = await cluster.send(node, OffsetRequest(-1, READ_COMMITTED, list(topics.items())))
        for topic, partitions in answer.topics:
            for partition, code, _, offset in partitions:
                if code:
                    cluster.forget(topic)
                check(code)
                ends[topic, partition] = int(offset)
    return ends
