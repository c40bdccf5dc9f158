"""How far a script is, as its log keeps it.

The law: the entry that says "done up to here" is written in the commit of what the statement did, so that a statement takes
effect once however often the command is started.
"""

import json
from dataclasses import asdict, dataclass

from headrace.repl.batch.script import Script
from headrace.runtime.files.loader import PROGRESS_TABLE, Progress
from headrace.runtime.log.base import TopicLog

_VERSION = 1


class ChangedScript(Exception):
    """What the log holds came from another script; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The next statement, a fingerprint of those before it, and whether the script was run to its end."""

    statement: int = 0
    digest: str = ""
    finished: bool = False
    version: int = _VERSION


def read_checkpoint(log: TopicLog, script: Script) -> Checkpoint:
    """How far earlier runs on the log came; raises ChangedScript where they ran something else."""
    kept = log.get(PROGRESS_TABLE, _key(script))
    if kept is None:
        return Checkpoint(digest=script.digest(0))
    checkpoint = Checkpoint(**json.loads(kept))
    if checkpoint.version != _VERSION:
        raise ChangedScript(f'The log "{log.url}" was written by a newer Headrace; use that, or another log (--log).')
    ran = script.digest(checkpoint.statement)
    if ran != checkpoint.digest or (checkpoint.finished and checkpoint.statement != len(script.steps)):
        raise ChangedScript(
            f'"{script.name}" has changed since it was run on the log "{log.url}"; '
            "give the changed script a log of its own (--log DIRECTORY), or remove that one to start afresh."
        )
    return checkpoint


def progress(script: Script, statement: int, *, finished: bool = False) -> Progress:
    """The entry for a log that says: `statement` statements are done."""
    checkpoint = Checkpoint(statement, script.digest(statement), finished)
    return {PROGRESS_TABLE: [(_key(script), json.dumps(asdict(checkpoint)).encode())]}


def _key(script: Script) -> bytes:
    return f"script/{script.name}".encode("utf-8", "surrogatepass")
