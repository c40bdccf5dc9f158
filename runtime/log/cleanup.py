"""What a topic's config says about forgetting records.

The law: nothing is forgotten unless the config says so, and age is measured against the topic's highest timestamp, never
against the wall clock (a topic of old data must not vanish while it is read).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from headrace.runtime.log.base import LogError

KEEP = -1
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Cleanup:
    """Kafka's cleanup.policy and the properties that go with it; -1 keeps everything."""

    deletes: bool = True
    compacts: bool = False
    retention_ms: int = KEEP
    retention_bytes: int = KEEP
    tombstones_ms: int = DAY_MS

    @classmethod
    def of(cls, config: Mapping[str, str]) -> "Cleanup":
        """Read the config; raises LogError naming the property that makes no sense."""
        policy = config.get("cleanup.policy", "delete")
        policies = {name.strip().lower() for name in policy.split(",")}
        if not policies or not policies <= {"delete", "compact"}:
            raise LogError(f'Topic property "cleanup.policy" is "delete", "compact" or both, not "{policy}"')
        return cls(
            deletes="delete" in policies,
            compacts="compact" in policies,
            retention_ms=_number(config, "retention.ms", KEEP),
            retention_bytes=_number(config, "retention.bytes", KEEP),
            tombstones_ms=_number(config, "delete.retention.ms", DAY_MS),
        )

    @property
    def expires(self) -> bool:
        """Whether old records are ever deleted."""
        return self.deletes and (self.retention_ms != KEEP or self.retention_bytes != KEEP)

    def is_expired(self, *, max_timestamp: int, topic_timestamp: int, size: int, partition_size: int) -> bool:
        """Whether the oldest batch of a partition is to be deleted."""
        too_old = self.retention_ms != KEEP and max_timestamp < topic_timestamp - self.retention_ms
        too_much = self.retention_bytes != KEEP and partition_size - size >= self.retention_bytes
        return too_old or too_much

    def survives(self, *, is_last_of_key: bool, is_tombstone: bool, timestamp: int, topic_timestamp: int) -> bool:
        """Whether compaction keeps a record that has a key; tombstones stay long enough for every reader to see them."""
        return is_last_of_key and not (is_tombstone and timestamp < topic_timestamp - self.tombstones_ms)


def _number(config: Mapping[str, str], name: str, default: int) -> int:
    text = config.get(name)
    if text is None:
        return default
    try:
        return int(text)
    except ValueError:
        raise LogError(f'Topic property "{name}" is a whole number, not "{text}"') from None
