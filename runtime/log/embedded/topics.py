"""The topics of a log and the names of its key spaces.

The law: a topic's id is never used again, so that nothing of a deleted topic is taken for its namesake's.
"""

import json
from collections.abc import Mapping

from headrace.runtime.log.base import LogError, TopicDescription, TopicExists, UnknownTopic
from headrace.runtime.log.embedded.layout import (
    DROPPED_PREFIX,
    NUMBER,
    PARTITION_KEY,
    RECORD_VERSION,
    SPACES,
    TABLE_PREFIX,
    TOPIC_IDS,
    TOPIC_PREFIX,
    Databases,
    LmdbTransaction,
    PartitionState,
    next_number,
)

MAX_TABLE_NAME_BYTES = 400


class Topics:
    """Descriptions by name. What was decoded once is kept by its bytes, so that it is never out of date."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._decoded: dict[bytes, TopicDescription] = {}

    def find(self, txn: LmdbTransaction, name: str) -> TopicDescription | None:
        """The topic, or None."""
        key = name.encode("utf-8", "surrogatepass")
        raw = txn.get(key, db=self._databases.topics) if 0 < len(key) <= MAX_TABLE_NAME_BYTES else None
        return self._decode(raw) if raw is not None else None

    def get(self, txn: LmdbTransaction, name: str) -> TopicDescription:
        """The topic; raises UnknownTopic."""
        topic = self.find(txn, name)
        if topic is None:
            raise UnknownTopic(f'There is no topic "{name}"')
        return topic

    def all(self, txn: LmdbTransaction) -> list[TopicDescription]:
        """All topics, by name."""
        with txn.cursor(self._databases.topics) as cursor:
            return [self._decode(raw) for raw in cursor.iternext(keys=False)]

    def create(
        self, txn: LmdbTransaction, name: str, partitions: int, replicas: int, config: Mapping[str, str]
    ) -> TopicDescription:
        """Write a new topic and its empty partitions."""
        if self.find(txn, name) is not None:
            raise TopicExists(f'Topic "{name}" exists already')
        topic = TopicDescription(name, partitions, replicas, dict(config), next_number(txn, self._databases, TOPIC_IDS))
        txn.put(name.encode(), _encode(topic), db=self._databases.topics)
        empty = PartitionState().encode()
        for partition in range(partitions):
            txn.put(PARTITION_KEY.pack(topic.id, partition), empty, db=self._databases.partitions)
        return topic

    def drop(self, txn: LmdbTransaction, name: str) -> int:
        """Forget the name; the id is kept as dropped until its records are gone."""
        topic = self.get(txn, name)
        txn.delete(name.encode(), db=self._databases.topics)
        txn.put(_dropped_key(topic.id), bytes([RECORD_VERSION]), db=self._databases.meta)
        return topic.id

    def dropped(self, txn: LmdbTransaction) -> list[int]:
        """Ids of deleted topics that still have records."""
        ids = []
        with txn.cursor(self._databases.meta) as cursor:
            if cursor.set_range(DROPPED_PREFIX):
                for key in cursor.iternext(values=False):
                    if not key.startswith(DROPPED_PREFIX):
                        break
                    ids.append(TOPIC_PREFIX.unpack(key[len(DROPPED_PREFIX) :])[0])
        return ids

    def forget_dropped(self, txn: LmdbTransaction, topic_id: int) -> None:
        """All records of the deleted topic are gone."""
        txn.delete(_dropped_key(topic_id), db=self._databases.meta)

    def space(self, txn: LmdbTransaction, table: str) -> int | None:
        """The key space of a table, or None where nothing was ever put."""
        raw = txn.get(_table_key(table), db=self._databases.meta)
        return NUMBER.unpack(raw)[1] if raw is not None else None

    def make_space(self, txn: LmdbTransaction, table: str) -> int:
        """The key space of a table, made where it is new."""
        space = self.space(txn, table)
        if space is None:
            space = next_number(txn, self._databases, SPACES)
            txn.put(_table_key(table), NUMBER.pack(RECORD_VERSION, space), db=self._databases.meta)
        return space

    def _decode(self, raw: bytes) -> TopicDescription:
        topic = self._decoded.get(raw)
        if topic is None:
            fields = json.loads(raw[1:])
            topic = self._decoded[raw] = TopicDescription(
                fields["name"], fields["partitions"], fields["replicas"], fields["config"], fields["id"]
            )
        return topic


def _encode(topic: TopicDescription) -> bytes:
    fields = {
        "name": topic.name,
        "id": topic.id,
        "partitions": topic.partitions,
        "replicas": topic.replicas,
        "config": dict(topic.config),
    }
    return bytes([RECORD_VERSION]) + json.dumps(fields).encode()


def _dropped_key(topic_id: int) -> bytes:
    return DROPPED_PREFIX + TOPIC_PREFIX.pack(topic_id)


def _table_key(table: str) -> bytes:
    name = table.encode()
    if len(name) > MAX_TABLE_NAME_BYTES:
        raise LogError(f'"{table}" is too long for the name of a table')
    return TABLE_PREFIX + name
