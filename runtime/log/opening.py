"""From a URL to a topic log.

The law: one spelling of where the log is, everywhere: `memory:`, `file:PATH` or a bare path, `kafka://HOST:PORT,…`.
"""

import re
from pathlib import Path
from urllib.parse import unquote

from headrace.engine.services import Clock
from headrace.runtime.log.base import LogError, TopicLog
from headrace.runtime.log.embedded import EmbeddedLog
from headrace.runtime.log.memory import MemoryLog

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
"""At least two letters: one is a drive of Windows."""
_BROKER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/,\[\]]+):[0-9]{1,5}")
_KAFKA_PORT = 9092


def open_log(url: str, *, create: bool = True, clock: Clock | None = None) -> TopicLog:
    """Open the log at a URL; raises LogError saying what can be opened."""
    if url == "memory:":
        return MemoryLog()
    if url.lower().startswith("kafka:"):
        return _open_kafka(url, clock)
    return EmbeddedLog(directory_of(url), create=create, clock=clock)


def kafka_servers(url: str) -> str:
    """The brokers of a Kafka URL, as HOST:PORT with commas between; raises LogError where it is not one of those."""
    servers = url[len("kafka:") :].removeprefix("//").rstrip("/")
    if "@" in servers or "?" in servers:
        raise LogError(
            f'"{_without_secrets(url)}" has a user or options, which a Kafka URL cannot have yet; use "kafka://HOST:PORT"'
        )
    brokers = [broker if ":" in broker else f"{broker}:{_KAFKA_PORT}" for broker in servers.split(",")]
    if not all(_BROKER.fullmatch(broker) for broker in brokers):
        raise LogError(f'"{url}" names no broker; use "kafka://HOST:PORT", several with commas between them')
    return ",".join(brokers)


def _open_kafka(url: str, clock: Clock | None) -> TopicLog:
    servers = kafka_servers(url)
    # Here, because it takes a while and only those need it who use it.
    from headrace.runtime.log.kafka import KafkaLog  # noqa: PLC0415

    return KafkaLog(servers, clock=clock)


def _without_secrets(url: str) -> str:
    scheme, _, rest = url.partition("//")
    return f"{scheme}//{rest.rpartition('@')[2].partition('?')[0]}"


def directory_of(url: str) -> Path:
    """The directory of an embedded log's URL; raises LogError where it names none."""
    scheme = _SCHEME.match(url)
    path = url
    if scheme is not None:
        name = scheme[1].lower()
        if name == "kafka":
            raise LogError(f'The log "{url}" is on Kafka and has no directory')
        if url == "memory:":
            raise LogError('The log "memory:" has no directory; use "file:PATH" or a path')
        if name != "file":
            raise LogError(
                f'"{url}" is no log that can be opened; use "memory:", "file:PATH", a path or "kafka://HOST:PORT"'
            )
        path = url[scheme.end() :]
        if path.startswith("//"):
            path = unquote(path.removeprefix("//").removeprefix("localhost"))
    if not path:
        raise LogError(f'"{url}" names no directory; use "file:PATH" or a path')
    return Path(path)
