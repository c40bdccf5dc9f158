"""Conversions between text, bytes and the numbers that bytes stand for.

Decoding replaces malformed input and encoding to ASCII writes `?`, as Java's charsets do; hexadecimal and base64 text
must be well formed.
"""

import base64
import binascii
import struct
from typing import Any

from headrace.engine.functions.definition import Family
from headrace.engine.functions.errors import FunctionError

family = Family("STRING")

_ORDERS = {"BIG_ENDIAN": ">", "LITTLE_ENDIAN": "<"}
_ENCODINGS = "hex, utf8, ascii, base64"


@family.scalar(
    "TO_BYTES(value STRING, encoding STRING) -> BYTES", examples=(("FROM_BYTES(TO_BYTES('4a', 'hex'), 'utf8')", "J"),)
)
def to_bytes(text: str, encoding: str) -> bytes:
    """Converts a text in an encoding (hex, utf8, ascii or base64) to bytes."""
    match encoding.lower():
        case "utf8":
            return text.encode(errors="replace")
        case "ascii":
            return text.encode("ascii", "replace")
        case "hex":
            return _unhex(text)
        case "base64":
            try:
                return base64.b64decode(text, validate=True)
            except binascii.Error as error:
                raise FunctionError(f'"{text}" is not base64: {error}') from error
    raise FunctionError(f'unknown encoding "{encoding}"; known are {_ENCODINGS}')


@family.scalar(
    "FROM_BYTES(value BYTES, encoding STRING) -> STRING", examples=(("FROM_BYTES(TO_BYTES('J', 'utf8'), 'hex')", "4a"),)
)
def from_bytes(value: bytes, encoding: str) -> str:
    """Converts bytes to text in an encoding (hex, utf8, ascii or base64)."""
    match encoding.lower():
        case "utf8":
            return value.decode(errors="replace")
        case "ascii":
            return value.decode("ascii") if value.isascii() else "".join(chr(b) if b < 128 else "\ufffd" for b in value)
        case "hex":
            return value.hex()
        case "base64":
            return base64.b64encode(value).decode()
    raise FunctionError(f'unknown encoding "{encoding}"; known are {_ENCODINGS}')


@family.scalar(
    "ENCODE(str STRING, inputEncoding STRING, outputEncoding STRING) -> STRING",
    examples=(("ENCODE('Example!', 'ascii', 'hex')", "4578616d706c6521"),),
)
def encode(text: str, source: str, target: str) -> str:
    """Converts a text from one encoding to another (hex, utf8, ascii or base64)."""
    if source.lower() == target.lower():
        raise FunctionError(f'the encodings must differ, both are "{source}"')
    return from_bytes(to_bytes(text, source), target)


@family.scalar("INT_FROM_BYTES(value BYTES[, byteOrder STRING]) -> INT")
def int_from_bytes(value: bytes, order: str = "BIG_ENDIAN") -> int:
    """Converts four bytes to an INT; the byte order is 'BIG_ENDIAN' (the default) or 'LITTLE_ENDIAN'."""
    return int(_unpack("i", value, order))


@family.scalar("BIGINT_FROM_BYTES(value BYTES[, byteOrder STRING]) -> BIGINT")
def bigint_from_bytes(value: bytes, order: str = "BIG_ENDIAN") -> int:
    """Converts eight bytes to a BIGINT; the byte order is 'BIG_ENDIAN' (the default) or 'LITTLE_ENDIAN'."""
    return int(_unpack("q", value, order))


@family.scalar("DOUBLE_FROM_BYTES(value BYTES[, byteOrder STRING]) -> DOUBLE")
def double_from_bytes(value: bytes, order: str = "BIG_ENDIAN") -> float:
    """Converts eight bytes to a DOUBLE; the byte order is 'BIG_ENDIAN' (the default) or 'LITTLE_ENDIAN'."""
    return float(_unpack("d", value, order))


def _unpack(code: str, value: bytes, order: str) -> Any:
    prefix = _ORDERS.get(order.upper())
    if prefix is None:
        raise FunctionError(f'unknown byte order "{order}"; known are {", ".join(_ORDERS)}')
    if len(value) != struct.calcsize(prefix + code):
        raise FunctionError(f"needs {struct.calcsize(prefix + code)} bytes, got {len(value)}")
    return struct.unpack(prefix + code, value)[0]


def _unhex(text: str) -> bytes:
    digits = text
    if text[:2] == "0x":
        # An odd number of digits after 0x is read as if a zero stood before them.
        digits = text[2:] if len(text) % 2 == 0 else "0" + text[2:]
    elif text[:2] in ("X'", "x'"):
        if len(text) < 3 or text[-1] != "'":
            raise FunctionError(f'"{text}" has no closing quote')
        digits = text[2:-1]
    try:
        return binascii.unhexlify(digits)
    except (binascii.Error, ValueError) as error:
        raise FunctionError(f'"{text}" is not hexadecimal: {error}') from error
