"""Records of a topic as a case sees them: encoded from its inputs, decoded to be compared with its outputs."""

from collections.abc import Sequence
from dataclasses import dataclass

from headrace.engine.catalog.source import Source, WindowedKey
from headrace.engine.codegen.serde import Formats
from headrace.runtime.log.base import Headers, Record
from headrace.runtime.testing.cases import CaseRecord, WindowBounds
from headrace.runtime.testing.compare import TOLERANCE, Field, Rule, fields, show, table
from headrace.runtime.testing.document import Document
from headrace.runtime.testing.outcome import Mismatch
from headrace.runtime.testing.values import decode, document_type, encode

BOUND_BYTES = 8
"""A window bound in a key: big-endian milliseconds."""


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """A record that came out, decoded."""

    key: Document
    value: Document
    timestamp: int
    window: WindowBounds | None
    headers: Headers


def encode_record(record: CaseRecord, source: Source | None, formats: Formats) -> tuple[bytes | None, bytes | None]:
    """Key and value bytes of an input record."""
    if source is None:
        raise Mismatch(f'no stream or table reads the topic "{record.topic}" of an input')
    key = encode(record.key, source.key_serde(), formats)
    return _with_window(key, record.window), encode(record.value, source.value_serde(), formats)


def decode_record(record: Record, source: Source, formats: Formats) -> SeenRecord:
    """A record of the source's topic; raises DecodeError."""
    key, window = split_window(record.key, source.window)
    return SeenRecord(
        decode(key, source.key_serde(), formats),
        decode(record.value, source.value_serde(), formats),
        record.timestamp,
        window,
        tuple((name, value) for name, value in record.headers),
    )


def split_window(key: bytes | None, window: WindowedKey | None) -> tuple[bytes | None, WindowBounds | None]:
    """A windowed key without its bounds, and the bounds."""
    if key is None or window is None:
        return key, None
    if window.type == "SESSION":
        end, start = (
            int.from_bytes(key[i : i + BOUND_BYTES], "big", signed=True) for i in (-16 + len(key), -8 + len(key))
        )
        return key[: -2 * BOUND_BYTES], WindowBounds(start, end, "session")
    start = int.from_bytes(key[-BOUND_BYTES:], "big", signed=True)
    return key[:-BOUND_BYTES], WindowBounds(start, start + (window.size_ms or 0), "time")


def compare_topic(
    topic: str,
    expected: Sequence[CaseRecord],
    actual: Sequence[SeenRecord],
    source: Source,
    *,
    exact: bool,
    any_zero: bool,
) -> None:
    """Raise Mismatch at the first record that differs, or where there are more or fewer."""
    for index, (wanted, found) in enumerate(zip(expected, actual)):
        lines = _compare(wanted, found, source, exact=exact, any_zero=any_zero)
        wrong = [line.name for line in lines if not line.equal]
        if wrong:
            counts = f" ({len(actual)} records instead of {len(expected)})" if len(actual) != len(expected) else ""
            raise Mismatch(
                f"{topic}: record {index} differs in {', '.join(wrong)}{counts}",
                f"{topic}, record {index}:\n{table(lines)}",
            )
    if len(actual) != len(expected):
        raise Mismatch(
            f"{topic}: {len(actual)} records instead of {len(expected)}", _next_record(topic, expected, actual)
        )


def _compare(wanted: CaseRecord, found: SeenRecord, source: Source, *, exact: bool, any_zero: bool) -> list[Field]:
    key, value = source.key_serde(), source.value_serde()
    timestamp = wanted.timestamp
    any_time = timestamp is None or (any_zero and timestamp == 0)
    return [
        *fields("key", wanted.key, found.key, document_type(key), _rule(key.format, exact)),
        *fields("value", wanted.value, found.value, document_type(value), _rule(value.format, exact)),
        Field(
            "timestamp",
            "(any)" if any_time else str(timestamp),
            str(found.timestamp),
            any_time or timestamp == found.timestamp,
        ),
        Field("window", _bounds(wanted.window), _bounds(found.window), wanted.window == found.window),
        Field(
            "headers", _headers(wanted.headers), _headers(found.headers), tuple(wanted.headers) == tuple(found.headers)
        ),
    ]


def _next_record(topic: str, expected: Sequence[CaseRecord], actual: Sequence[SeenRecord]) -> str:
    index = min(len(expected), len(actual))
    word, record = ("expected", expected[index]) if index < len(expected) else ("unexpected", actual[index])
    text = f"  {word} record {index} of {topic}: key {show(record.key)}, value {show(record.value)}"
    return f"{text}, timestamp {record.timestamp}, window {_bounds(record.window)}"


def _rule(format: str, exact: bool) -> Rule:
    return Rule(0.0 if format in ("JSON", "DELIMITED") else TOLERANCE, exact)


def _bounds(window: WindowBounds | None) -> str:
    return f"{window.kind} [{window.start}, {window.end}]" if window else "none"


def _headers(headers: Headers) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in headers) or "none"


def _with_window(key: bytes | None, window: WindowBounds | None) -> bytes | None:
    if key is None or window is None:
        return key
    bounds = (window.end, window.start) if window.kind == "session" else (window.start,)
    return key + b"".join(bound.to_bytes(BOUND_BYTES, "big", signed=True) for bound in bounds)
