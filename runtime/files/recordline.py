"""A record as one line of JSON: `{"topic","partition","offset","timestamp","key","value","headers"}`.

The law: `read_record(write_record(r))` gives the same bytes. A key, value or header stands as itself where its bytes are a
JSON object or array, as a text where they are any other UTF-8, as `{"base64": …}` where they are not text, as null where
there is none.
"""

import base64
import json
from dataclasses import dataclass

import msgspec

from headrace.runtime.log.base import Headers, Record


@dataclass(frozen=True, slots=True)
class LineRecord:
    """What a line says; `partition` and `timestamp` are None where it leaves them to the reader."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()
    timestamp: int | None = None
    partition: int | None = None


class _Header(msgspec.Struct):
    key: str
    value: msgspec.Raw = msgspec.Raw(b"null")


class _Line(msgspec.Struct):
    key: msgspec.Raw = msgspec.Raw(b"null")
    value: msgspec.Raw = msgspec.Raw(b"null")
    headers: list[_Header] = []
    timestamp: int | None = None
    partition: int | None = None


_decode = msgspec.json.Decoder(_Line).decode
_base64_object = msgspec.json.Decoder(dict[str, str])


def write_record(topic: str, partition: int, record: Record) -> str:
    """The line of a record, without its end."""
    return (
        f'{{"topic":{json.dumps(topic)},"partition":{partition},"offset":{record.offset},"timestamp":{record.timestamp},'
        f'"key":{_write(record.key)},"value":{_write(record.value)},"headers":[{_write_headers(record.headers)}]}}'
    )


def read_record(line: bytes) -> LineRecord:
    """The record that a line says; raises ValueError where it says none."""
    try:
        found = _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error
    headers = tuple((h.key, _read(h.value)) for h in found.headers)
    return LineRecord(_read(found.key), _read(found.value), headers, found.timestamp, found.partition)


def _write_headers(headers: Headers) -> str:
    return ",".join(f'{{"key":{json.dumps(name)},"value":{_write(value)}}}' for name, value in headers)


def _write(data: bytes | None) -> str:
    if data is None:
        return "null"
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return f'{{"base64":"{base64.b64encode(data).decode()}"}}'
    if text[:1] in ("{", "[") and _stands_as_itself(data):
        return text
    return json.dumps(text, ensure_ascii=False)


def _stands_as_itself(data: bytes) -> bool:
    if b"\n" in data or b"\r" in data or data[-1:] not in (b"}", b"]") or _base64(data) is not None:
        return False
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _read(raw: msgspec.Raw) -> bytes | None:
    data = bytes(raw)
    if data == b"null":
        return None
    if data[:1] == b'"':
        return msgspec.json.decode(data, type=str).encode()
    found = _base64(data) if data[:1] == b"{" else None
    return data if found is None else found


def _base64(data: bytes) -> bytes | None:
    if b'"base64"' not in data:
        return None
    try:
        found = _base64_object.decode(data)
        return base64.b64decode(found["base64"], validate=True) if found.keys() == {"base64"} else None
    except ValueError:
        return None


def spread(record: LineRecord, partitions: int) -> int | None:
    """The partition that a line asks for, where the topic has it."""
    asked = record.partition
    return asked if asked is not None and 0 <= asked < partitions else None
