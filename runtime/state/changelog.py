"""The changelog of a store: a topic with one record per task and commit, which holds the changed keys.

The law: checkpoint + records from the checkpoint's offset on = the store at the last commit.
"""

from collections.abc import Iterator
from hashlib import sha256

from headrace.runtime.log.base import LogCorrupt, TopicLog, UnknownTopic
from headrace.runtime.log.topicname import MAX_NAME_BYTES

TOPIC_CONFIG = {"retention.ms": "-1", "cleanup.policy": "delete"}


def application_id(service_id: str, query_id: str) -> str:
    """The name of a query's consumer group and the prefix of its internal topics, as ksqlDB's."""
    return f"_confluent-ksql-{service_id}query_{query_id}"


def changelog_topic(service_id: str, query_id: str, sub: int, store: str) -> str:
    """The name of a changelog topic; stores of a first sub-topology have the plain name. One too long is cut, with a digest."""
    place = f"{sub}-{store}" if sub else store
    name = f"{application_id(service_id, query_id)}-{place}-changelog"
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    end = f"-{sha256(name.encode()).hexdigest()[:16]}-changelog"
    return name.encode()[: MAX_NAME_BYTES - len(end)].decode(errors="ignore") + end


def create_changelog(log: TopicLog, topic: str, partitions: int) -> None:
    """Create the topic unless it is there (a crash may have left it behind, empty)."""
    if log.describe(topic) is None:
        log.create_topic(topic, partitions, config=TOPIC_CONFIG)


def read_changelog(log: TopicLog, topic: str, partition: int, offset: int) -> Iterator[tuple[int, bytes]]:
    """The (offset, blob)s from an offset on; nothing where there is no topic."""
    if log.describe(topic) is None:
        return
    end = log.end_offset(topic, partition)
    begin = log.begin_offset(topic, partition)
    if offset < begin and begin > 0:
        raise LogCorrupt(
            f'The changelog "{topic}" begins at offset {begin} of partition {partition}; its checkpoint needs offset {offset}.'
        )
    while offset < end:
        try:
            part = log.read(topic, partition, offset, max_records=100)
        except UnknownTopic:
            return
        for record in part.records:
            yield record.offset, record.value or b""
        if part.next_offset <= offset:
            return
        offset = part.next_offset
