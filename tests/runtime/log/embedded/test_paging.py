"""Long work goes in pages."""

from pathlib import Path

import pytest

from headrace.runtime.log.base import LogFull, Row, UnknownTopic
from headrace.runtime.log.embedded import EmbeddedLog, retention
from headrace.runtime.log.embedded import log as embedded
from headrace.runtime.log.embedded.environment import Environment

ROW: Row = (0, b"k", b"v" * 1_000, ())


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedLog:
    monkeypatch.setattr(retention, "PAGE_BATCHES", 4)
    monkeypatch.setattr(embedded, "_PAGE_HEADERS", 5)
    opened = EmbeddedLog(tmp_path)
    opened.create_topic("orders", 2, config={"retention.ms": "10"})
    for number in range(23):
        transaction = opened.transaction()
        transaction.append("orders", 0, [(number, b"k", b"v", ())] * 2)
        transaction.append("orders", 1, [(number, b"k", b"v", ())])
        transaction.commit()
    return opened


def entries(log: EmbeddedLog, database: str) -> int:
    environment = log._environment
    with environment.read() as txn:
        return txn.stat(environment.lmdb.open_db(database.encode(), txn=txn))["entries"]


def test_deleting_a_topic_deletes_all_its_batches(log: EmbeddedLog) -> None:
    log.delete_topic("orders")

    assert (entries(log, "batches"), entries(log, "partitions")) == (0, 0)
    with log._environment.read() as txn:
        assert log._environment.topics.dropped(txn) == []
    log.close()


def test_deleting_is_finished_by_the_next_engine(log: EmbeddedLog, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(environment: Environment) -> None:
        raise LogFull("killed here")

    with monkeypatch.context() as patched:
        patched.setattr(retention, "sweep_dropped", stop)
        with pytest.raises(LogFull):
            log.delete_topic("orders")
    with pytest.raises(UnknownTopic):
        log.read("orders", 0, 0)
    assert entries(log, "batches") == 46

    log.become_engine()

    assert entries(log, "batches") == 0
    log.close()


def test_expiring_over_several_pages(log: EmbeddedLog) -> None:
    assert log.expire("orders") == 12 * 3
    assert (log.begin_offset("orders", 0), log.begin_offset("orders", 1)) == (24, 12)
    log.close()


@pytest.mark.parametrize(("timestamp", "offset"), [(0, 0), (11, 22), (22, 44), (23, 46)])
def test_finding_a_time_over_several_pages(log: EmbeddedLog, timestamp: int, offset: int) -> None:
    assert log.offset_for_time("orders", 0, timestamp) == offset
    log.close()


def test_scanning_and_dropping_over_several_pages(log: EmbeddedLog) -> None:
    keys = [b"%04d" % number for number in range(33)]
    transaction = log.transaction()
    transaction.put("table", [(key, key) for key in keys])
    transaction.commit()

    assert [key for key, _ in log.scan("table", b"00", limit=23)] == keys[:23]

    retention.drop_pairs(log._environment, "table", b"001", page=3)
    assert [key for key, _ in log.scan("table", b"")] == keys[:10] + keys[20:]
    log.close()


def test_reading_is_cut_after_some_bytes(log: EmbeddedLog) -> None:
    log.create_topic("large", 1)
    transaction = log.transaction()
    transaction.append("large", 0, [(0, None, bytes(1_500_000), ())] * 8)
    transaction.commit()

    found = log.read("large", 0, 0)

    assert (len(found.records), found.next_offset) == (3, 3)
    log.close()
