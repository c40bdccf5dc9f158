"""The file that says that a directory holds a log, and in which format.

The law: a directory of a newer format is refused before anything in it is mapped or written.
"""

import os
from pathlib import Path

from headrace.runtime.log.base import LogCorrupt
from headrace.runtime.log.embedded.layout import FORMAT

FILE_NAME = "format"
_PREFIX = "headrace-log "


def check(directory: Path) -> bool:
    """Whether there was a log here already; raises LogCorrupt where it is not one that this version reads."""
    path = directory / FILE_NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    except UnicodeDecodeError:
        text = ""
    number = text.removeprefix(_PREFIX).strip()
    if not text.startswith(_PREFIX) or not number.isdecimal():
        raise LogCorrupt(f'"{path}" is damaged: it does not say which format the log has')
    if int(number) > FORMAT:
        raise LogCorrupt(newer(directory, int(number)))
    return True


def write(directory: Path) -> None:
    """Say that there is a log here; done once, durably."""
    path = directory / FILE_NAME
    if path.exists():
        return
    draft = directory / f"{FILE_NAME}.{os.getpid()}"
    with draft.open("w", encoding="utf-8") as file:
        file.write(f"{_PREFIX}{FORMAT}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_directory(directory)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def newer(directory: Path, number: int) -> str:
    """What to say of a newer format."""
    return (
        f'The log in "{directory}" has format {number}, this version of Headrace reads up to {FORMAT}; '
        "use the version that wrote it, or a newer one"
    )
