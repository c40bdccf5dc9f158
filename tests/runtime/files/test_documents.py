"""Lines of files as JSON documents, from any position on."""

import gzip
import io
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from headrace.engine.types.sqltype import BIGINT, BOOLEAN, DOUBLE, STRING, TIMESTAMP, Array
from headrace.runtime.files import lines
from headrace.runtime.files.address import FileInput
from headrace.runtime.files.documents import open_documents
from headrace.runtime.files.errors import FileProblem

TYPES = {"ID": BIGINT, "NAME": STRING, "PRICE": DOUBLE, "OK": BOOLEAN, "AT": TIMESTAMP, "TAGS": Array(BIGINT)}


def documents_of(path: Path, content: bytes, *, position: int = 0, options: str = "") -> list[bytes]:
    path.write_bytes(content)
    documents = open_documents(FileInput.parse(f"t={path}{options}"), TYPES, position=position)
    with closing(documents.lines):
        return [document for block in iter(documents.read, None) for document in block]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"a":1}\n{"a":2}\n', [b'{"a":1}', b'{"a":2}']),
        (b'{"a":1}\r\n\n  \n{"a":2}', [b'{"a":1}', b'{"a":2}']),
        (b'\xef\xbb\xbf{"a":1}', [b'{"a":1}']),
        (b"not json\n\xff\n", [b"not json", b"\xff"]),
        (b"", []),
    ],
    ids=["lines", "blank lines and no last end", "byte order mark", "anything", "empty"],
)
def test_ndjson(tmp_path: Path, content: bytes, expected: list[bytes]) -> None:
    assert documents_of(tmp_path / "f.ndjson", content) == expected


def test_compressed_file(tmp_path: Path) -> None:
    assert documents_of(tmp_path / "f.gz", gzip.compress(b"1\n2\n")) == [b"1", b"2"]


@pytest.mark.parametrize(
    ("row", "document"),
    [
        (b"1,a,2.50,TRUE", b'{"id":1,"Name":"a","price":2.50,"ok":true}'),
        (b"x,,abc,maybe", b'{"id":"x","Name":null,"price":"abc","ok":"maybe"}'),
        (b'1,"a ""b"", c\nd",1e5,false', b'{"id":1,"Name":"a \\"b\\", c\\nd","price":1e5,"ok":false}'),
        (b"1,a", b'{"id":1,"Name":"a"}'),
        (b"1,a,2,true,more", b"1,a,2,true,more"),
        (b"01,\xff,1,", b'{"id":"01","Name":"\xff","price":1,"ok":null}'),
    ],
    ids=["typed", "does not fit", "quotes", "short", "long", "not UTF-8"],
)
def test_csv_row(tmp_path: Path, row: bytes, document: bytes) -> None:
    assert documents_of(tmp_path / "f.csv", b"id,Name,price,ok\n" + row + b"\n") == [document]


@pytest.mark.parametrize(
    ("field", "written"),
    [(b"2013-01-01T05:00:00", b"1357016400000"), (b"5", b"5"), (b"soon", b'"soon"')],
    ids=["ISO", "number", "neither"],
)
def test_csv_timestamp(tmp_path: Path, field: bytes, written: bytes) -> None:
    assert documents_of(tmp_path / "f.csv", b"at\n" + field) == [b'{"at":' + written + b"}"]


def test_csv_nested_value(tmp_path: Path) -> None:
    assert documents_of(tmp_path / "f.csv", b'tags,x\n"[1,2]",y\n') == [b'{"tags":[1,2],"x":"y"}']


@pytest.mark.parametrize("name", ["f.ndjson", "f.csv", "f.csv.gz"])
def test_every_position_can_be_resumed_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(lines, "READ_BYTES", 16)
    content = b"id,name\n" + b"".join(b'%d,"x\ny"\n' % i for i in range(20))
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    file = FileInput.parse(f"t={path}")
    documents = open_documents(file, TYPES)
    positions = [(0, 0)]
    everything: list[bytes] = []
    while (block := documents.read()) is not None:
        everything += block
        positions.append((documents.lines.position, len(everything)))

    resumed = []
    for position, _ in positions:
        again = open_documents(file, TYPES, position=position)
        resumed.append([document for block in iter(again.read, None) for document in block])
        again.lines.close()

    documents.lines.close()
    assert resumed == [everything[count:] for _, count in positions]


def test_a_file_that_became_shorter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="is shorter than when it was read before"):
        documents_of(tmp_path / "f.ndjson", b"1\n", position=100)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("f.csv", b"", "does not begin with a line that names its columns"),
        ("f.csv", b'id,"name\n1,2\n', "does not begin with a line that names its columns"),
        ("f.csv", b"id,name,id\n", 'names the column "id" twice'),
        ("f.gz", gzip.compress(b"x" * 99)[:-9], "Cannot read"),
        ("f.csv.gz", gzip.compress(b"x" * 99)[:10] + b"\xff" * 20, "Cannot read"),
    ],
    ids=["no header", "header not closed", "column twice", "cut gzip", "damaged gzip"],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(FileProblem, match=message):
        documents_of(tmp_path / name, content)


def test_a_key_that_the_header_lacks(tmp_path: Path) -> None:
    content = b"id,name\n1,2\n"

    with pytest.raises(FileProblem, match='has no column "nr" for the key; there are id, name'):
        documents_of(tmp_path / "f.csv", content, options="?key=nr")
    assert documents_of(tmp_path / "f.csv", content, options="?key=NAME,id") == [b'{"id":1,"name":"2"}']


def test_a_row_whose_quote_is_not_closed_is_handed_on_as_it_stands(tmp_path: Path) -> None:
    assert documents_of(tmp_path / "f.csv", b'id,name\n1,a\n2,"b\n3,c\n') == [b'{"id":1,"name":"a"}', b'2,"b\n3,c']


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "compressed"])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]) -> None:
    packed = io.BufferedReader(io.BytesIO(pack(b"1\n2\n")))  # type: ignore[arg-type]
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=packed))

    documents = open_documents(FileInput.parse("t=-"), TYPES)

    assert [d for block in iter(documents.read, None) for d in block] == [b"1", b"2"]


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="No such file"):
        open_documents(FileInput("t", str(tmp_path / "nowhere")), TYPES)
