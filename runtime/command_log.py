"""The command log: every statement that changed the catalog, in order, as versioned JSON in a topic.

The law: a command takes effect after it is durable; what cannot be read is refused with its offset, never passed over.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from headrace.engine.services import Clock, Command
from headrace.runtime.intake import Rows
from headrace.runtime.log.base import LogCorrupt, TopicLog

VERSION = 1
_KEY = b"headrace"
_CONFIG = {"retention.ms": "-1", "cleanup.policy": "delete"}


def command_topic(service_id: str) -> str:
    """The name of the topic."""
    return f"_confluent-ksql-{service_id}_command_topic"


class CommandLog:
    """`engine.services.Commands` over a topic. `append` of the rows is the engine's, so that it keeps its order."""

    def __init__(self, log: TopicLog, service_id: str, clock: Clock, append: Callable[[str, Rows], None]) -> None:
        self._log = log
        self._clock = clock
        self._append = append
        self.topic = command_topic(service_id)
        if log.describe(self.topic) is None:
            log.create_topic(self.topic, 1, config=_CONFIG)

    def next_sequence(self) -> int:
        """The offset that the next command gets."""
        return self._log.end_offset(self.topic, 0)

    def append(self, command: Command) -> int:
        """Keep a command durably."""
        sequence = self.next_sequence()
        self._append(self.topic, {0: [(self._clock.now_ms(), _KEY, encode(command), ())]})
        return sequence

    def replay(self) -> Iterator[tuple[int, Command]]:
        """All commands with their sequence numbers. Raises LogCorrupt at the first that cannot be read."""
        offset = self._log.begin_offset(self.topic, 0)
        if offset:
            raise LogCorrupt(
                f'The command topic "{self.topic}" begins at offset {offset}: earlier commands are missing.'
            )
        end = self._log.end_offset(self.topic, 0)
        while offset < end:
            part = self._log.read(self.topic, 0, offset)
            for record in part.records:
                if record.offset != offset and self._log.is_gapless:
                    raise LogCorrupt(f'The command topic "{self.topic}" has no command at offset {offset}.')
                yield record.offset, self._decode(record.key, record.value, record.offset)
                offset = record.offset + 1
            offset = part.next_offset

    def _decode(self, key: bytes | None, value: bytes | None, offset: int) -> Command:
        if key != _KEY:
            raise LogCorrupt(
                f'The command topic "{self.topic}" has a command at offset {offset} that is not Headrace\'s; '
                "give this engine a service id of its own."
            )
        try:
            return decode(value or b"")
        except _Newer as error:
            raise LogCorrupt(
                f'The command at offset {offset} of "{self.topic}" has version {error}; this release reads version {VERSION}.'
            ) from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LogCorrupt(f'The command at offset {offset} of "{self.topic}" cannot be read: {error!r}.') from error


class _Newer(Exception):
    """A version that this release does not know."""


def encode(command: Command) -> bytes:
    """A command as bytes."""
    content: dict[str, Any] = {"version": VERSION, "sql": command.sql, "properties": dict(command.properties)}
    if command.query_id is not None:
        content["query_id"] = command.query_id
    if command.steps is not None:
        content["steps"] = command.steps
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def decode(data: bytes) -> Command:
    """A command from bytes; raises ValueError, KeyError, TypeError or _Newer."""
    content = json.loads(data.decode("utf-8", "surrogatepass"))
    if content["version"] != VERSION:
        raise _Newer(content["version"])
    sql, properties = content["sql"], content["properties"]
    if not isinstance(sql, str) or not all(isinstance(v, str) for v in properties.values()):
        raise TypeError("sql and properties must be text")
    return Command(sql, properties, content.get("query_id"), content.get("steps"))
