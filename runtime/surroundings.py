"""Time, zone and chance for SQL functions: UNIX_TIMESTAMP(), RANDOM(), UUID() and the conversions in the server's zone."""

import os
import random
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from headrace.engine.services import Clock

_LOCAL_TIME = Path("/etc/localtime")


class FunctionSurroundings:
    """What functions see of the machine (`engine.functions.clock.FunctionClock`); time comes from the engine's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._random = random.SystemRandom()
        self.zone = _system_zone()

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        return self._clock.now_ms()

    def random(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()

    def random_bytes(self, count: int) -> bytes:
        """That many random bytes."""
        return os.urandom(count)


def _system_zone() -> str:
    """The IANA name of the machine's zone: TZ, else where /etc/localtime leads, else UTC."""
    named = os.environ.get("TZ", "").lstrip(":") or str(_LOCAL_TIME.resolve()).rpartition("zoneinfo/")[2]
    try:
        return ZoneInfo(named).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
