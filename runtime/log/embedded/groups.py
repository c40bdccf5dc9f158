"""The committed offsets of groups, kept as pairs.

The law: an offset belongs to a topic's id, so that a topic that was made anew is read from its beginning.
"""

import struct
from collections.abc import Mapping

from headrace.runtime.log.base import TopicDescription, TopicPartition
from headrace.runtime.log.embedded.layout import RECORD_VERSION, LmdbTransaction
from headrace.runtime.log.embedded.pairs import OFFSETS_SPACE, Pairs
from headrace.runtime.log.embedded.topics import Topics
from headrace.runtime.log.topicname import check_partition

_LENGTH = struct.Struct(">I")
_PLACE = struct.Struct(">QI")
_OFFSET = struct.Struct(">BQ")
_PAGE = 1_000


class Groups:
    """Offsets by group; a group is there as long as it has offsets."""

    def __init__(self, pairs: Pairs, topics: Topics) -> None:
        self._pairs = pairs
        self._topics = topics

    def write(
        self,
        txn: LmdbTransaction,
        group: str,
        offsets: Mapping[TopicPartition, int],
        topics: Mapping[str, TopicDescription],
    ) -> None:
        """Set offsets of a group."""
        prefix = _prefix(group)
        entries: list[tuple[bytes, bytes | None]] = []
        for (name, partition), offset in offsets.items():
            topic = topics[name]
            check_partition(name, partition, topic.partitions)
            value = _OFFSET.pack(RECORD_VERSION, offset) + name.encode()
            entries.append((prefix + _PLACE.pack(topic.id, partition), value))
        self._pairs.put(txn, OFFSETS_SPACE, entries)

    def read(self, txn: LmdbTransaction, group: str) -> dict[TopicPartition, int]:
        """The offsets of a group, in topics that are still there."""
        prefix = _prefix(group)
        offsets: dict[TopicPartition, int] = {}
        after: bytes | None = None
        while True:
            found = self._pairs.scan(txn, OFFSETS_SPACE, prefix, after=after, limit=_PAGE)
            for key, value in found:
                name = value[_OFFSET.size :].decode()
                topic_id, partition = _PLACE.unpack(key[len(prefix) :])
                topic = self._topics.find(txn, name)
                if topic is not None and topic.id == topic_id:
                    offsets[name, partition] = _OFFSET.unpack_from(value)[1]
            if len(found) < _PAGE:
                return offsets
            after = found[-1][0]

    def delete(self, txn: LmdbTransaction, group: str) -> None:
        """Forget a group."""
        while not self._pairs.drop(txn, OFFSETS_SPACE, _prefix(group), limit=_PAGE):
            pass


def _prefix(group: str) -> bytes:
    name = group.encode()
    return _LENGTH.pack(len(name)) + name
