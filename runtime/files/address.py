"""What `--input TOPIC=FILE?options` and `--sink TOPIC=FILE` say."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from headrace.runtime.files.errors import FileProblem

Layout = Literal["ndjson", "csv"]
Shape = Literal["value", "record"]

STANDARD_STREAM = "-"
_OPTIONS = ("key", "shape", "format")


@dataclass(frozen=True, slots=True)
class FileInput:
    """A file for a topic. `key` names the columns of the key: None takes the declared ones, () leaves keys NULL."""

    topic: str
    path: str
    key: tuple[str, ...] | None = None
    shape: Shape = "value"
    layout: Layout = "ndjson"

    @classmethod
    def parse(cls, text: str) -> "FileInput":
        """From `TOPIC=FILE?key=COLUMN&shape=record&format=csv`; raises FileProblem."""
        topic, path = _halves(text, "--input")
        path, options = _options(path, text)
        layout = options.get("format") or layout_of(path)
        shape = options.get("shape", "value")
        if layout not in ("ndjson", "csv"):
            raise FileProblem(f'"{layout}" in "{text}" is no format of input files; there are ndjson and csv.')
        if shape not in ("value", "record"):
            raise FileProblem(f'"{shape}" in "{text}" is no shape of input lines; there are value and record.')
        if shape == "record" and layout == "csv":
            raise FileProblem(f'"{text}" asks for records in CSV; records are NDJSON.')
        key = options.get("key")
        columns = None if key is None else tuple(filter(None, (c.strip() for c in key.split(","))))
        return cls(topic, path, columns, shape, layout)  # type: ignore[arg-type]

    def __str__(self) -> str:
        key = "" if self.key is None else f"&key={','.join(self.key)}"
        return f"{self.topic}={self.path}?format={self.layout}&shape={self.shape}{key}"


@dataclass(frozen=True, slots=True)
class FileSink:
    """A file that a topic is written to."""

    topic: str
    path: str
    layout: Layout

    @classmethod
    def parse(cls, text: str) -> "FileSink":
        """From `TOPIC=FILE`; raises FileProblem."""
        topic, path = _halves(text, "--sink")
        return cls(topic, path, layout_of(path))


def layout_of(path: str) -> Layout:
    """CSV where the name says so (`.csv`, `.csv.gz`), else NDJSON."""
    return "csv" if path.lower().removesuffix(".gz").endswith(".csv") else "ndjson"


def _halves(text: str, flag: str) -> tuple[str, str]:
    topic, equals, path = text.partition("=")
    if not (topic and equals and path):
        raise FileProblem(f'"{text}" is not of the form TOPIC=FILE; write {flag} flights=flights.ndjson, for example.')
    return topic, path


def _options(path: str, text: str) -> tuple[str, dict[str, str]]:
    file, mark, tail = path.rpartition("?")
    if not mark or ("=" not in tail and Path(path).exists()):
        return path, {}
    pairs = [option.partition("=") for option in tail.split("&")]
    for name, equals, _ in pairs:
        if name not in _OPTIONS or not equals:
            raise FileProblem(f'Unknown option "{name}" in "{text}"; there are {", ".join(_OPTIONS)}.')
    return file, {name: unquote(value) for name, _, value in pairs}
