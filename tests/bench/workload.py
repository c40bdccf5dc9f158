"""Workload W: Nexmark-like bids as JSON of about 190 bytes, 8 fields, deterministic (seed 42).

Event time advances 1 ms per bid, one in ten is up to 2 s late; auctions are drawn with a skew from 10,000.
"""

import random
from collections.abc import Iterator

CHANNELS = ("Google", "Facebook", "Baidu", "Apple")
BASE_MS = 1_700_000_000_000


def bids(count: int, seed: int = 42) -> Iterator[tuple[int, bytes, bytes]]:
    """(event time in ms, key, JSON value) of each bid; the key is the auction as text."""
    source = random.Random(seed)
    draw = source.random
    for number in range(count):
        auction = 1000 + int(draw() ** 2 * 10_000)
        bidder = 1000 + int(draw() * 100_000)
        price = int(10 ** (draw() * 6)) + 100
        choice = int(draw() * 8)
        channel = CHANNELS[choice] if choice < 4 else f"channel-{int(draw() * 10_000)}"
        time = BASE_MS + number - (int(draw() * 2000) if draw() < 0.1 else 0)
        extra = f"{source.getrandbits(80):020x}"
        value = (
            f'{{"bid_id":{number},"auction":{auction},"bidder":{bidder},"price":{price},"channel":"{channel}",'
            f'"url":"https://www.nexmark.com/{extra[:6]}/item.htm?q={choice}","dateTime":{time},"extra":"{extra}"}}'
        )
        yield time, str(auction).encode(), value.encode()
