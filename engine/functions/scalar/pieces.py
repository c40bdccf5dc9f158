"""Functions that treat text and bytes alike: concatenation, substrings, padding.

One Python function serves both, as `str` and `bytes` share these operations.
"""

from typing import TypeVar

from headrace.engine.functions.definition import Family
from headrace.engine.functions.errors import FunctionError

family = Family("STRING")

S = TypeVar("S", str, bytes)


@family.scalar(
    "CONCAT(col1 STRING, cols STRING...) -> STRING",
    null_strict=False,
    can_fail=False,
    examples=(("CONCAT('a', NULL, 'b')", "ab"),),
)
def concat_text(*parts: str | None) -> str:
    """Joins texts or bytes; NULLs count as empty."""
    return "".join(part for part in parts if part is not None)


@family.scalar("CONCAT(col1 BYTES, cols BYTES...) -> BYTES", null_strict=False, can_fail=False)
def concat_bytes(*parts: bytes | None) -> bytes:
    """Joins texts or bytes; NULLs count as empty."""
    return b"".join(part for part in parts if part is not None)


@family.scalar(
    "CONCAT_WS(delimiter STRING, inputs STRING...) -> STRING",
    "CONCAT_WS(delimiter BYTES, inputs BYTES...) -> BYTES",
    null_strict=False,
    examples=(("CONCAT_WS('-', 'a', NULL, 'b')", "a-b"),),
)
def concat_ws(delimiter: S | None, *parts: S | None) -> S | None:
    """Joins texts or bytes with a delimiter between them, skipping NULLs."""
    if not parts:
        raise FunctionError("nothing to join: a delimiter needs at least one more argument")
    return None if delimiter is None else delimiter.join([part for part in parts if part is not None])


@family.scalar(
    "SUBSTRING(value STRING, pos INT[, length INT]) -> STRING",
    "SUBSTRING(value BYTES, pos INT[, length INT]) -> BYTES",
    can_fail=False,
    examples=(
        ("SUBSTRING('some_string', 6)", "string"),
        ("SUBSTRING('some_string', 6, 3)", "str"),
        ("SUBSTRING('some_string', -6, 3)", "str"),
        ("SUBSTRING('some_string', 0, 4)", "some"),
    ),
)
def substring(value: S, position: int, length: int | None = None) -> S:
    """Returns a part of a text or bytes, from a position (from 1, or negative from the end) on."""
    if position > 0:
        start = position - 1
    else:
        start = max(len(value) + position, 0) if position else 0
    return value[start:] if length is None else value[start : start + max(length, 0)]


@family.scalar(
    "LPAD(input STRING, targetLen INT, padding STRING) -> STRING",
    "LPAD(input BYTES, targetLen INT, padding BYTES) -> BYTES",
    can_fail=False,
    examples=(("LPAD('foo', 7, 'Bar')", "BarBfoo"), ("LPAD('foo', 2, 'Bar')", "fo")),
)
def lpad(value: S, length: int, padding: S) -> S | None:
    """Pads or cuts a text or bytes to a length, adding padding at the left."""
    if length < 0 or not padding:
        return None
    missing = length - len(value)
    return value[:length] if missing <= 0 else _fill(padding, missing) + value


@family.scalar(
    "RPAD(input STRING, targetLen INT, padding STRING) -> STRING",
    "RPAD(input BYTES, targetLen INT, padding BYTES) -> BYTES",
    can_fail=False,
    examples=(("RPAD('foo', 7, 'Bar')", "fooBarB"),),
)
def rpad(value: S, length: int, padding: S) -> S | None:
    """Pads or cuts a text or bytes to a length, adding padding at the right."""
    if length < 0 or not padding:
        return None
    missing = length - len(value)
    return value[:length] if missing <= 0 else value + _fill(padding, missing)


def _fill(padding: S, length: int) -> S:
    return (padding * (length // len(padding) + 1))[:length]
