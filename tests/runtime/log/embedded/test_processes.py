"""Several processes, threads and logs on one directory."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from headrace.runtime.clock import ManualClock
from headrace.runtime.log.base import LogConflict, LogLocked, Row
from headrace.runtime.log.embedded import EmbeddedLog, environment

HEAD = """
import sys
from headrace.runtime.log.embedded import EmbeddedLog
log = EmbeddedLog(sys.argv[1])
"""

ROW: Row = (0, b"k", b"v", ())


@contextmanager
def process(program: str, directory: Path) -> Iterator[subprocess.Popen[str]]:
    """A program in a process of its own that says a line when it has done its work, and then waits."""
    child = subprocess.Popen(
        [sys.executable, "-c", HEAD + program, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def say(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def test_another_process_reads_and_appends(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path)
    log.become_engine()
    log.create_topic("orders", 1)
    before = log.version()
    program = """
transaction = log.transaction()
transaction.append("orders", 0, [(0, b"k", b"theirs", ())])
transaction.commit()
log.create_topic("other", 2)
print(log.read("orders", 0, 0).records[0].value.decode(), flush=True)
sys.stdin.read()
"""
    with process(program, tmp_path) as child:
        assert say(child) == "theirs"

        assert log.version() > before
        assert [record.value for record in log.read("orders", 0, 0).records] == [b"theirs"]
        assert [topic.name for topic in log.topics()] == ["orders", "other"]
        transaction = log.transaction()
        transaction.append("orders", 0, [ROW], expected_offset=0)
        with pytest.raises(LogConflict, match="another process"):
            transaction.commit()
    log.close()


def test_the_engine_role_is_held_by_one_process_and_names_it(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path)
    with process("log.become_engine(); print('ready', flush=True); sys.stdin.read()", tmp_path) as child:
        assert say(child) == "ready"
        with pytest.raises(LogLocked, match=f"process {child.pid} on .*since 20"):
            log.become_engine()

    log.become_engine()
    log.close()


def test_two_engines_of_one_process_are_kept_apart(tmp_path: Path) -> None:
    first, second = (EmbeddedLog(tmp_path, clock=ManualClock(0)) for _ in range(2))
    first.become_engine()

    with pytest.raises(LogLocked, match=f"process {os.getpid()} on .* 1970-01-01 00:00:00 UTC"):
        second.become_engine()
    first.close()
    second.become_engine()
    second.close()


def test_two_logs_of_one_process_share_the_environment(tmp_path: Path) -> None:
    first, second = EmbeddedLog(tmp_path), EmbeddedLog(tmp_path / "." / "")
    first.create_topic("orders", 1)
    first.close()

    assert [topic.name for topic in second.topics()] == ["orders"]
    second.close()


def test_everything_is_there_after_opening_again(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path)
    created = log.create_topic("orders", 2, config={"retention.ms": "-1"})
    transaction = log.transaction()
    transaction.append("orders", 1, [ROW] * 3)
    transaction.commit_offsets("group", {("orders", 1): 2})
    transaction.put("table", [(b"k", b"v"), (b"long" * 300, b"w")])
    transaction.commit()
    version = log.version()
    log.close()

    again = EmbeddedLog(tmp_path)
    assert again.describe("orders") == created
    assert (again.end_offset("orders", 0), again.end_offset("orders", 1)) == (0, 3)
    assert again.committed("group") == {("orders", 1): 2}
    assert (again.get("table", b"k"), again.get("table", b"long" * 300)) == (b"v", b"w")
    assert again.version() >= version
    again.close()


def test_a_killed_process_leaves_what_it_committed(tmp_path: Path) -> None:
    program = """
log.create_topic("orders", 1)
for number in range(1_000_000):
    transaction = log.transaction()
    transaction.append("orders", 0, [(0, None, b"x" * 3_000, ())] * 7)
    transaction.put("table", [(b"count", b"%d" % (number + 1))])
    transaction.commit()
    print(number + 1, flush=True)
"""
    with process(program, tmp_path) as child:
        said = [int(say(child)) for _ in range(20)]
        child.send_signal(signal.SIGKILL)
        child.wait()

    log = EmbeddedLog(tmp_path)
    count = int(log.get("table", b"count") or b"0")
    assert count >= said[-1]
    assert log.end_offset("orders", 0) == count * 7
    assert len(log.read("orders", 0, 0).records) == min(count * 7, 2_002)
    log.become_engine()
    log.close()


def churn(log: EmbeddedLog, commits: int = 60) -> int:
    """Write one pair again and again; returns how much of the file is used then."""
    for number in range(commits):
        transaction = log.transaction()
        transaction.put("table", [(b"k", bytes([number]) * 200_000)])
        transaction.commit()
    return log._environment.used_bytes()


def test_records_that_are_held_do_not_hold_back_pages(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path)
    log.create_topic("orders", 1)
    transaction = log.transaction()
    transaction.append("orders", 0, [ROW] * 2_000)
    transaction.commit()

    held = log.read("orders", 0, 0), log.scan("table", b"")

    assert churn(log) < 3 << 20
    assert len(held[0].records) == 2_000
    log.close()


def test_a_reader_that_was_killed_does_not_hold_back_pages_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "_COMMITS_BETWEEN_READER_CHECKS", 10)
    program = "view = log._environment.read(); view.__enter__(); print('reading', flush=True); sys.stdin.read()"
    log = EmbeddedLog(tmp_path)
    with process(program, tmp_path) as child:
        assert say(child) == "reading"
        child.send_signal(signal.SIGKILL)
        child.wait()

    assert churn(log) < 5 << 20
    log.close()


def test_commits_of_several_threads(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path)
    log.create_topic("orders", 1)

    def commit() -> None:
        for _ in range(20):
            transaction = log.transaction()
            transaction.append("orders", 0, [ROW] * 10)
            transaction.commit()

    threads = [threading.Thread(target=commit) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        end = log.end_offset("orders", 0)
        assert end % 10 == 0
        assert len(log.read("orders", 0, 0).records) >= end
    for thread in threads:
        thread.join()

    assert log.end_offset("orders", 0) == 600
    log.close()


FORK = """
import os
from headrace.runtime.log.base import LogError
log.create_topic("orders", 1)
child = os.fork()
if child == 0:
    try:
        log.topics()
    except LogError as error:
        assert "forked" in str(error)
        log.close()
    try:
        EmbeddedLog(sys.argv[1])
    except LogError as error:
        assert "forked" in str(error)
        os._exit(7)
    os._exit(1)
_, status = os.waitpid(child, 0)
names = [topic.name for topic in log.topics()]
print(os.waitstatus_to_exitcode(status), *names, flush=True)
log.create_topic("more", 1)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_is_refused_and_its_parent_undisturbed(tmp_path: Path) -> None:
    with process(FORK, tmp_path) as child:
        assert say(child) == "7 orders"
        assert child.wait() == 0
