"""A 10 s tumbling COUNT, SUM and MAX by hand: state in one Struct per key, dict per window, changed keys kept per window."""

from collections.abc import Sequence
from typing import Any

import msgspec

from reference.decode import ThreeOfWindow

SIZE_MS = 10_000
EMIT_EVERY = 20
"""Batches between two emissions."""


class State(msgspec.Struct, gc=False):
    """What is kept per key and window."""

    count: int
    total: int
    top: int
    timestamp: int


class Out(msgspec.Struct, gc=False):
    """A row of the result."""

    CNT: int
    TOTAL: int
    TOP: int


def run(batches: Sequence[Sequence[Any]]) -> int:
    """Process batches of records; returns how many changes came out: the last per key and window and emission."""
    decode = msgspec.json.Decoder(ThreeOfWindow).decode
    encode = msgspec.json.Encoder().encode
    windows: dict[int, dict[int, State]] = {}
    changed: dict[int, set[int]] = {}
    emitted = 0
    for number, batch in enumerate(batches, 1):
        current = None
        for record in batch:
            bid = decode(record.value)
            timestamp = bid.dateTime
            start = timestamp - timestamp % SIZE_MS
            if start != current:
                window = windows.setdefault(start, {})
                mark = changed.setdefault(start, set()).add
                current = start
            key = bid.auction
            price = bid.price
            state = window.get(key)
            if state is None:
                window[key] = State(1, price, price, timestamp)
            else:
                state.count += 1
                state.total += price
                if price > state.top:
                    state.top = price
                if timestamp > state.timestamp:
                    state.timestamp = timestamp
            mark(key)
        if number % EMIT_EVERY == 0 or number == len(batches):
            output: list[tuple[int, bytes, bytes, Any]] = []
            append = output.append
            for start, keys in changed.items():
                window = windows[start]
                suffix = start.to_bytes(8, "big")
                for key in keys:
                    state = window[key]
                    append(
                        (
                            state.timestamp,
                            key.to_bytes(8, "big") + suffix,
                            encode(Out(state.count, state.total, state.top)),
                            (),
                        )
                    )
            changed.clear()
            emitted += len(output)
    return emitted
