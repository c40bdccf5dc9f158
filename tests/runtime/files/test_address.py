"""`TOPIC=FILE?options`."""

import pytest

from headrace.runtime.files.address import FileInput, FileSink
from headrace.runtime.files.errors import FileProblem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("t=f.ndjson", FileInput("t", "f.ndjson")),
        ("t=f.csv", FileInput("t", "f.csv", layout="csv")),
        ("t=f.CSV.gz", FileInput("t", "f.CSV.gz", layout="csv")),
        ("t=f.csv?key=tailnum", FileInput("t", "f.csv", ("tailnum",), layout="csv")),
        ("t=f?key=a, b", FileInput("t", "f", ("a", "b"))),
        ("t=f?key=", FileInput("t", "f", ())),
        ("t=-?format=csv", FileInput("t", "-", layout="csv")),
        ("t=f?shape=record", FileInput("t", "f", shape="record")),
        ("t=a=b", FileInput("t", "a=b")),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_input(text: str, expected: FileInput) -> None:
    assert FileInput.parse(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("t", "not of the form TOPIC=FILE"),
        ("=f", "not of the form TOPIC=FILE"),
        ("t=f?kye=a", 'Unknown option "kye"'),
        ("t=f?shape=x", '"x" in "t=f?shape=x" is no shape'),
        ("t=f?format=xml", "no format of input files"),
        ("t=f.csv?shape=record", "records are NDJSON"),
    ],
)
def test_input_that_is_malformed(text: str, message: str) -> None:
    with pytest.raises(FileProblem, match=message.replace("?", r"\?")):
        FileInput.parse(text)


def test_sink() -> None:
    assert FileSink.parse("OUT=out.csv") == FileSink("OUT", "out.csv", "csv")
