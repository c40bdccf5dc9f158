"""Directories that cannot be used are refused, naming what is wrong; what is in them stays as it is."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from child import headrace as command

import headrace
from headrace.repl.main import main
from headrace.runtime.log.base import LogError, LogFull, LogLocked

PAGE_BYTES = 4_096
SCRIPT = (
    "CREATE STREAM orders (id VARCHAR KEY, qty INT) WITH (KAFKA_TOPIC='orders', PARTITIONS=2, VALUE_FORMAT='JSON');\n"
    "CREATE TABLE totals AS SELECT id, SUM(qty) AS total FROM orders GROUP BY id;\n"
    "INSERT INTO orders VALUES ('a', 1);\n"
    "SELECT * FROM totals;\n"
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log that a script was run on."""
    script, log = tmp_path / "script.sql", tmp_path / "log"
    script.write_text(SCRIPT)
    assert main(["run", str(script), "--log", str(log)]) == 0
    return log


def run_again(log: Path) -> subprocess.CompletedProcess[str]:
    """Run the script in a process of its own: a damaged file could take a process down."""
    line = command("run", str(log.parent / "script.sql"), "--log", str(log), "--format", "ndjson")
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)


def truncate(log: Path) -> None:
    os.truncate(log / "data.mdb", 5 * PAGE_BYTES)


def lose(log: Path) -> None:
    (log / "data.mdb").unlink()


def empty(log: Path) -> None:
    os.truncate(log / "data.mdb", 0)


def overwrite_pages(log: Path) -> None:
    choose = random.Random(1)
    with (log / "data.mdb").open("r+b") as file:
        for page in range(2, 64):
            file.seek(page * PAGE_BYTES)
            file.write(choose.randbytes(PAGE_BYTES))


def overwrite_meta(log: Path) -> None:
    with (log / "data.mdb").open("r+b") as file:
        file.write(b"\xff" * 2 * PAGE_BYTES)


def break_format(log: Path) -> None:
    (log / "format").write_text("something else")


def come_from_the_future(log: Path) -> None:
    (log / "format").write_text("headrace-log 99\n")


DAMAGES = [
    pytest.param(truncate, "is truncated", id="truncated"),
    pytest.param(lose, "is missing or empty", id="missing"),
    pytest.param(empty, "is missing or empty", id="empty"),
    pytest.param(overwrite_pages, "is damaged", id="pages overwritten"),
    pytest.param(overwrite_meta, "is damaged", id="meta pages overwritten"),
    pytest.param(break_format, "is damaged", id="format file"),
    pytest.param(come_from_the_future, "has format 99", id="a newer format"),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGES)
def test_a_damaged_directory_is_refused(log: Path, damage: Callable[[Path], None], message: str) -> None:
    damage(log)
    done = run_again(log)
    assert done.returncode == 1
    assert message in done.stderr
    assert str(log) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("topic", "message"),
    [("command_topic", "cannot be read"), ("changelog", "State of")],
    ids=["a command", "a store"],
)
def test_content_that_cannot_be_read_is_refused(log: Path, topic: str, message: str) -> None:
    with headrace.open(str(log)) as engine:
        name = next(t.name for t in engine.log.topics() if t.name.endswith(topic))
        rows = [(0, b"headrace", b"\xff\xff", ())]
        engine.append(name, dict.fromkeys(range(engine.log.describe(name).partitions), rows))
    done = run_again(log)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_engine_is_refused_and_the_first_goes_on(log: Path) -> None:
    with headrace.open(str(log)) as engine:
        with pytest.raises(LogLocked, match=f"in use by process {os.getpid()}"):
            headrace.open(str(log))
        done = run_again(log)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
        assert f"in use by process {os.getpid()}" in done.stderr
        engine.execute("INSERT INTO orders VALUES ('b', 2);")
        assert engine.wait_idle(10)


def test_the_role_of_a_killed_engine_is_free(log: Path) -> None:
    holder = "import headrace, os, signal, sys; headrace.open(sys.argv[1]); os.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", holder, str(log)], check=False, timeout=60)
    assert run_again(log).stdout == '{"ID":"a","TOTAL":1}\n'


@pytest.fixture
def read_only_disk(log: Path, tmp_path: Path) -> Iterator[Path]:
    """A disk that nothing can be written to, with a copy of the log."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = subprocess.run(["mount", "--bind", log, disk], capture_output=True, check=False)
    if mount.returncode:
        pytest.skip("needs the right to mount")
    subprocess.run(["mount", "-o", "remount,ro,bind", disk], check=True)
    yield disk
    subprocess.run(["umount", disk], check=True)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs the right to mount")
def test_a_read_only_directory_is_named(log: Path, read_only_disk: Path) -> None:
    with pytest.raises(LogFull, match="is read-only"):
        headrace.open(str(read_only_disk))
    with pytest.raises(LogError, match="is read-only"):
        headrace.open(str(read_only_disk / "new"))
    done = subprocess.run(
        command("run", str(log.parent / "script.sql"), "--log", str(read_only_disk)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, "is read-only" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
    assert run_again(log).returncode == 0


def test_a_changed_script_is_refused(log: Path) -> None:
    script = log.parent / "script.sql"
    script.write_text(SCRIPT.replace("SUM(qty)", "MAX(qty)"))
    done = run_again(log)
    assert done.returncode == 1
    assert "has changed since" in done.stderr
