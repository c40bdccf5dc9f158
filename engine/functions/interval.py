"""Durations given as a number of units."""

from headrace.engine.functions.errors import FunctionError

UNIT_MS = {
    "DAYS": 86_400_000,
    "HOURS": 3_600_000,
    "MINUTES": 60_000,
    "SECONDS": 1_000,
    "MILLISECONDS": 1,
}
"""Milliseconds of each unit that durations may have."""


def in_milliseconds(unit: str, count: int) -> int:
    """The duration in milliseconds; raises FunctionError for a unit without a fixed length."""
    length = UNIT_MS.get(unit)
    if length is None:
        raise FunctionError(f'unit "{unit}" has no fixed length; use {", ".join(UNIT_MS)}')
    return length * count
