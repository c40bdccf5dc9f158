"""Where a reader stands in one topic partition.

The law: `position` is the first offset that no step has taken; `durable` is what the last commit kept of it. Records
that were read but not taken yet wait in `ahead`.
"""

from typing import Any

from headrace.runtime.log.base import TopicLog


class Cursor:
    """The position of a frontier in a topic partition."""

    __slots__ = (
        "ahead",
        "durable",
        "durable_high",
        "end",
        "high",
        "is_fed",
        "is_loading",
        "partition",
        "position",
        "read_to",
        "topic",
        "unflowed",
        "until",
    )

    def __init__(self, topic: str, partition: int, position: int, *, high: int = -1) -> None:
        self.topic = topic
        self.partition = partition
        self.position = self.read_to = self.durable = position
        self.high = self.durable_high = high
        self.end = position
        """The end of the partition as far as it is known, with rows that are on their way to the log."""
        self.until: int | None = None
        """Where a bounded query ends."""
        self.ahead: list[Any] = []
        self.unflowed = 0
        """The last commit that holds rows of this partition which no reader has got within their step."""
        self.is_loading = False
        """More is known to come (an input file that is being loaded)."""
        self.is_fed = False
        """More may come from a query that has not processed all of its input."""

    @property
    def has_unread(self) -> bool:
        """Whether records wait here."""
        return bool(self.ahead) or self.read_to < self.limit

    @property
    def has_more(self) -> bool:
        """Whether records are known to come after those read ahead."""
        return self.read_to < self.limit or self.is_loading or self.is_fed

    @property
    def limit(self) -> int:
        """Where reading ends for now."""
        return self.end if self.until is None else min(self.end, self.until)

    def fill(self, log: TopicLog, chunk: int) -> None:
        """Read on until about `chunk` records wait, or fewer where they are large."""
        while len(self.ahead) * 2 < chunk and self.read_to < self.limit:
            part = log.read(self.topic, self.partition, self.read_to, max_records=chunk)
            if part.next_offset <= self.read_to:
                self.end = self.read_to
                return
            records = part.records
            if self.until is not None and part.next_offset > self.until:
                records = [r for r in records if r.offset < self.until]
            if self.ahead:
                self.ahead.extend(records)
            else:
                self.ahead = records if isinstance(records, list) else list(records)
            self.read_to = part.next_offset
            if 0 < len(records) < chunk:
                return  # the log ended the slice by its bytes

    def take(self, count: int) -> list[Any]:
        """The first records that wait."""
        taken = self.ahead
        if count >= len(taken):
            self.ahead = []
            self.position = self.read_to
            return taken
        self.ahead = taken[count:]
        self.position = self.ahead[0].offset
        return taken[:count]

    def flow(self, rows: int) -> int:
        """Pass over rows that readers get before the log has them; returns the offset of the first."""
        first = self.position
        self.position = self.read_to = self.end = first + rows
        return first

    def keep(self, position: int, high: int) -> None:
        """A commit has kept the position."""
        self.durable, self.durable_high = position, high

    def rewind(self) -> None:
        """Go back to what the last commit kept."""
        self.position = self.read_to = self.durable
        self.end = min(self.end, self.durable)
        self.high = self.durable_high
        self.ahead = []
