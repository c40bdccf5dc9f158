"""One commit of a store as bytes: a version byte, then msgpack of stream time, emission mark and the changed keys.

The mark says how many of the last blobs, with this one, hold changes that no emission has shown: 0 where all are shown.

The law: a blob carries the new state of every key it names (None: deleted), so applying blobs in order, or one of them
twice, gives the same store.
"""

import struct
from types import GenericAlias
from typing import Any, cast

import msgspec

from headrace.engine.codegen.stage import StoreSpec
from headrace.runtime.log.base import LogCorrupt

VERSION = 1
_VERSION_BYTE = bytes([VERSION])
_ENCODER = msgspec.msgpack.Encoder()
_BIAS = 1 << 63

Changes = tuple[int, int, dict[Any, Any]]
"""(stream time, emission mark, {key: state or None} or {window: {key: state or None}})."""


class StoreCodec:
    """Encodes and decodes what a store keeps durably, by the types of its spec."""

    __slots__ = ("_decoder", "_keys", "_states", "spec")

    def __init__(self, spec: StoreSpec) -> None:
        self.spec = spec
        self._decoder: msgspec.msgpack.Decoder[Changes] | None = None
        self._keys: msgspec.msgpack.Decoder[Any] | None = None
        self._states: msgspec.msgpack.Decoder[Any] | None = None

    def encode(self, stream_time: int, changes: dict[Any, Any], *, mark: int) -> bytes:
        """One blob."""
        return _VERSION_BYTE + _ENCODER.encode((stream_time, mark, changes))

    def decode(self, blob: bytes) -> Changes:
        """The content of a blob; raises LogCorrupt where it is none of ours."""
        if blob[:1] != _VERSION_BYTE:
            raise LogCorrupt(
                f'State of "{self.spec.name}" has version {blob[0] if blob else "none"}; this release reads version {VERSION}.'
            )
        if self._decoder is None:
            self._decoder = msgspec.msgpack.Decoder(GenericAlias(tuple, (int, int, self._changes_type())))
        try:
            return self._decoder.decode(memoryview(blob)[1:])
        except msgspec.MsgspecError as error:
            raise LogCorrupt(f'State of "{self.spec.name}" cannot be read: {error}.') from error

    def key_bytes(self, window: int | None, key: Any) -> bytes:
        """A key of the checkpoint table; windows sort by start."""
        encoded = _ENCODER.encode(key)
        return encoded if window is None else window_bytes(window) + encoded

    def state_bytes(self, state: Any) -> bytes:
        """A value of the checkpoint table."""
        return _VERSION_BYTE + _ENCODER.encode(state)

    def split_key(self, data: bytes) -> tuple[int | None, Any]:
        """The window start (None: not windowed) and key of a checkpoint key."""
        if self._keys is None:
            self._keys = msgspec.msgpack.Decoder(self.spec.key_type)
        if not self.spec.windowed:
            return None, self._keys.decode(data)
        return cast(int, struct.unpack_from(">Q", data)[0]) - _BIAS, self._keys.decode(memoryview(data)[8:])

    def state(self, data: bytes) -> Any:
        """The state of a checkpoint value."""
        if self._states is None:
            self._states = msgspec.msgpack.Decoder(self._state_type())
        return self._states.decode(memoryview(data)[1:])

    def _state_type(self) -> Any:
        return GenericAlias(list, (self.spec.state_type,)) if self.spec.session else self.spec.state_type

    def _changes_type(self) -> Any:
        keys = GenericAlias(dict, (self.spec.key_type, self._state_type() | None))
        return GenericAlias(dict, (int, keys)) if self.spec.windowed else keys


def window_bytes(window: int) -> bytes:
    """A window start whose bytes sort as the number does."""
    return struct.pack(">Q", window + _BIAS)
