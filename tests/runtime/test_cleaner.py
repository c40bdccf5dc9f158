"""Retention and compaction, as an engine asks for them."""

from typing import Any

import pytest

from headrace.runtime import cleaner as cleaning
from headrace.runtime.cleaner import Cleaner
from headrace.runtime.log.memory import MemoryLog


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> MemoryLog:
    monkeypatch.setattr(cleaning, "COMPACTED_RECORDS", 4)
    return MemoryLog()


def put(log: MemoryLog, *rows: tuple[int, bytes]) -> None:
    transaction = log.transaction()
    transaction.append("t", 0, [(timestamp, key, b"v", ()) for timestamp, key in rows])
    transaction.commit()


def kept(log: MemoryLog) -> list[tuple[int, Any]]:
    return [(r.timestamp, r.key) for r in log.read("t", 0, log.begin_offset("t", 0)).records]


@pytest.mark.parametrize(
    ("config", "left"),
    [
        ({}, [(0, b"a"), (5, b"a"), (20, b"b"), (20, b"a"), (20, b"b")]),
        ({"retention.ms": "10"}, [(20, b"b"), (20, b"a"), (20, b"b")]),
        ({"cleanup.policy": "compact"}, [(20, b"a"), (20, b"b")]),
    ],
    ids=["keeps all", "retention", "compaction"],
)
def test_what_a_topic_keeps_is_what_its_config_says(
    log: MemoryLog, config: dict[str, str], left: list[tuple[int, bytes]]
) -> None:
    log.create_topic("t", 1, config=config)
    put(log, (0, b"a"), (5, b"a"), (20, b"b"), (20, b"a"), (20, b"b"))

    Cleaner(log).clean()

    assert kept(log) == left


def test_a_compacted_topic_is_left_until_as_much_has_come(log: MemoryLog) -> None:
    log.create_topic("t", 1, config={"cleanup.policy": "compact"})
    put(log, *((n, b"%d" % n) for n in range(10)))
    cleaner = Cleaner(log)
    cleaner.clean()

    put(log, *((n, b"a") for n in range(9)))
    early = cleaner.clean()
    put(log, (9, b"a"))
    late = cleaner.clean()

    assert (early, late) == (0, 9)


def test_a_closed_cleaner_has_ended(log: MemoryLog) -> None:
    cleaner = Cleaner(log, interval=3_600)
    cleaner.start()

    cleaner.close(10)
    cleaner.close(10)

    assert not cleaner._thread.is_alive()
