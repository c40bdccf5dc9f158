"""A query that is not on the common frontier: paused, failed, or catching up."""

from dataclasses import dataclass

from headrace.runtime.frontier import Frontier
from headrace.runtime.query import Query


@dataclass(slots=True, eq=False)
class Apart:
    """A query on a frontier of its own, and when it is to be tried again."""

    query: Query
    frontier: Frontier
    offset_reset: str = "earliest"
    is_paused: bool = False
    retry_at: float | None = None
    merge_at: float = 0.0
    _backoff: float = 0.0

    @property
    def is_active(self) -> bool:
        """Whether it takes part in steps."""
        return not self.is_paused and self.retry_at is None

    @property
    def is_recovering(self) -> bool:
        """Whether it failed and was not yet seen to work again."""
        return self.retry_at is not None and not self.is_paused

    @property
    def has_failed(self) -> bool:
        """Whether it failed since it was set apart, or never could start."""
        return self._backoff > 0

    def is_due(self, now: float) -> bool:
        """Whether a step would do something for it."""
        if self.is_paused:
            return False
        if self.retry_at is not None:
            return self.retry_at <= now
        return bool(self.frontier.unread) or self.merge_at <= now

    def retry_later(self, now: float, first: float, last: float) -> None:
        """Try it again after a while, longer each time."""
        self._backoff = min(max(self._backoff * 2, first), last)
        self.retry_at = now + self._backoff
