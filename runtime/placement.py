"""Which frontier each persistent query stands on: the common one, or one of its own while it is paused, failed or behind.

The law: a query moves only when nothing is uncommitted, so its position is the committed one wherever it stands.
"""

from collections.abc import Callable, Iterable, Iterator

from headrace.runtime.cursor import Cursor
from headrace.runtime.frontier import Frontier
from headrace.runtime.log.base import TopicLog, UnknownTopic
from headrace.runtime.query import Query
from headrace.runtime.standing import Apart


class Placement:
    """The common frontier and the queries apart from it."""

    def __init__(self, log: TopicLog, *, is_fed: Callable[[str], bool] = lambda topic: False) -> None:
        self._log = log
        self._is_fed = is_fed
        self.main = Frontier(log, flows=log.is_gapless, is_fed=is_fed)
        self.apart: dict[str, Apart] = {}
        self.loading: set[str] = set()
        """Topics that more records are about to come to."""

    @property
    def frontiers(self) -> Iterator[Frontier]:
        """All frontiers, the common one first."""
        yield self.main
        for apart in self.apart.values():
            yield apart.frontier

    @property
    def has_unread(self) -> bool:
        """Whether a query that is not paused or in error has unread records."""
        return bool(self.main.unread) or any(a.is_active and a.frontier.unread for a in self.apart.values())

    def place(self, query: Query, cursors: list[Cursor]) -> None:
        """Take in a query: on the common frontier, where it stands there."""
        for cursor in cursors:
            cursor.is_loading = cursor.topic in self.loading
        if self.main.stands_at(query, cursors):
            self.main.add(query, cursors)
        else:
            self.add_apart(query, cursors)

    def add_apart(self, query: Query, cursors: Iterable[Cursor], *, offset_reset: str = "earliest") -> Apart:
        """Take in a query apart; without cursors it cannot run yet."""
        frontier = Frontier(self._log, flows=False, is_fed=self._is_fed)
        cursors = list(cursors)
        if cursors:
            frontier.add(query, cursors)
        apart = self.apart[query.id] = Apart(query, frontier, offset_reset)
        return apart

    def set_apart(self, query: Query) -> Apart:
        """Take a query off the common frontier."""
        apart = self.apart.get(query.id)
        return self.add_apart(query, self.main.remove(query)) if apart is None else apart

    def remove(self, query: Query) -> None:
        """Let a query go."""
        if query.id in self.main.queries:
            self.main.remove(query)
        self.apart.pop(query.id, None)

    def merge(self, apart: Apart) -> None:
        """Let a query that has caught up join the common frontier, if it stands there."""
        query = apart.query
        cursors = [c for topic in apart.frontier.cursors.values() for c in topic]
        if query.id in self.apart and not apart.frontier.unread and self.main.stands_at(query, cursors):
            del self.apart[query.id]
            self.main.add(query, cursors)

    def notice(self, topic: str) -> None:
        """Look for new records of a topic."""
        for frontier in self.frontiers:
            frontier.notice(topic)

    def notice_all(self) -> None:
        """Look for new records of all topics."""
        for frontier in self.frontiers:
            frontier.notice_all()

    def rewind(self) -> None:
        """Go back to the last commit."""
        for frontier in self.frontiers:
            frontier.rewind()

    def set_loading(self, topic: str, *, loading: bool) -> None:
        """Note whether more records of a topic are about to come."""
        (self.loading.add if loading else self.loading.discard)(topic)
        for frontier in self.frontiers:
            for cursor in frontier.cursors.get(topic, ()):
                cursor.is_loading = loading
            if not loading and topic in frontier.cursors:
                frontier.wake(topic)

    def mark_unflowed(self, topic: str, partitions: Iterable[int], serial: int) -> None:
        """Readers get the rows that a commit has for these partitions from the log only."""
        for cursor in self.main.cursors.get(topic, ()):
            if cursor.partition in partitions:
                cursor.unflowed = serial

    def lag(self, query: Query) -> int:
        """The records of its inputs that a query has not processed."""
        apart = self.apart.get(query.id)
        frontier = self.main if apart is None else apart.frontier
        inputs = query.plan.sub_topologies[0].inputs
        cursors = [c for i in inputs for c in frontier.cursors.get(i.topic, ())]
        try:
            return sum(max(self._log.end_offset(c.topic, c.partition) - c.position, 0) for c in cursors)
        except UnknownTopic:
            return 0
