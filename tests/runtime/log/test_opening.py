from pathlib import Path

import pytest

from headrace.runtime.log.base import LogError
from headrace.runtime.log.memory import MemoryLog
from headrace.runtime.log.opening import directory_of, kafka_servers, open_log


def test_memory() -> None:
    assert isinstance(open_log("memory:"), MemoryLog)


@pytest.mark.parametrize(
    ("url", "directory"),
    [
        ("file:data", "data"),
        ("file:/var/data", "/var/data"),
        ("file:///var/my%20data", "/var/my data"),
        ("file://localhost/var/data", "/var/data"),
        ("FILE:data", "data"),
        ("./data", "data"),
        ("data", "data"),
        ("c:/data", "c:/data"),
        ("my data", "my data"),
    ],
)
def test_directory_of(url: str, directory: str) -> None:
    assert directory_of(url) == Path(directory)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("kafka://", "names no broker"),
        ("kafka://a:b", "names no broker"),
        ("kafka://me:secret@broker:9092", '"kafka://broker:9092" has a user or options'),
        ("kafka://broker:9092?sasl.mechanism=PLAIN", "has a user or options"),
        ("http://localhost:8088", "no log that can be opened"),
        ("s3://bucket", "no log that can be opened"),
        ("memory:x", "no log that can be opened"),
        ("file:", "names no directory"),
        ("", "names no directory"),
    ],
)
def test_refused(url: str, message: str) -> None:
    with pytest.raises(LogError, match=message):
        open_log(url)


def test_memory_has_no_directory() -> None:
    with pytest.raises(LogError, match="has no directory"):
        directory_of("memory:")


@pytest.mark.parametrize(
    ("url", "servers"),
    [
        ("kafka://localhost:19092", "localhost:19092"),
        ("kafka://a:1,b:2/", "a:1,b:2"),
        ("kafka:broker", "broker:9092"),
        ("KAFKA://[::1]:9092", "[::1]:9092"),
    ],
)
def test_kafka_servers(url: str, servers: str) -> None:
    assert kafka_servers(url) == servers


def test_path_is_made(tmp_path: Path) -> None:
    log = open_log(f"file:{tmp_path}/deep/er")
    log.create_topic("orders", 1)
    log.close()

    again = open_log(f"{tmp_path}/deep/er", create=False)
    assert [topic.name for topic in again.topics()] == ["orders"]
    again.close()


def test_nothing_is_made_where_a_log_must_be(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="There is no log"):
        open_log(str(tmp_path / "none"), create=False)
    assert not (tmp_path / "none").exists()


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(LogError, match="not a directory"):
        open_log(str(tmp_path / "file"))
