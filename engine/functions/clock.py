"""Where functions get time and chance from.

The engine itself knows no clock: `UNIX_TIMESTAMP()`, `UNIX_DATE()`, `RANDOM()`, `UUID()` and the deprecated conversions
that use the server's zone ask the clock that the registry was built with.
"""

from dataclasses import dataclass
from typing import Protocol


class FunctionClock(Protocol):
    """The time, the zone and the randomness that functions see."""

    @property
    def zone(self) -> str:
        """The server's time zone, as an IANA name ("UTC")."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""

    def random(self) -> float:
        """A number in [0, 1)."""

    def random_bytes(self, count: int) -> bytes:
        """That many random bytes."""


@dataclass(frozen=True, slots=True)
class StoppedClock:
    """A clock that stands still and always throws the same dice: what a registry has that was given no clock."""

    time_ms: int = 0
    zone: str = "UTC"

    def now_ms(self) -> int:
        """The time it was stopped at."""
        return self.time_ms

    def random(self) -> float:
        """Always 0.5."""
        return 0.5

    def random_bytes(self, count: int) -> bytes:
        """Always zeros."""
        return bytes(count)
