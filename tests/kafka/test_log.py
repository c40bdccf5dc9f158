"""What the Kafka log does beyond the contract: transactions, fences, following."""

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from headrace.runtime.log.base import LogError, LogLocked, OffsetOutOfRange, Row, TopicLog
from headrace.runtime.log.kafka import KafkaLog
from headrace.runtime.log.kafka.batches import outgoing
from headrace.runtime.log.kafka.producer import Producer, Work

pytestmark = pytest.mark.kafka


@pytest.fixture
def other(servers: str, service_id: str) -> Iterator[KafkaLog]:
    log = KafkaLog(servers, service_id=service_id)
    yield log
    log.close()


def row(number: int) -> Row:
    return number, b"k", b"v%d" % number, ()


def append(log: TopicLog, topic: str, *rows: Row) -> int:
    transaction = log.transaction()
    transaction.append(topic, 0, rows)
    return transaction.commit()[topic, 0]


def read_all(log: TopicLog, topic: str, *, max_records: int = 2_000) -> list[Any]:
    records: list[Any] = []
    offset = 0
    while offset < log.end_offset(topic, 0):
        part = log.read(topic, 0, offset, max_records=max_records)
        assert part.next_offset > offset
        records += part.records
        offset = part.next_offset
    return records


def test_markers_of_transactions_leave_gaps(kafka: KafkaLog) -> None:
    kafka.become_engine()
    kafka.create_topic("orders", 1)

    bases = [append(kafka, "orders", row(n), row(n + 1)) for n in (0, 2, 4)]

    assert bases == [0, 3, 6]
    assert [(r.offset, r.value) for r in read_all(kafka, "orders")] == [
        (0, b"v0"),
        (1, b"v1"),
        (3, b"v2"),
        (4, b"v3"),
        (6, b"v4"),
        (7, b"v5"),
    ]
    assert kafka.end_offset("orders", 0) == 9
    assert [r.offset for r in kafka.read("orders", 0, 2).records] == [3, 4, 6, 7]


def test_everything_of_a_commit_is_there_together(kafka: KafkaLog, other: KafkaLog) -> None:
    kafka.become_engine()
    kafka.create_topic("orders", 2)
    transaction = kafka.transaction()
    transaction.append("orders", 0, [row(0)])
    transaction.append("orders", 1, [row(1)])
    transaction.commit_offsets("group", {("orders", 0): 1})
    transaction.put("table", [(b"a", b"1"), (b"b", b"2")])

    transaction.commit()

    assert [other.read("orders", p, 0).records[0].value for p in (0, 1)] == [b"v0", b"v1"]
    assert other.committed("group") == {("orders", 0): 1}
    assert list(other.scan("table", b"")) == [(b"a", b"1"), (b"b", b"2")]
    kafka.delete_group("group")


class Stop(Exception):
    """Ends a transaction in its middle."""


async def write_half(log: KafkaLog, topic: str) -> None:
    """Write a batch in a transaction and fail before its end."""
    producer = Producer(log._cluster, f"{topic}-half", timeout_ms=60_000)
    await producer.begin()

    async def fail(*_: object) -> None:
        raise Stop

    producer._set_offsets = fail  # type: ignore[method-assign]
    await producer.commit(Work({(topic, 0): outgoing([row(100), row(101)])}, {"group": {(topic, 0): 1}}))


def test_abort_sends_the_end_and_readers_go_on(kafka: KafkaLog) -> None:
    kafka.create_topic("orders", 1)
    append(kafka, "orders", row(0))

    with pytest.raises(Stop):
        kafka._thread.call(write_half(kafka, "orders"))
    append(kafka, "orders", row(1))

    assert [(r.offset, r.value) for r in read_all(kafka, "orders", max_records=1)] == [(0, b"v0"), (4, b"v1")]


def test_second_engine_fences_the_first(kafka: KafkaLog, other: KafkaLog) -> None:
    kafka.create_topic("orders", 1)
    kafka.become_engine()
    append(kafka, "orders", row(0))
    other.become_engine()

    with pytest.raises(LogLocked, match="Another engine has taken the place"):
        append(kafka, "orders", row(1))
    with pytest.raises(LogLocked, match=r"service\.id"):
        append(kafka, "orders", row(2))

    assert append(other, "orders", row(3)) == 2
    assert [r.value for r in read_all(other, "orders")] == [b"v0", b"v3"]


def test_transaction_that_the_broker_timed_out_is_no_fence(kafka: KafkaLog) -> None:
    kafka.create_topic("orders", 1)
    kafka.become_engine()
    append(kafka, "orders", row(0))
    assert kafka._engine is not None

    async def bump() -> None:
        """What a time-out does: the broker moves the epoch on, and our next request is refused."""
        assert kafka._engine is not None
        old = kafka._engine._epoch
        await kafka._engine.begin()
        kafka._engine._epoch = old

    kafka._thread.call(bump())

    with pytest.raises(LogError, match="it is tried again"):
        append(kafka, "orders", row(1))
    append(kafka, "orders", row(2))

    assert [r.value for r in read_all(kafka, "orders")] == [b"v0", b"v2"]


def test_version_moves_when_another_process_appends(kafka: KafkaLog, other: KafkaLog) -> None:
    kafka.create_topic("orders", 1)
    kafka.end_offset("orders", 0)
    version = kafka.version()

    async def moved() -> None:
        while kafka.version() == version:
            await asyncio.sleep(0.005)

    append(other, "orders", row(0))
    asyncio.run(asyncio.wait_for(moved(), 5))

    assert kafka.end_offset("orders", 0) == 1
    assert [r.value for r in kafka.read("orders", 0, 0).records] == [b"v0"]


def test_several_readers_of_a_partition(kafka: KafkaLog) -> None:
    kafka.create_topic("orders", 1)
    rows = [row(n) for n in range(5_000)]
    for start in range(0, 5_000, 1_000):
        append(kafka, "orders", *rows[start : start + 1_000])
    assert kafka.end_offset("orders", 0) == 5_000
    positions = [0, 1_000, 0]
    seen: list[list[int]] = [[], [], []]

    for reader in [0, 1, 2] * 5:
        part = kafka.read("orders", 0, positions[reader], max_records=500)
        seen[reader] += [record.offset for record in part.records]
        positions[reader] = part.next_offset

    assert seen == [list(range(5_000)), list(range(1_000, 5_000)), list(range(5_000))]


def test_topic_made_anew_is_read_from_its_start(kafka: KafkaLog) -> None:
    kafka.create_topic("orders", 1)
    append(kafka, "orders", row(0), row(1))
    assert len(read_all(kafka, "orders")) == 2

    kafka.delete_topic("orders")
    kafka.create_topic("orders", 1)
    append(kafka, "orders", row(7))

    assert [r.value for r in read_all(kafka, "orders")] == [b"v7"]
    with pytest.raises(OffsetOutOfRange, match="0 to 1, not 2"):
        kafka.read("orders", 0, 2)


def test_nobody_listens() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{bound.getsockname()[1]}"

        with pytest.raises(LogError, match=f'Kafka at "{address}" did not answer .* check the address'):
            KafkaLog(address, deadline_s=0.1)
