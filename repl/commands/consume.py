"""`headrace consume`: writes the records of a topic as lines of JSON, also beside a running engine on the same directory."""

import argparse
import sys
import time
from collections.abc import Iterator
from heapq import merge
from typing import TYPE_CHECKING, Any

from headrace.repl.commands.options import add_log, complain, log_url, positive, unknown_topic

if TYPE_CHECKING:
    from headrace.runtime.log.base import Record, TopicLog

POLL_SECONDS = 0.05
"""How often --follow looks for a new version of the log; a look is a read of one page."""

_DESCRIPTION = """\
Write the records of a topic, each a line {"topic","partition","offset","timestamp","key","value","headers"}.
Ends at the current end of the topic, so that without --from-beginning or --follow there is nothing to write."""


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Declare the sub-command."""
    parser = subparsers.add_parser("consume", help="write the records of a topic", description=_DESCRIPTION)
    parser.add_argument("topic", metavar="TOPIC")
    parser.add_argument(
        "--from-beginning", action="store_true", help="start at the first record, not at the current end"
    )
    parser.add_argument("--max", metavar="N", type=positive, help="end after N records")
    parser.add_argument("--follow", action="store_true", help="go on with records that come, until Ctrl-C")
    add_log(parser)
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Run the sub-command; returns the exit code."""
    from headrace.runtime.log.base import LogError
    from headrace.runtime.log.opening import open_log

    url = log_url(args)
    if url == "memory:":
        complain("consume", "The log memory: of this command is empty; give a directory with --log.")
        return 2
    try:
        log = open_log(url, create=False)
        try:
            return _consume(log, args)
        finally:
            log.close()
    except LogError as error:
        complain("consume", error)
        return 1


def _consume(log: "TopicLog", args: argparse.Namespace) -> int:
    from headrace.runtime.files.recordline import write_record

    topic = log.describe(args.topic)
    if topic is None:
        complain("consume", unknown_topic(args.topic, (t.name for t in log.topics())))
        return 1
    offset_of = log.begin_offset if args.from_beginning else log.end_offset
    positions = [offset_of(args.topic, partition) for partition in range(topic.partitions)]
    if not (args.from_beginning or args.follow):
        complain("consume", "Starts at the current end and ends there; --from-beginning or --follow shows records.")
    left = args.max
    try:
        while True:
            version = log.version()
            for partition, record in _records(log, args.topic, positions):
                sys.stdout.write(write_record(args.topic, partition, record) + "\n")
                if left is not None:
                    left -= 1
                    if not left:
                        return 0
            sys.stdout.flush()
            if not args.follow:
                return 0
            while log.version() == version:
                time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        return 0
    finally:
        sys.stdout.flush()


def _records(log: "TopicLog", topic: str, positions: list[int]) -> Iterator[tuple[int, "Record"]]:
    """What there is behind the positions now, partitions merged by timestamp; moves the positions."""
    parts = [_partition(log, topic, partition, positions) for partition in range(len(positions))]
    yield from parts[0] if len(parts) == 1 else merge(*parts, key=lambda found: found[1].timestamp)


def _partition(log: "TopicLog", topic: str, partition: int, positions: list[int]) -> Iterator[tuple[int, "Record"]]:
    end = log.end_offset(topic, partition)
    while positions[partition] < end:
        slice = log.read(topic, partition, positions[partition])
        for record in slice.records:
            if record.offset >= end:
                positions[partition] = record.offset
                return
            yield partition, record
        positions[partition] = slice.next_offset
