"""Queries on Kafka give the embedded log's results, and kill -9 loses nothing and repeats nothing."""

import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import headrace
from headrace.runtime.engine import Engine
from headrace.runtime.log.base import Row, TopicLog
from headrace.runtime.log.kafka import KafkaLog
from headrace.runtime.log.memory import MemoryLog
from headrace.runtime.log.partitioner import Partitioner

pytestmark = pytest.mark.kafka

CHILD = Path(__file__).with_name("child.py")
PARTITIONS = 3
KEEP = {"retention.ms": "-1"}
SQL = """
SET 'auto.offset.reset' = 'earliest';
SET 'cache.max.bytes.buffering' = '0';
CREATE STREAM bids (id VARCHAR KEY, auction INT, price INT) WITH (KAFKA_TOPIC='PREFIXbids', VALUE_FORMAT='JSON');
CREATE STREAM dear WITH (KAFKA_TOPIC='PREFIXdear') AS SELECT id, auction, price * 2 AS twice FROM bids WHERE price > 500;
CREATE TABLE counts WITH (KAFKA_TOPIC='PREFIXcounts') AS SELECT id, COUNT(*) AS n, SUM(price) AS total FROM bids GROUP BY id;
CREATE TABLE windows WITH (KAFKA_TOPIC='PREFIXwindows') AS
    SELECT auction, COUNT(*) AS n FROM bids WINDOW TUMBLING (SIZE 10 SECONDS) GROUP BY auction;
CREATE TABLE dear_counts WITH (KAFKA_TOPIC='PREFIXdear_counts') AS SELECT id, COUNT(*) AS n FROM dear GROUP BY id;
"""
SINKS = ("dear", "counts", "windows", "dear_counts")


def sql(prefix: str = "") -> str:
    return SQL.replace("PREFIX", prefix)


def bids(count: int) -> dict[int, list[Row]]:
    """Rows by partition; prices and auctions follow from the number."""
    place = Partitioner(PARTITIONS).partition
    rows: dict[int, list[Row]] = defaultdict(list)
    for n in range(count):
        key = b"k%d" % (n % 31)
        value = json.dumps({"auction": n * 7 % 20, "price": n * 7919 % 1000}).encode()
        rows[place(key)].append((1_700_000_000_000 + n * 10, key, value, ()))
    return rows


def fill(log: TopicLog, count: int, *, prefix: str = "") -> None:
    # Sinks of tables would be compacted, in the midst of being compared.
    for topic in ("bids", *SINKS):
        log.create_topic(prefix + topic, PARTITIONS, config=KEEP)
    transaction = log.transaction()
    for partition, rows in bids(count).items():
        transaction.append(f"{prefix}bids", partition, rows)
    transaction.commit()


def contents(log: TopicLog, topic: str) -> dict[bytes | None, list[tuple[int, bytes | None]]]:
    """What every key got, in order."""
    found: dict[bytes | None, list[tuple[int, bytes | None]]] = defaultdict(list)
    for partition in range(PARTITIONS):
        offset = 0
        while offset < log.end_offset(topic, partition):
            part = log.read(topic, partition, offset)
            for record in part.records:
                found[record.key].append((record.timestamp, record.value))
            offset = part.next_offset
    return found


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    """By sink and size of the input, the answer on the log in memory."""
    answers: dict[str, Any] = {}
    for count in (2_000, 60_000):
        log = MemoryLog()
        fill(log, count)
        with Engine(log) as engine:
            engine.execute(sql())
            assert engine.wait_idle(60)
            answers.update({f"{topic} {count}": contents(log, topic) for topic in SINKS})
    return answers


@contextmanager
def child(log: KafkaLog, service_id: str, script: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(CHILD), log.url, service_id, str(script)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def progress(log: KafkaLog, topic: str) -> int:
    return sum(log.end_offset(topic, p) for p in range(PARTITIONS))


def test_same_results_as_in_memory(servers: str, kafka: KafkaLog, service_id: str, expected: dict[str, Any]) -> None:
    fill(kafka, 2_000, prefix=service_id)

    with headrace.open(f"kafka://{servers}", service_id=service_id) as engine:
        engine.execute(sql(service_id))
        assert engine.wait_idle(60)

    for topic in SINKS:
        assert contents(kafka, service_id + topic) == expected[f"{topic} 2000"], topic


def test_pull_query_after_a_restart(servers: str, kafka: KafkaLog, service_id: str) -> None:
    fill(kafka, 2_000, prefix=service_id)
    answers = []

    for _ in range(2):
        with headrace.open(f"kafka://{servers}", service_id=service_id) as engine:
            if not answers:
                engine.execute(sql(service_id))
            assert engine.wait_idle(60)
            [result] = engine.execute("SELECT n, total FROM counts WHERE id = 'k3';")
            answers.append([row.values for row in result.rows])

    assert answers[0] == answers[1] == [(65, sum(n * 7919 % 1000 for n in range(3, 2_000, 31)))]


def test_kill_9_loses_and_repeats_nothing(
    kafka: KafkaLog, service_id: str, expected: dict[str, Any], tmp_path: Path
) -> None:
    fill(kafka, 60_000, prefix=service_id)
    script = tmp_path / "script.sql"
    script.write_text(sql(service_id))
    done = 0

    for _ in range(4):
        with child(kafka, service_id, script):
            deadline = time.monotonic() + 30
            while progress(kafka, f"{service_id}dear") <= done:
                assert time.monotonic() < deadline, "no progress"
            done = progress(kafka, f"{service_id}dear")
    with child(kafka, service_id, script) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "idle\n"

    for topic in SINKS:
        assert contents(kafka, service_id + topic) == expected[f"{topic} 60000"], topic
