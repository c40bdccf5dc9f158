"""Only decoding: the ceiling of every loop over JSON. The references must stay near it, or the comparison means nothing."""

from collections.abc import Sequence
from typing import Any

import msgspec


class ThreeOfFilter(msgspec.Struct, gc=False):
    """The columns that the filter reads."""

    auction: int
    bidder: int
    price: int


class ThreeOfWindow(msgspec.Struct, gc=False):
    """The columns that the window reads."""

    auction: int
    price: int
    dateTime: int


def decode_only(batches: Sequence[Sequence[Any]], row: type[msgspec.Struct]) -> int:
    """Decode every record's value; returns how many."""
    decode = msgspec.json.Decoder(row).decode
    count = 0
    for batch in batches:
        for record in batch:
            decode(record.value)
        count += len(batch)
    return count
