"""`headrace produce` and `headrace consume`, on the log alone and beside a running engine."""

import json
from pathlib import Path
from typing import Any

import pytest

import headrace as api

Run = Any


@pytest.fixture
def produced(headrace: Run, tmp_path: Path) -> None:
    """Topic t on the log d: three keyed records over two partitions."""
    (tmp_path / "f.ndjson").write_text('{"id":"a","n":1}\n\n{"id":"b","n":2}\n{"id":"c"}\n')
    done = headrace("produce", "t", "f.ndjson", "--key", "id", "--partitions", "2", "--log", "d")
    assert (done.code, done.err) == (0, "3 records appended to t\n")


@pytest.mark.usefixtures("produced")
def test_consume_from_the_beginning(headrace: Run) -> None:
    done = headrace("consume", "t", "--from-beginning", "--log", "d")

    records = sorted((json.loads(line) for line in done.lines), key=lambda r: r["key"])
    assert [(r["topic"], r["key"], r["value"], r["headers"]) for r in records] == [
        ("t", "a", {"id": "a", "n": 1}, []),
        ("t", "b", {"id": "b", "n": 2}, []),
        ("t", "c", {"id": "c"}, []),
    ]


def test_produce_says_that_keys_are_text(headrace: Run, tmp_path: Path) -> None:
    (tmp_path / "f.ndjson").write_text('{"id":1}\n{"id":2}\n')

    done = headrace("produce", "t", "f.ndjson", "--key", "id", "--partitions", "1", "--log", "d")

    assert done.code == 0
    assert done.err.startswith("headrace produce: note: the keys are no JSON strings and are written as text")
    assert done.err.count("note:") == 1


@pytest.mark.usefixtures("produced")
def test_consume_ends_after_max(headrace: Run) -> None:
    assert len(headrace("consume", "t", "--from-beginning", "--max", "2", "--log", "d").lines) == 2


@pytest.mark.usefixtures("produced")
def test_consume_starts_at_the_end(headrace: Run) -> None:
    done = headrace("consume", "t", "--log", "d")

    assert (done.code, done.out) == (0, "")
    assert "--from-beginning" in done.err


@pytest.mark.usefixtures("produced")
def test_records_come_back_as_they_were(headrace: Run, tmp_path: Path) -> None:
    consumed = headrace("consume", "t", "--from-beginning", "--log", "d").out
    (tmp_path / "r.ndjson").write_text(consumed)

    headrace("produce", "t", "r.ndjson", "--records", "--partitions", "2", "--log", "copy")

    assert headrace("consume", "t", "--from-beginning", "--log", "copy").out == consumed


def test_values_are_taken_as_they_stand(headrace: Run, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"1,a\r\n  spaced\n")

    headrace("produce", "t", "f", "--partitions", "1", "--log", "d")

    values = [json.loads(line)["value"] for line in headrace("consume", "t", "--from-beginning", "--log", "d").lines]
    assert values == ["1,a", "  spaced"]


def test_lines_that_are_no_records_are_named_and_left_out(headrace: Run, tmp_path: Path) -> None:
    (tmp_path / "f").write_text('{"value":1}\nnonsense\n{"value":2}\n')

    done = headrace("produce", "t", "f", "--records", "--partitions", "1", "--log", "d")

    assert done.code == 1
    assert "f:2: " in done.err
    assert "2 records appended" in done.err


def test_beside_a_running_engine(headrace: Run, tmp_path: Path) -> None:
    (tmp_path / "f").write_text('{"N":1}\n')
    with api.open(str(tmp_path / "d")) as engine:
        engine.execute("CREATE STREAM s (n INT) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON', PARTITIONS=1);")
        (result,) = engine.execute("SELECT n FROM s EMIT CHANGES LIMIT 1;")

        headrace("produce", "t", "f", "--log", "d")

        assert isinstance(result, api.Rows)
        assert [row.values for row in result] == [(1,)]
        assert len(headrace("consume", "t", "--from-beginning", "--log", "d").lines) == 1


@pytest.mark.usefixtures("produced")
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["consume", "tt", "--log", "d"], 1, 'did you mean "t"?'),
        (["produce", "tt", "f.ndjson", "--log", "d"], 1, "--partitions N creates it"),
        (["consume", "t", "--log", "nowhere"], 1, "no log"),
        (["consume", "t", "--log", "memory:"], 2, "empty"),
        (["produce", "t", "--log", "memory:"], 2, "gone"),
        (["produce", "t", "nowhere", "--log", "d"], 1, "Cannot read"),
        (["produce", "t", "--key", "a", "--records", "--log", "d"], 2, "exclude"),
        (["consume", "t", "--max", "0", "--log", "d"], 2, "not a whole number from 1 on"),
    ],
    ids=lambda x: " ".join(x) if isinstance(x, list) else "",
)
def test_wrong_usage(headrace: Run, arguments: list[str], code: int, message: str) -> None:
    done = headrace(*arguments)

    assert (done.code, done.out) == (code, "")
    assert message in done.err


@pytest.mark.usefixtures("produced")
def test_backup_can_be_opened(headrace: Run) -> None:
    done = headrace("backup", "d", "copy")

    assert done.code == 0
    assert len(headrace("consume", "t", "--from-beginning", "--log", "copy").lines) == 3


@pytest.mark.usefixtures("produced")
def test_backup_into_a_directory_in_use_is_refused(headrace: Run) -> None:
    assert headrace("backup", "d", "d").code == 1
