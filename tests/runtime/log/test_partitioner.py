import pytest

from headrace.runtime.log import partitioner
from headrace.runtime.log.partitioner import Partitioner, murmur2

JAVA_HASHES = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}
"""As Kafka's Java client computes them."""


@pytest.mark.parametrize(("key", "expected"), JAVA_HASHES.items(), ids=str)
def test_murmur2_is_kafkas(key: bytes, expected: int) -> None:
    assert murmur2(key) == expected & 0xFFFFFFFF


@pytest.mark.parametrize("length", range(10))
def test_murmur2_agrees_with_the_kafka_client(length: int) -> None:
    client = pytest.importorskip("aiokafka.partitioner")
    key = bytes(range(250, 250 - length, -1))

    assert murmur2(key) == client.murmur2(key)


@pytest.mark.parametrize(("key", "expected"), JAVA_HASHES.items(), ids=str)
def test_keys_are_placed_as_kafkas_default_partitioner_does(key: bytes, expected: int) -> None:
    place = Partitioner(7).partition

    assert place(key) == place(key) == (expected & 0x7FFFFFFF) % 7


def test_null_keys_take_turns() -> None:
    place = Partitioner(3).partition

    assert [place(None) for _ in range(6)] == [0, 1, 2, 0, 1, 2]


def test_one_partition_takes_everything() -> None:
    place = Partitioner(1).partition

    assert {place(key) for key in (None, b"", b"21", b"abc")} == {0}


def test_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitioner, "CACHED_KEYS", 10)
    place = Partitioner(5).partition
    keys = [b"%d" % n for n in range(50)]

    first = [place(key) for key in keys]

    assert [place(key) for key in keys] == first
    assert len(place.__self__) <= 10  # type: ignore[attr-defined]


def test_no_partitions_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Partitioner(0)
