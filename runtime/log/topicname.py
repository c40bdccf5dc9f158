"""Which names and sizes a topic may have.

The law: what one backend takes as a topic's name, every backend takes.
"""

from headrace.runtime.log.base import LogError

MAX_NAME_BYTES = 249
MAX_PARTITIONS = 10_000


def check_topic(name: str, partitions: int) -> None:
    """Raise LogError where a topic cannot be made like this."""
    if not name or name in (".", "..") or len(name.encode()) > MAX_NAME_BYTES or not name.isprintable():
        raise LogError(f'"{name}" is no name for a topic; names have 1 to {MAX_NAME_BYTES} printable characters')
    if not 1 <= partitions <= MAX_PARTITIONS:
        raise LogError(f'Topic "{name}" cannot have {partitions} partitions; it takes 1 to {MAX_PARTITIONS}')


def check_partition(name: str, partition: int, partitions: int) -> None:
    """Raise LogError where the topic has no such partition."""
    if not 0 <= partition < partitions:
        raise LogError(f'Topic "{name}" has no partition {partition}; it has {partitions}')
