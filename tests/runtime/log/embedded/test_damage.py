"""Directories that cannot be trusted are refused, naming what is wrong."""

import os
import struct
from pathlib import Path

import lmdb
import pytest

from headrace.runtime.log.base import LogCorrupt, Row
from headrace.runtime.log.embedded import EmbeddedLog, datafile
from headrace.runtime.log.embedded.environment import Environment

ROWS: list[Row] = [(0, b"k", b"v" * 20_000, ())] * 20


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    log = EmbeddedLog(tmp_path / "log")
    log.create_topic("orders", 1)
    for _ in range(2):
        transaction = log.transaction()
        transaction.append("orders", 0, ROWS)
        transaction.commit()
    log.close()
    return tmp_path / "log"


def needed_bytes(directory: Path) -> int:
    environment = Environment.acquire(directory, create=False)
    try:
        return environment.used_bytes()
    finally:
        environment.release()


@pytest.mark.parametrize("length", [1, 100, 4096, 5000, 8192, 100_000])
def test_a_truncated_file_is_refused(directory: Path, length: int) -> None:
    os.truncate(directory / "data.mdb", length)

    with pytest.raises(LogCorrupt, match=r'data\.mdb" is truncated.*backup'):
        EmbeddedLog(directory)


def test_a_file_that_lacks_its_last_byte_is_refused(directory: Path) -> None:
    needed = needed_bytes(directory)
    os.truncate(directory / "data.mdb", needed - 1)

    with pytest.raises(LogCorrupt, match=f"needs {needed}"):
        EmbeddedLog(directory)


def test_a_file_without_its_spare_room_opens(directory: Path) -> None:
    os.truncate(directory / "data.mdb", needed_bytes(directory))

    log = EmbeddedLog(directory)
    assert len(log.read("orders", 0, 0).records) == 40
    log.close()


def put_and_delete(directory: Path) -> None:
    """Commit with pages that LMDB allocates at the end of the file and never writes, then look at the file."""
    environment = Environment.acquire(directory, create=False)
    try:
        for size in (300_000, 600_000, 900_000):
            with environment.write() as txn:
                database = environment.pairs._pairs
                txn.put(b"key", bytes(size), db=database)
                txn.delete(b"key", db=database)
    finally:
        environment.release()
    datafile.check(directory / "data.mdb")


def test_a_file_that_lmdb_leaves_short_has_room(directory: Path) -> None:
    put_and_delete(directory)


def test_without_room_a_valid_file_would_be_refused(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datafile, "make_room", lambda *place, **pages: None)
    os.truncate(directory / "data.mdb", needed_bytes(directory))

    with pytest.raises(LogCorrupt, match="truncated"):
        put_and_delete(directory)


@pytest.mark.parametrize("is_emptied", [True, False], ids=["empty", "missing"])
def test_a_lost_file_is_refused(directory: Path, is_emptied: bool) -> None:
    (directory / "data.mdb").unlink()
    if is_emptied:
        (directory / "data.mdb").touch()

    with pytest.raises(LogCorrupt, match=r'data\.mdb" is missing or empty'):
        EmbeddedLog(directory)


@pytest.mark.parametrize(
    ("offset", "patch", "message"),
    [
        (16, b"\0\0\0\0", "does not begin as it must"),
        (20, struct.pack("=I", 9), "data format 9"),
        (40, struct.pack("=I", 12_345), "12345 bytes"),
        (40, struct.pack("=I", 0), "0 bytes"),
    ],
    ids=["magic", "version", "odd page size", "no page size"],
)
def test_a_damaged_meta_page_is_refused(directory: Path, offset: int, patch: bytes, message: str) -> None:
    with (directory / "data.mdb").open("r+b") as file:
        file.seek(offset)
        file.write(patch)

    with pytest.raises(LogCorrupt, match=message):
        EmbeddedLog(directory)


def test_another_program_s_file_is_refused(directory: Path) -> None:
    (directory / "data.mdb").write_bytes(b"SQLite format 3\0" * 1_000)

    with pytest.raises(LogCorrupt, match="damaged or no log"):
        EmbeddedLog(directory)


def test_another_program_s_database_is_refused(tmp_path: Path) -> None:
    other = lmdb.open(str(tmp_path), max_dbs=2)
    other.open_db(b"theirs")
    other.close()

    with pytest.raises(LogCorrupt, match="something else"):
        EmbeddedLog(tmp_path)
    assert not (tmp_path / "format").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("headrace-log 2\n", "has format 2, this version of Headrace reads up to 1"),
        ("", "damaged"),
        ("headrace-log x", "damaged"),
        ("?", "damaged"),
    ],
    ids=repr,
)
def test_a_format_that_is_not_known_is_refused(directory: Path, text: str, message: str) -> None:
    (directory / "format").write_text(text)

    with pytest.raises(LogCorrupt, match=message):
        EmbeddedLog(directory)


def test_a_newer_format_inside_is_refused(directory: Path) -> None:
    raw = lmdb.open(str(directory), max_dbs=8, map_size=1 << 30)
    with raw.begin(write=True) as txn:
        txn.put(b"format", b"\x02", db=raw.open_db(b"meta", txn=txn))
    raw.close()

    with pytest.raises(LogCorrupt, match="has format 2"):
        EmbeddedLog(directory)


def test_a_log_without_its_format_file_gets_it_back(directory: Path) -> None:
    (directory / "format").unlink()

    EmbeddedLog(directory).close()

    assert (directory / "format").read_text() == "headrace-log 1\n"


def test_a_directory_whose_making_was_cut_short_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "data.mdb").touch()

    log = EmbeddedLog(tmp_path)
    log.create_topic("orders", 1)
    log.close()


def test_a_flipped_bit_names_partition_and_offset_and_spares_the_rest(directory: Path) -> None:
    environment = Environment.acquire(directory, create=False)
    with environment.write() as txn:
        topic = environment.topics.get(txn, "orders")
        raw = bytearray(environment.partitions.get(txn, topic, 0, 20) or b"")
        raw[500] ^= 1
        txn.put(struct.pack(">QIQ", topic.id, 0, 20), bytes(raw), db=environment.partitions._batches)
    environment.release()

    log = EmbeddedLog(directory)
    assert len(log.read("orders", 0, 0, max_records=10).records) == 20
    with pytest.raises(LogCorrupt, match=r'"orders-0".*offset 20'):
        log.read("orders", 0, 30)
    log.close()
