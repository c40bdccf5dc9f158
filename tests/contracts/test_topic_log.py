"""The contract of every topic log. A new backend is one more entry in `BACKENDS`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from headrace.runtime.log.base import (
    LogConflict,
    LogError,
    OffsetOutOfRange,
    Row,
    TopicExists,
    TopicLog,
    UnknownTopic,
)
from headrace.runtime.log.embedded import EmbeddedLog
from headrace.runtime.log.memory import MemoryLog

BACKENDS: dict[str, Callable[[Path], TopicLog]] = {
    "memory": lambda directory: MemoryLog(),
    "embedded": lambda directory: EmbeddedLog(directory / "log"),
    "embedded-zstd": lambda directory: EmbeddedLog(directory / "log", compression="zstd"),
}


NOT_ON_KAFKA = {
    "test_created_topic_is_described": "a test broker is alone and cannot keep two replicas",
    "test_expected_offset_that_holds": "is_gapless is False: offsets cannot be expected",
    "test_expected_offset_that_does_not_hold": "is_gapless is False: offsets cannot be expected",
    "test_expire": "the broker expires by itself, when it sees fit",
    "test_age_is_measured_against_the_highest_timestamp_of_all_partitions": "the broker measures age by its clock",
    "test_compact_keeps_the_last_record_of_each_key_at_its_offset": "the broker compacts by itself, when it sees fit",
    "test_compact_keeps_null_keys_and_young_tombstones": "the broker compacts by itself, when it sees fit",
    "test_compact_drops_old_tombstones": "the broker compacts by itself, when it sees fit",
    "test_compact_keeps_timestamps_and_headers": "the broker compacts by itself, when it sees fit",
    "test_reading_over_gaps": "the broker compacts by itself; tests/kafka reads over the gaps of transactions",
    "test_appending_after_compaction_goes_on_at_the_end": "the broker compacts by itself, when it sees fit",
}


@pytest.fixture(params=[*BACKENDS, pytest.param("kafka", marks=pytest.mark.kafka)])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TopicLog]:
    if request.param == "kafka":
        if reason := NOT_ON_KAFKA.get(request.node.originalname):
            pytest.skip(reason)
        yield request.getfixturevalue("kafka")
        return
    opened = BACKENDS[request.param](tmp_path)
    yield opened
    opened.close()


def row(number: int, *, key: bytes | None = b"k", timestamp: int | None = None) -> Row:
    return (1_000 + number if timestamp is None else timestamp, key, b"v%d" % number, ())


def append(log: TopicLog, topic: str, partition: int, *rows: Row) -> int:
    transaction = log.transaction()
    transaction.append(topic, partition, rows)
    return transaction.commit()[topic, partition]


def read_all(log: TopicLog, topic: str, partition: int = 0, *, offset: int = 0, max_records: int = 2_000) -> list:
    records = []
    while offset < log.end_offset(topic, partition):
        found = log.read(topic, partition, offset, max_records=max_records)
        records += found.records
        assert found.next_offset > offset
        offset = found.next_offset
    return records


def offsets(log: TopicLog, topic: str, partition: int = 0) -> list[int]:
    return [record.offset for record in read_all(log, topic, partition, offset=log.begin_offset(topic, partition))]


# Topics


def test_created_topic_is_described(log: TopicLog) -> None:
    created = log.create_topic("orders", 3, replicas=2, config={"retention.ms": "5"})

    assert log.describe("orders") == created
    assert (created.name, created.partitions, created.replicas, created.config) == (
        "orders",
        3,
        2,
        {"retention.ms": "5"},
    )


def test_topics_are_listed_by_name(log: TopicLog) -> None:
    for name in ("b", "c", "a"):
        log.create_topic(name, 1)

    assert [topic.name for topic in log.topics() if len(topic.name) == 1] == ["a", "b", "c"]


def test_topic_cannot_be_made_twice(log: TopicLog) -> None:
    log.create_topic("orders", 1)

    with pytest.raises(TopicExists, match='"orders"'):
        log.create_topic("orders", 2)


@pytest.mark.parametrize("name", ["", ".", "..", "x" * 250, "a\nb", "\0"], ids=repr)
def test_bad_topic_name_is_refused(log: TopicLog, name: str) -> None:
    with pytest.raises(LogError, match="no name for a topic"):
        log.create_topic(name, 1)


@pytest.mark.parametrize("partitions", [0, -1, 100_000])
def test_bad_number_of_partitions_is_refused(log: TopicLog, partitions: int) -> None:
    with pytest.raises(LogError, match="partitions"):
        log.create_topic("orders", partitions)


@pytest.mark.parametrize(
    ("name", "value"),
    [("cleanup.policy", "forget"), ("retention.ms", "soon"), ("retention.bytes", "1e3")],
)
def test_bad_config_is_refused_when_the_topic_is_made(log: TopicLog, name: str, value: str) -> None:
    with pytest.raises(LogError, match=f'"{name}".*"{value}"'):
        log.create_topic("orders", 1, config={name: value})


def test_unknown_topic_is_none_or_an_error(log: TopicLog) -> None:
    assert log.describe("nope") is None
    for call in (
        lambda: log.read("nope", 0, 0),
        lambda: log.end_offset("nope", 0),
        lambda: log.begin_offset("nope", 0),
        lambda: log.offset_for_time("nope", 0, 0),
        lambda: log.delete_topic("nope"),
        lambda: log.expire("nope"),
        lambda: log.compact("nope"),
        lambda: append(log, "nope", 0, row(0)),
    ):
        with pytest.raises(UnknownTopic, match='"nope"'):
            call()


@pytest.mark.parametrize("partition", [-1, 2])
def test_unknown_partition_is_an_error(log: TopicLog, partition: int) -> None:
    log.create_topic("orders", 2)

    with pytest.raises(LogError, match="partition"):
        log.read("orders", partition, 0)
    with pytest.raises(LogError, match="partition"):
        append(log, "orders", partition, row(0))


def test_topic_made_anew_is_empty_and_another(log: TopicLog) -> None:
    first = log.create_topic("orders", 1)
    append(log, "orders", 0, row(0))
    transaction = log.transaction()
    transaction.commit_offsets("group", {("orders", 0): 1})
    transaction.commit()

    log.delete_topic("orders")
    second = log.create_topic("orders", 1)

    assert second.id != first.id
    assert log.end_offset("orders", 0) == 0
    assert log.committed("group") == {}


# Records


def test_records_come_back_as_they_were(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    rows: list[Row] = [
        (5, b"key", b"value", ()),
        (-7, None, b"", [("trace", b"\x00\xff"), ("empty", None), ("näme", b"")]),
        (253_402_300_799_999, b"", None, [("a", b"1"), ("a", b"2")]),
    ]

    append(log, "orders", 0, *rows)

    records = log.read("orders", 0, 0).records
    assert [(r.timestamp, r.key, r.value, tuple(r.headers)) for r in records] == [
        (timestamp, key, value, tuple(headers)) for timestamp, key, value, headers in rows
    ]
    assert [record.offset for record in records] == [0, 1, 2]


@pytest.mark.parametrize(
    "timestamps", [[-1], [-1, 5], [5, -1, 7], [-1, -1, 5, 6], [0, -1]], ids=lambda timestamps: str(timestamps)
)
def test_timestamp_minus_one_is_kept(log: TopicLog, timestamps: list[int]) -> None:
    log.create_topic("orders", 1)

    append(log, "orders", 0, *(row(n, timestamp=timestamp) for n, timestamp in enumerate(timestamps)))

    assert [record.timestamp for record in read_all(log, "orders")] == timestamps


def test_commit_returns_base_offsets(log: TopicLog) -> None:
    log.create_topic("orders", 2)
    append(log, "orders", 1, row(0), row(1))

    transaction = log.transaction()
    transaction.append("orders", 0, [row(0)])
    transaction.append("orders", 1, [row(2)])
    transaction.append("orders", 1, [row(3)])

    assert transaction.commit() == {("orders", 0): 0, ("orders", 1): 2}
    assert [record.value for record in read_all(log, "orders", 1)] == [b"v0", b"v1", b"v2", b"v3"]


def test_rows_may_be_reused_after_append(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    rows = [row(0)]
    transaction = log.transaction()

    transaction.append("orders", 0, rows)
    rows.clear()
    transaction.commit()

    assert len(read_all(log, "orders")) == 1


def test_empty_commit_and_empty_append(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    append(log, "orders", 0, row(0))
    transaction = log.transaction()
    transaction.append("orders", 0, [])

    assert log.transaction().commit() == {}
    assert transaction.commit() == {("orders", 0): 1}
    assert log.end_offset("orders", 0) == 1


def test_transaction_is_committed_once(log: TopicLog) -> None:
    transaction = log.transaction()
    transaction.commit()

    with pytest.raises(LogError, match="already"):
        transaction.commit()


def test_nothing_is_visible_before_commit(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    transaction = log.transaction()
    transaction.append("orders", 0, [row(0)])
    transaction.commit_offsets("group", {("orders", 0): 1})
    transaction.put("table", [(b"k", b"v")])

    assert (log.end_offset("orders", 0), log.committed("group"), log.get("table", b"k")) == (0, {}, None)


def test_failed_commit_writes_nothing(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    transaction = log.transaction()
    transaction.append("orders", 0, [row(0)])
    transaction.put("table", [(b"k", b"v")])
    transaction.append("gone", 0, [row(0)])

    with pytest.raises(UnknownTopic):
        transaction.commit()
    assert (log.end_offset("orders", 0), log.get("table", b"k")) == (0, None)


def test_expected_offset_that_holds(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    append(log, "orders", 0, row(0))
    transaction = log.transaction()

    transaction.append("orders", 0, [row(1), row(2)], expected_offset=1)
    transaction.append("orders", 0, [row(3)], expected_offset=3)

    assert transaction.commit() == {("orders", 0): 1}


def test_expected_offset_that_does_not_hold(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    log.create_topic("other", 1)
    transaction = log.transaction()
    transaction.append("other", 0, [row(0)])
    transaction.append("orders", 0, [row(1)], expected_offset=0)
    append(log, "orders", 0, row(0))

    with pytest.raises(LogConflict, match="orders-0"):
        transaction.commit()
    assert log.end_offset("other", 0) == 0


# Reading


def test_read_begins_inside_a_batch(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    append(log, "orders", 0, *map(row, range(10)))
    append(log, "orders", 0, *map(row, range(10, 15)))

    found = log.read("orders", 0, 7)

    assert [record.offset for record in found.records] == list(range(7, 15))
    assert found.next_offset == 15


def test_read_is_cut_after_about_max_records(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    for start in range(0, 100, 5):
        append(log, "orders", 0, *map(row, range(start, start + 5)))

    found = log.read("orders", 0, 3, max_records=10)

    assert [record.offset for record in found.records][:10] == list(range(3, 13))
    assert 10 <= len(found.records) < 15
    assert found.next_offset == 3 + len(found.records)


def test_read_gives_at_least_one_record(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    append(log, "orders", 0, row(0), row(1))

    assert len(log.read("orders", 0, 0, max_records=0).records) >= 1


def test_many_rows_make_several_batches(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    append(log, "orders", 0, *map(row, range(4_321)))

    records = read_all(log, "orders", max_records=500)

    assert [record.offset for record in records] == list(range(4_321))
    assert len(log.read("orders", 0, 0, max_records=500).records) < 4_321


def test_large_records(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    rows: list[Row] = [(0, b"k", bytes([n]) * size, ()) for n, size in enumerate((700_000, 700_000, 3_000_000, 1))]
    append(log, "orders", 0, *rows)

    assert [record.value for record in read_all(log, "orders")] == [value for _, _, value, _ in rows]


def test_read_at_the_end_is_empty(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    append(log, "orders", 0, row(0))

    found = log.read("orders", 0, 1)

    assert (list(found.records), found.next_offset) == ([], 1)


@pytest.mark.parametrize("offset", [-1, 3])
def test_read_out_of_range(log: TopicLog, offset: int) -> None:
    log.create_topic("orders", 1)
    append(log, "orders", 0, row(0), row(1))

    with pytest.raises(OffsetOutOfRange, match=str(offset)):
        log.read("orders", 0, offset)


def test_partitions_and_topics_do_not_mix(log: TopicLog) -> None:
    for name in ("a", "b"):
        log.create_topic(name, 2)
    for name, partition in (("a", 0), ("a", 1), ("b", 0), ("b", 1)):
        append(log, name, partition, (0, None, f"{name}{partition}".encode(), ()))

    assert [read_all(log, name, p)[0].value for name in ("a", "b") for p in (0, 1)] == [b"a0", b"a1", b"b0", b"b1"]
    assert len(read_all(log, "a", 0)) == 1


@pytest.mark.parametrize(
    ("timestamp", "offset"), [(0, 0), (100, 0), (101, 1), (300, 2), (301, 4), (500, 5), (501, 6)], ids=str
)
def test_offset_for_time(log: TopicLog, timestamp: int, offset: int) -> None:
    log.create_topic("orders", 1)
    append(log, "orders", 0, *(row(n, timestamp=t) for n, t in enumerate((100, 200, 300))))
    append(log, "orders", 0, *(row(n, timestamp=t) for n, t in enumerate((50, 400, 500))))

    assert log.offset_for_time("orders", 0, timestamp) == offset


# Deleting


def three_commits(log: TopicLog, config: dict[str, str] | None = None) -> None:
    log.create_topic("orders", 1, config=config)
    for start in (0, 10, 20):
        append(log, "orders", 0, *map(row, range(start, start + 10)))


@pytest.mark.parametrize(("before", "begin"), [(0, 0), (10, 10), (20, 20), (30, 30), (99, 30)])
def test_delete_records(log: TopicLog, before: int, begin: int) -> None:
    three_commits(log)
    transaction = log.transaction()
    transaction.delete_records("orders", 0, before)
    transaction.commit()

    assert (log.begin_offset("orders", 0), log.end_offset("orders", 0)) == (begin, 30)
    assert offsets(log, "orders") == list(range(begin, 30))


def test_deleted_offsets_are_out_of_range(log: TopicLog) -> None:
    three_commits(log)
    transaction = log.transaction()
    transaction.delete_records("orders", 0, 20)
    transaction.commit()

    with pytest.raises(OffsetOutOfRange, match="20 to 30"):
        log.read("orders", 0, 19)


def test_delete_records_in_the_midst_of_a_batch_keeps_what_comes_after(log: TopicLog) -> None:
    three_commits(log)
    transaction = log.transaction()
    transaction.delete_records("orders", 0, 15)
    transaction.commit()

    assert 10 <= log.begin_offset("orders", 0) <= 15
    assert offsets(log, "orders")[-15:] == list(range(15, 30))


def test_append_goes_on_after_everything_was_deleted(log: TopicLog) -> None:
    three_commits(log)
    transaction = log.transaction()
    transaction.append("orders", 0, [row(30)])
    transaction.delete_records("orders", 0, 99)

    assert transaction.commit() == {("orders", 0): 30}
    assert offsets(log, "orders") == [30]


@pytest.mark.parametrize(
    ("config", "begin"),
    [
        ({}, 0),
        ({"retention.ms": "-1"}, 0),
        ({"retention.ms": "15"}, 10),
        ({"retention.ms": "0"}, 20),
        ({"retention.ms": "1000"}, 0),
        ({"retention.ms": "15", "cleanup.policy": "compact"}, 0),
        ({"retention.ms": "15", "cleanup.policy": "compact,delete"}, 10),
        ({"retention.bytes": "1000000"}, 0),
        ({"retention.bytes": "0"}, 30),
    ],
    ids=str,
)
def test_expire(log: TopicLog, config: dict[str, str], begin: int) -> None:
    log.create_topic("orders", 1, config=config)
    for start in (0, 10, 20):
        append(log, "orders", 0, *(row(n, timestamp=start) for n in range(10)))

    gone = log.expire("orders")

    assert (log.begin_offset("orders", 0), gone) == (begin, begin)
    assert offsets(log, "orders") == list(range(begin, 30))


def test_age_is_measured_against_the_highest_timestamp_of_all_partitions(log: TopicLog) -> None:
    log.create_topic("orders", 2, config={"retention.ms": "100"})
    append(log, "orders", 0, row(0, timestamp=1_000))
    append(log, "orders", 1, row(0, timestamp=2_000))

    assert log.expire("orders") == 1
    assert (log.begin_offset("orders", 0), log.begin_offset("orders", 1)) == (1, 0)


def compacted(log: TopicLog, *rows: Row, config: dict[str, str] | None = None) -> list[tuple[int, bytes | None]]:
    log.create_topic("orders", 1, config={"cleanup.policy": "compact", **(config or {})})
    for start in range(0, len(rows), 3):
        append(log, "orders", 0, *rows[start : start + 3])
    log.compact("orders")
    return [(record.offset, record.value) for record in read_all(log, "orders")]


def test_compact_keeps_the_last_record_of_each_key_at_its_offset(log: TopicLog) -> None:
    keys = [b"a", b"b", b"a", b"a", b"a", b"a", b"c", b"b", None]

    left = compacted(log, *(row(n, key=key) for n, key in enumerate(keys)))

    assert left == [(5, b"v5"), (6, b"v6"), (7, b"v7"), (8, b"v8")]
    assert (log.begin_offset("orders", 0), log.end_offset("orders", 0)) == (0, 9)


def test_compact_keeps_null_keys_and_young_tombstones(log: TopicLog) -> None:
    rows: list[Row] = [(1, None, b"x", ()), (2, b"a", b"y", ()), (3, b"a", None, ()), (4, b"b", b"z", ())]

    assert compacted(log, *rows) == [(0, b"x"), (2, None), (3, b"z")]


def test_compact_drops_old_tombstones(log: TopicLog) -> None:
    rows: list[Row] = [(1, b"a", b"x", ()), (2, b"a", None, ()), (1_000, b"b", b"y", ())]

    assert compacted(log, *rows, config={"delete.retention.ms": "100"}) == [(2, b"y")]


def test_compact_leaves_other_topics_alone(log: TopicLog) -> None:
    three_commits(log)

    assert log.compact("orders") == 0
    assert offsets(log, "orders") == list(range(30))


def test_compact_keeps_timestamps_and_headers(log: TopicLog) -> None:
    rows: list[Row] = [(9, b"a", b"x", ()), (-1, b"b", b"y", [("h", b"1")]), (7, b"c", None, ()), (8, b"a", b"z", ())]
    compacted(log, *rows)

    assert [(r.timestamp, r.key, list(r.headers)) for r in read_all(log, "orders")] == [
        (-1, b"b", [("h", b"1")]),
        (7, b"c", []),
        (8, b"a", []),
    ]


@pytest.mark.parametrize("offset", range(7))
def test_reading_over_gaps(log: TopicLog, offset: int) -> None:
    keys = [b"a", b"b", b"a", b"a", b"c", b"a"]
    compacted(log, *(row(n, key=key) for n, key in enumerate(keys)))

    found = read_all(log, "orders", offset=offset)

    assert [record.offset for record in found] == [kept for kept in (1, 4, 5) if kept >= offset]


def test_appending_after_compaction_goes_on_at_the_end(log: TopicLog) -> None:
    compacted(log, row(0, key=b"a"), row(1, key=b"a"))

    assert append(log, "orders", 0, row(2, key=b"a")) == 2
    assert offsets(log, "orders") == [1, 2]


# Offsets of groups


def test_committed_offsets(log: TopicLog) -> None:
    log.create_topic("orders", 3)
    log.create_topic("other", 1)
    for group, committed in (
        ("g", {("orders", 0): 5, ("orders", 2): 7}),
        ("g", {("orders", 2): 8, ("other", 0): 1}),
        ("g2", {("orders", 0): 1}),
    ):
        transaction = log.transaction()
        transaction.commit_offsets(group, committed)
        transaction.commit()

    assert log.committed("g") == {("orders", 0): 5, ("orders", 2): 8, ("other", 0): 1}
    assert log.committed("g2") == {("orders", 0): 1}
    assert log.committed("none") == {}


def test_deleted_group_has_no_offsets(log: TopicLog) -> None:
    log.create_topic("orders", 2)
    transaction = log.transaction()
    transaction.commit_offsets("g", {("orders", 0): 5, ("orders", 1): 6})
    transaction.commit_offsets("gg", {("orders", 0): 5})
    transaction.commit()

    log.delete_group("g")

    assert (log.committed("g"), log.committed("gg")) == ({}, {("orders", 0): 5})


def test_long_group_names(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    names = ["q" * 600, "q" * 600 + "a", "q" * 601]
    for number, name in enumerate(names):
        transaction = log.transaction()
        transaction.commit_offsets(name, {("orders", 0): number})
        transaction.commit()

    assert [log.committed(name) for name in names] == [{("orders", 0): n} for n in range(3)]


# Tables

LONG = b"p" * 480
KEYS = sorted(
    {
        b"",
        b"a",
        b"a\x00",
        b"ab",
        b"b",
        b"\xff" * 3,
        LONG[:-1],
        LONG,
        LONG + b"\x00",
        LONG + b"\x00\x00",
        LONG + b"\x01",
        LONG + b"q",
        LONG + b"q" * 480,
        LONG + b"q" * 480 + b"\x00",
        LONG + b"q" * 2_000,
        LONG[:-1] + b"q" + b"x" * 100,
        b"p" * 511,
        b"p" * 512,
        b"z" * 5_000,
    }
)


def filled(log: TopicLog) -> TopicLog:
    transaction = log.transaction()
    transaction.put("table", ((key, b"=" + key) for key in reversed(KEYS)))
    transaction.put("table2", [(b"a", b"other")])
    transaction.commit()
    return log


@pytest.mark.parametrize("key", KEYS, ids=lambda key: f"{key[:1]!r}-{len(key)}")
def test_get_put_and_delete(log: TopicLog, key: bytes) -> None:
    filled(log)
    assert log.get("table", key) == b"=" + key

    transaction = log.transaction()
    transaction.put("table", [(key, b"new"), (key, None)])
    transaction.commit()

    assert log.get("table", key) is None
    assert [found for found, _ in log.scan("table", b"")] == [other for other in KEYS if other != key]


@pytest.mark.parametrize("limit", [1, 2, 3, 1_000])
@pytest.mark.parametrize("prefix", [b"", b"a", b"p", LONG, LONG + b"q", LONG + b"q" * 480, b"zz", b"none"], ids=len)
def test_scan_in_pages(log: TopicLog, prefix: bytes, limit: int) -> None:
    filled(log)
    found: list[tuple[bytes, bytes]] = []
    while page := log.scan("table", prefix, after=found[-1][0] if found else None, limit=limit):
        assert len(page) <= limit
        found += page

    assert found == [(key, b"=" + key) for key in KEYS if key.startswith(prefix)]


@pytest.mark.parametrize("after", [*KEYS, b"p" * 700, b"0"], ids=lambda key: f"{key[:1]!r}-{len(key)}")
def test_scan_after_a_key(log: TopicLog, after: bytes) -> None:
    filled(log)

    assert [key for key, _ in log.scan("table", b"", after=after)] == [key for key in KEYS if key > after]


@pytest.mark.parametrize("prefix", [b"", b"a", b"p", LONG, LONG + b"q" * 480, b"none"], ids=len)
def test_drop_table(log: TopicLog, prefix: bytes) -> None:
    filled(log)

    log.drop_table("table", prefix)

    assert [key for key, _ in log.scan("table", b"")] == [key for key in KEYS if not key.startswith(prefix)]
    assert log.get("table2", b"a") == b"other"


def test_unknown_table_is_empty(log: TopicLog) -> None:
    log.drop_table("none", b"")

    assert (log.get("none", b"k"), list(log.scan("none", b""))) == (None, [])


def test_last_of_several_puts_wins(log: TopicLog) -> None:
    transaction = log.transaction()
    transaction.put("table", [(b"a", b"1"), (b"b", None), (b"a", b"2")])
    transaction.put("table", [(b"b", b"3"), (b"c", b"")])
    transaction.commit()

    assert list(log.scan("table", b"")) == [(b"a", b"2"), (b"b", b"3"), (b"c", b"")]


# Life


def test_version_grows_with_every_change(log: TopicLog) -> None:
    versions = [log.version()]
    log.create_topic("orders", 1)
    versions.append(log.version())
    append(log, "orders", 0, row(0))
    versions.append(log.version())
    log.read("orders", 0, 0)

    assert versions == sorted(set(versions))
    assert log.version() == versions[-1]


def test_engine_role_may_be_taken_again_by_its_holder(log: TopicLog) -> None:
    log.become_engine()
    log.become_engine()


def test_close_is_idempotent_and_final(log: TopicLog) -> None:
    log.create_topic("orders", 1)
    log.close()
    log.close()

    with pytest.raises(LogError, match="closed"):
        log.describe("orders")
    with pytest.raises(LogError, match="closed"):
        log.transaction().commit()
