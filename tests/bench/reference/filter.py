"""Filter and projection by hand: bids over 1,000, three columns, one multiplication, JSON in and out."""

from collections.abc import Sequence
from typing import Any

import msgspec

from reference.decode import ThreeOfFilter


class Out(msgspec.Struct, gc=False):
    """A row of the result."""

    AUCTION: int
    PRICE: float
    BIDDER: int


def run(batches: Sequence[Sequence[Any]]) -> int:
    """Process batches of records; returns how many rows came out. What comes out is what a sink needs."""
    decode = msgspec.json.Decoder(ThreeOfFilter).decode
    encode = msgspec.json.Encoder().encode
    count = 0
    for batch in batches:
        output: list[tuple[int, bytes | None, bytes, Any]] = []
        append = output.append
        for record in batch:
            bid = decode(record.value)
            price = bid.price
            if price > 1000:
                append(
                    (record.timestamp, record.key, encode(Out(bid.auction, price * 0.908, bid.bidder)), record.headers)
                )
        count += len(output)
    return count
