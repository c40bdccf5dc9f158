"""Counts of what a query did.

The law: what a step counts becomes part of the totals only with the commit that keeps the step's results.
"""

from dataclasses import dataclass, fields


@dataclass(slots=True)
class Counters:
    """Counts by name; they add up."""

    records_in: int = 0
    records_out: int = 0
    undecodable: int = 0
    failed: int = 0
    skipped: int = 0
    late: int = 0
    restarts: int = 0

    def add(self, other: "Counters") -> None:
        """Add the counts of another."""
        for name in NAMES:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return {name: getattr(self, name) for name in NAMES}


NAMES = tuple(f.name for f in fields(Counters))
