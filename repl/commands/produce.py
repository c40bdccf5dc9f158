"""`headrace produce`: appends records to a topic, also beside a running engine on the same directory."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from headrace.repl.commands.options import add_log, complain, log_url, positive, unknown_topic

if TYPE_CHECKING:
    from headrace.runtime.files.recordline import LineRecord
    from headrace.runtime.log.base import Row, TopicLog

_DESCRIPTION = """\
Append records to a topic: one per line, blank lines left out. A line is a value as it stands (JSON, DELIMITED, …),
without a key or with the one that --key names; with --records it is a record as `headrace consume` writes it."""

_TEXT_KEYS = (
    "note: the keys are no JSON strings and are written as text; a source whose KEY is a number cannot read them "
    "(`headrace run --input` and INSERT write keys in the source's format)."
)


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Declare the sub-command."""
    parser = subparsers.add_parser("produce", help="append records to a topic", description=_DESCRIPTION)
    parser.add_argument("topic", metavar="TOPIC")
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="-", help="lines to append; - or nothing: standard input"
    )
    parser.add_argument("--key", metavar="COLUMN", help="take the key, as text, from this field of JSON values")
    parser.add_argument("--records", action="store_true", help="lines are records as `headrace consume` writes them")
    parser.add_argument(
        "--partitions", metavar="N", type=positive, help="create the topic with N partitions where it is not there"
    )
    add_log(parser)
    parser.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Run the sub-command; returns the exit code."""
    from headrace.runtime.files.errors import FileProblem
    from headrace.runtime.log.base import LogError
    from headrace.runtime.log.opening import open_log

    if args.key and args.records:
        complain("produce", "--key and --records exclude each other: records have keys.")
        return 2
    url = log_url(args)
    if url == "memory:":
        complain("produce", "The log memory: is gone when this command ends; give a directory with --log.")
        return 2
    try:
        log = open_log(url, create=args.partitions is not None)
        try:
            return _produce(log, args)
        finally:
            log.close()
    except (LogError, FileProblem) as error:
        complain("produce", error)
        return 1


def _produce(log: "TopicLog", args: argparse.Namespace) -> int:
    from headrace.runtime.clock import SystemClock
    from headrace.runtime.files.lines import Lines
    from headrace.runtime.log.partitioner import Partitioner

    topic = log.describe(args.topic)
    if topic is None and args.partitions:
        topic = log.create_topic(args.topic, args.partitions)
    if topic is None:
        complain("produce", f"{unknown_topic(args.topic, (t.name for t in log.topics()))} --partitions N creates it.")
        return 1
    partition_of = Partitioner(topic.partitions).partition
    clock, lines = SystemClock(), Lines(args.file)
    appended = failed = number = 0
    is_told = args.records or not args.key
    try:
        while (block := lines.read()) is not None:
            placed: dict[int, list[Row]] = {}
            for line in block:
                number += 1
                if not line.strip():
                    continue
                try:
                    record = _record(line.rstrip(b"\r"), args)
                except ValueError as error:
                    failed += 1
                    complain("produce", f"{args.file}:{number}: {error}; the line is left out.")
                    continue
                if not is_told and record.key is not None:
                    is_told = True
                    if f'"{record.key.decode("utf-8", "replace")}"'.encode() not in line:
                        complain("produce", _TEXT_KEYS)
                asked = record.partition
                place = asked if asked is not None and 0 <= asked < topic.partitions else partition_of(record.key)
                timestamp = clock.now_ms() if record.timestamp is None else record.timestamp
                placed.setdefault(place, []).append((timestamp, record.key, record.value, record.headers))
            transaction = log.transaction()
            for partition, rows in placed.items():
                transaction.append(args.topic, partition, rows)
            if placed:
                transaction.commit()
                appended += sum(map(len, placed.values()))
    finally:
        lines.close()
        print(f"{appended:,} record{'' if appended == 1 else 's'} appended to {args.topic}", file=sys.stderr)
    return 1 if failed else 0


def _record(line: bytes, args: argparse.Namespace) -> "LineRecord":
    from headrace.runtime.files.keys import plain_key
    from headrace.runtime.files.recordline import LineRecord, read_record

    if args.records:
        return read_record(line)
    return LineRecord(plain_key(line, args.key) if args.key else None, line)
