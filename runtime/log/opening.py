"""From a URL to a topic log.

The law: one spelling of where the log is, everywhere: `memory:`, `file:PATH` or a bare path.
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


def open_log(url: str, *, create: bool = True, clock: Clock | None = None) -> TopicLog:
    """Open the log at a URL; raises LogError saying what can be opened."""
    if url == "memory:":
        return MemoryLog()
    return EmbeddedLog(directory_of(url), create=create, clock=clock)


def directory_of(url: str) -> Path:
    """The directory of an embedded log's URL; raises LogError where it names none."""
    scheme = _SCHEME.match(url)
    path = url
    if scheme is not None:
        name = scheme[1].lower()
        if name == "kafka":
            raise LogError(f'The log "{url}" is on Kafka, which is not supported yet; use "memory:" or "file:PATH"')
        if name != "file":
            raise LogError(f'"{url}" is no log that can be opened; use "memory:", "file:PATH" or a path')
        path = url[scheme.end() :]
        if path.startswith("//"):
            path = unquote(path.removeprefix("//").removeprefix("localhost"))
    if not path:
        raise LogError(f'"{url}" names no directory; use "file:PATH" or a path')
    return Path(path)
