"""The command log: what was accepted comes back in order, and what cannot be read is refused."""

import json
from typing import Any

import pytest

from headrace.engine.services import Command
from headrace.runtime.clock import ManualClock
from headrace.runtime.command_log import CommandLog, command_topic
from headrace.runtime.log.base import LogCorrupt
from headrace.runtime.log.memory import MemoryLog


def make_commands(log: MemoryLog) -> CommandLog:
    def append(topic: str, rows: Any) -> None:
        transaction = log.transaction()
        for partition, each in rows.items():
            transaction.append(topic, partition, each)
        transaction.commit()

    return CommandLog(log, "test_", ManualClock(), append)


def test_commands_come_back_in_order() -> None:
    log = MemoryLog()
    commands = [
        Command("CREATE STREAM é;", {"a": "b"}),
        Command("X;", {}, "CSAS_X_1", [{"step": "source", "n": 1}]),
    ]
    written = make_commands(log)

    assert [written.append(c) for c in commands] == [0, 1]

    assert list(make_commands(log).replay()) == [(0, commands[0]), (1, commands[1])]
    assert make_commands(log).next_sequence() == 2


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        (b"headrace", b"{", "offset 1.*cannot be read"),
        (b"headrace", None, "offset 1.*cannot be read"),
        (b"headrace", b"[]", "offset 1.*cannot be read"),
        (b"headrace", b"\xff", "offset 1.*cannot be read"),
        (b"headrace", json.dumps({"version": 1, "sql": 3, "properties": {}}).encode(), "offset 1.*cannot be read"),
        (
            b"headrace",
            json.dumps({"version": 2, "sql": "X;"}).encode(),
            "offset 1.*version 2; this release reads version 1",
        ),
        (b"stream/S/create", b"{}", "offset 1 that is not Headrace's"),
        (None, b"{}", "offset 1 that is not Headrace's"),
    ],
    ids=["torn", "tombstone", "list", "no text", "wrong types", "newer", "ksqlDB's", "no key"],
)
def test_unreadable_commands_are_refused_with_their_offset(
    key: bytes | None, value: bytes | None, message: str
) -> None:
    log = MemoryLog()
    commands = make_commands(log)
    commands.append(Command("A;", {}))
    transaction = log.transaction()
    transaction.append(command_topic("test_"), 0, [(0, key, value, ())])
    transaction.commit()

    replay = commands.replay()

    assert next(replay)[1].sql == "A;"
    with pytest.raises(LogCorrupt, match=message):
        next(replay)


def test_a_truncated_command_topic_is_refused() -> None:
    log = MemoryLog()
    commands = make_commands(log)
    commands.append(Command("A;", {}))
    commands.append(Command("B;", {}))
    transaction = log.transaction()
    transaction.delete_records(command_topic("test_"), 0, 1)
    transaction.commit()

    with pytest.raises(LogCorrupt, match="begins at offset 1"):
        list(commands.replay())
