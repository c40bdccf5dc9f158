"""A disk that is full or read-only: LogFull, nothing lost, and the same commit can be tried again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import lmdb
import pytest

from headrace.runtime.log.base import LogFull, Row, Transaction
from headrace.runtime.log.embedded import EmbeddedLog

ROWS: list[Row] = [(0, b"k", b"v" * 10_000, ())] * 50


def run(program: str, directory: Path) -> str:
    """Run a program in a process of its own: limits are for life."""
    done = subprocess.run(
        [sys.executable, "-c", program, str(directory)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


LIMITED_FILE = """
import resource, sys
from headrace.runtime.log.base import LogFull
from headrace.runtime.log.embedded import EmbeddedLog
log = EmbeddedLog(sys.argv[1])
log.create_topic("orders", 1)
resource.setrlimit(resource.RLIMIT_FSIZE, (10 << 20, resource.RLIM_INFINITY))
done = 0
while True:
    transaction = log.transaction()
    transaction.append("orders", 0, [(0, b"k", b"v" * 10_000, ())] * 50)
    try:
        transaction.commit()
    except LogFull as error:
        assert "full" in str(error), error
        break
    done += 50
assert log.end_offset("orders", 0) == done
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert transaction.commit() == {("orders", 0): done}
records = []
while len(records) < done + 50:
    records += log.read("orders", 0, len(records)).records
assert [record.offset for record in records] == list(range(done + 50))
log.close()
print(done > 0)
"""

LIMITED_ADDRESSES = """
import resource, sys
from headrace.runtime.log.embedded import EmbeddedLog
resource.setrlimit(resource.RLIMIT_AS, (24 << 30, 24 << 30))
log = EmbeddedLog(sys.argv[1])
log.create_topic("orders", 1)
print(log._environment.lmdb.info()["map_size"] >> 30)
"""

NO_ADDRESSES = """
import resource, sys
from headrace.runtime.log.base import LogError
from headrace.runtime.log.embedded import EmbeddedLog
resource.setrlimit(resource.RLIMIT_AS, (900 << 20, 900 << 20))
try:
    EmbeddedLog(sys.argv[1])
except LogError as error:
    print("mapped into memory" in str(error))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux has them")
@pytest.mark.parametrize(
    ("program", "output"),
    [(LIMITED_FILE, "True"), (LIMITED_ADDRESSES, "16"), (NO_ADDRESSES, "True")],
    ids=["file size", "address space", "hardly any address space"],
)
def test_limits(program: str, output: str, tmp_path: Path) -> None:
    assert run(program, tmp_path) == output


def test_the_map_is_a_tebibyte_and_takes_no_space(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path)
    log.create_topic("orders", 1)

    assert log._environment.lmdb.info()["map_size"] == 1 << 40
    assert (tmp_path / "data.mdb").stat().st_blocks * 512 < 1 << 20
    log.close()


def fill(log: EmbeddedLog) -> tuple[int, Transaction]:
    """Append until the disk is full; how many records were committed, and the transaction that was not."""
    done = 0
    while True:
        transaction = log.transaction()
        transaction.append("orders", 0, ROWS)
        transaction.put("table", [(b"done", b"%d" % (done + 50))])
        try:
            transaction.commit()
        except LogFull:
            return done, transaction
        done += 50


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("needs the right to mount")
    yield disk
    subprocess.run(["umount", disk], check=True)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs the right to mount")
def test_a_full_disk_loses_nothing_and_work_goes_on(small_disk: Path) -> None:
    log = EmbeddedLog(small_disk / "log")
    log.create_topic("orders", 1)
    done, transaction = fill(log)

    assert done > 0
    assert (log.end_offset("orders", 0), log.get("table", b"done")) == (done, b"%d" % done)
    with pytest.raises(LogFull, match="full"):
        transaction.commit()

    subprocess.run(["mount", "-o", "remount,size=32m", small_disk], check=True)
    assert transaction.commit() == {("orders", 0): done}
    assert log.get("table", b"done") == b"%d" % (done + 50)
    log.close()


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs the right to mount")
def test_a_read_only_disk_is_named(small_disk: Path) -> None:
    EmbeddedLog(small_disk / "log").close()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    with pytest.raises(LogFull, match="read-only"):
        EmbeddedLog(small_disk / "log")
    with pytest.raises(LogFull, match="read-only"):
        EmbeddedLog(small_disk / "new")


READ_ONLY = """
import os, sys
from headrace.runtime.log.base import LogFull
from headrace.runtime.log.embedded import EmbeddedLog
if os.geteuid() == 0:
    os.setuid(65534)
try:
    EmbeddedLog(sys.argv[1])
except LogFull as error:
    print("read-only" in str(error))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions as POSIX has them")
@pytest.mark.parametrize("is_there", [True, False], ids=["a log", "an empty directory"])
def test_a_directory_without_the_right_to_write(tmp_path: Path, is_there: bool) -> None:
    if is_there:
        EmbeddedLog(tmp_path / "log").close()
    else:
        (tmp_path / "log").mkdir()
    for place in (*tmp_path.parents, tmp_path):
        if os.stat(place).st_uid == os.geteuid():
            place.chmod(place.stat().st_mode | 0o055)
    for file in (tmp_path / "log").iterdir():
        file.chmod(0o444)
    (tmp_path / "log").chmod(0o555)

    assert run(READ_ONLY, tmp_path / "log") == "True"


def test_a_panic_of_lmdb_is_over_with_the_next_commit(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path)
    log.create_topic("orders", 1)
    log._environment.note(lmdb.PanicError("a meta page could not be written"))

    transaction = log.transaction()
    transaction.append("orders", 0, ROWS)

    assert transaction.commit() == {("orders", 0): 0}
    assert len(log.read("orders", 0, 0).records) == 50
    log.close()
