"""Whether more records of a topic come from what queries have read in part, so that whoever merges its partitions waits.

The law: while input is loaded or a backlog is processed, a merging reader sees a topic's partitions as if they had always been
whole, so the order of its records does not depend on when it was started or killed. Otherwise it waits for what is on
its way to the log, and for no longer than `PATIENCE_S`.
"""

from collections.abc import Callable, Collection, Iterator

from headrace.runtime.frontier import CHUNK, Frontier
from headrace.runtime.placement import Placement
from headrace.runtime.query import Query
from headrace.runtime.topology import input_topics

PATIENCE_S = 0.5
"""A partition that gets no records may hold the others back for so long, while new ones come without an end."""


class Feeding:
    """Looks at the queries that write a topic, and at those that write what they read. `running` gives the queries whose
    work is not durable yet."""

    def __init__(self, running: Callable[[], Collection[Query]], elapsed: Callable[[], float]) -> None:
        self._running = running
        self._elapsed = elapsed
        self._since: dict[str, float] = {}
        self.placement: Placement

    def is_fed(self, topic: str) -> bool:
        """Whether to wait for more records of a topic."""
        is_behind, is_moving = self._look(topic)
        if is_behind or not is_moving:
            self._since.pop(topic, None)
            return is_behind
        now = self._elapsed()
        if now - self._since.setdefault(topic, now) < PATIENCE_S:
            return True
        del self._since[topic]
        return False

    def _look(self, topic: str) -> tuple[bool, bool]:
        """Whether more than a step's records are to come, and whether any are."""
        writers: dict[str, list[tuple[Query, Frontier]]] = {}
        for query, frontier in self._active():
            if query.plan.sink:
                writers.setdefault(query.plan.sink.topic, []).append((query, frontier))
        running = self._running()
        is_moving = False
        seen = {topic}
        pending = [topic]
        while pending:
            for query, frontier in writers.get(pending.pop(), ()):
                is_moving = is_moving or query in running
                sources = input_topics(query)
                for cursor in (c for source in sources for c in frontier.cursors.get(source, ())):
                    if cursor.is_loading or cursor.limit - cursor.position > CHUNK:
                        return True, True
                    is_moving = is_moving or cursor.has_unread
                pending += [source for source in sources if source not in seen]
                seen.update(sources)
        return False, is_moving

    def _active(self) -> Iterator[tuple[Query, Frontier]]:
        """The queries that take part in steps, and where they stand."""
        main = self.placement.main
        yield from ((query, main) for query in main.queries.values())
        yield from ((a.query, a.frontier) for a in self.placement.apart.values() if a.is_active)
