"""`headrace` with a bug planted, by name: what the tests under kill -9 must find. Nothing of it is in the product.

python planted.py BUG run script.sql --input …
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from headrace.repl.main import main
from headrace.runtime.commit import Commit
from headrace.runtime.log.base import TopicLog
from headrace.runtime.state import checkpoint
from headrace.runtime.state.codec import Changes
from headrace.runtime.state.store import StateStore

APART_S = 0.02
NOTHING_OWED = 0
"""The emission mark of a blob: how many of the last blobs hold changes that no emission has shown."""


def offsets_apart() -> None:
    """Offsets are committed a little after the outputs."""
    write = Commit.write

    def write_apart(self: Commit, log: TopicLog) -> None:
        offsets, self.offsets = self.offsets, {}
        write(self, log)
        time.sleep(APART_S)
        transaction = log.transaction()
        for group, places in offsets.items():
            transaction.commit_offsets(group, places)
        transaction.commit()

    Commit.write = write_apart


def pending_lost() -> None:
    """What was committed but not emitted is taken as emitted after a restart."""
    apply = StateStore.apply

    def apply_emitted(self: StateStore, changes: Changes) -> None:
        apply(self, (changes[0], 0, changes[2]))

    StateStore.apply = apply_emitted


def blob_lost() -> None:
    """The last commit of a store is not there after a restart."""
    read = checkpoint.read_changelog

    def read_short(log: TopicLog, topic: str, partition: int, offset: int) -> Iterator[tuple[int, bytes]]:
        yield from list(read(log, topic, partition, offset))[:-1]

    checkpoint.read_changelog = read_short


BUGS = {function.__name__: function for function in (offsets_apart, pending_lost, blob_lost)}


def planted(bug: str) -> list[str]:
    """The command line of `headrace` with a bug."""
    return [sys.executable, str(Path(__file__)), bug]


if __name__ == "__main__":
    BUGS[sys.argv[1]]()
    sys.exit(main(sys.argv[2:]))
