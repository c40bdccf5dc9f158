"""Keys of types that cannot be dict keys (ARRAY, STRUCT) are kept as bytes."""

import msgspec

_encoder = msgspec.msgpack.Encoder(decimal_format="string")


def freeze(value: object) -> object:
    """Bytes that stand for the value; equal values give equal bytes."""
    return None if value is None else _encoder.encode(value)


def thaw(frozen: bytes | None) -> object:
    """The value again."""
    return None if frozen is None else msgspec.msgpack.decode(frozen)
