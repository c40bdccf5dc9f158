from pathlib import Path

import pytest

from headrace.runtime.log.backup import backup
from headrace.runtime.log.base import LogError
from headrace.runtime.log.embedded import EmbeddedLog


@pytest.fixture
def source(tmp_path: Path) -> EmbeddedLog:
    log = EmbeddedLog(tmp_path / "source")
    log.create_topic("orders", 1)
    for start in range(0, 50, 10):
        transaction = log.transaction()
        transaction.append("orders", 0, [(start, b"k", b"v" * 10_000, ())] * 10)
        transaction.put("table", [(b"k", b"%d" % start)])
        transaction.commit()
    return log


@pytest.mark.parametrize("compact", [True, False])
def test_the_copy_opens(source: EmbeddedLog, tmp_path: Path, compact: bool) -> None:
    report = backup(source.directory, tmp_path / "copy", compact=compact)
    source.close()

    copy = EmbeddedLog(tmp_path / "copy", create=False)
    records = copy.read("orders", 0, 0).records
    assert (len(records), copy.get("table", b"k")) == (50, b"40")
    transaction = copy.transaction()
    transaction.append("orders", 0, [(0, None, b"", ())])
    assert transaction.commit() == {("orders", 0): 50}
    copy.close()
    assert report.bytes > 500_000
    assert report.growth_bytes == 0
    assert report.version > 0


def test_the_source_need_not_be_open(source: EmbeddedLog, tmp_path: Path) -> None:
    source.close()

    assert backup(source.directory, tmp_path / "copy").target == tmp_path / "copy"


def test_a_target_that_is_not_empty_is_refused(source: EmbeddedLog, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "precious").write_text("")

    with pytest.raises(LogError, match="not empty"):
        backup(source.directory, tmp_path / "copy")
    with pytest.raises(LogError, match="not empty"):
        backup(source.directory, source.directory)
    source.close()


def test_a_target_that_is_a_file_is_refused(source: EmbeddedLog, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("")

    with pytest.raises(LogError, match="not a directory"):
        backup(source.directory, tmp_path / "copy")
    source.close()


def test_a_source_that_is_no_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="There is no log"):
        backup(tmp_path, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_copy_that_was_cut_short_is_refused(source: EmbeddedLog, tmp_path: Path) -> None:
    backup(source.directory, tmp_path / "copy")
    source.close()
    file = tmp_path / "copy" / "data.mdb"
    file.write_bytes(file.read_bytes()[:-4096])

    with pytest.raises(LogError, match="truncated"):
        EmbeddedLog(tmp_path / "copy")
