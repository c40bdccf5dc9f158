"""Windowed keys: the bytes of the inner key, then the bounds of the window.

The law is Kafka Streams': a time window appends its start, a session its end and then its start, each as 8 bytes
big-endian; the end of a time window is not in the key, so a source must declare WINDOW_SIZE.
"""

from struct import Struct

from headrace.engine.codegen.serde import DecodeError

TIME_BYTES = 8
"""Width of the bounds after a time-windowed key."""

SESSION_BYTES = 16
"""Width of the bounds after a session key."""

_start = Struct(">q")
_session = Struct(">qq")


def window_key(inner: bytes, start: int) -> bytes:
    """The key of a row in a time window."""
    return inner + _start.pack(start)


def session_key(inner: bytes, start: int, end: int) -> bytes:
    """The key of a row in a session."""
    return inner + _session.pack(end, start)


def split_window_key(key: bytes) -> tuple[bytes, int]:
    """The inner key and the start of the window; raises DecodeError."""
    if len(key) < TIME_BYTES:
        raise DecodeError(f"the windowed key has {len(key)} bytes, the window alone takes {TIME_BYTES}")
    return key[:-TIME_BYTES], _start.unpack_from(key, len(key) - TIME_BYTES)[0]


def split_session_key(key: bytes) -> tuple[bytes, int, int]:
    """The inner key, and start and end of the session; raises DecodeError."""
    if len(key) < SESSION_BYTES:
        raise DecodeError(f"the session key has {len(key)} bytes, the window alone takes {SESSION_BYTES}")
    end, start = _session.unpack_from(key, len(key) - SESSION_BYTES)
    return key[:-SESSION_BYTES], start, end
