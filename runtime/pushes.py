"""Push queries: they read what is committed, keep nothing, and hand their rows to subscriptions.

The law: push queries never take part in commits; one that fails or whose reader is slow disturbs nobody else.
"""

from collections.abc import Callable

from headrace.runtime.commit import Commit, Ledger
from headrace.runtime.cursor import Cursor
from headrace.runtime.frontier import CHUNK, Frontier
from headrace.runtime.log.base import TopicLog
from headrace.runtime.query import TERMINATED, Query
from headrace.runtime.subscription import Subscription
from headrace.runtime.topology import input_topics


class PushQueries:
    """The push queries of a process. Used by the engine thread."""

    def __init__(self, log: TopicLog, *, elapsed: Callable[[], float]) -> None:
        self._log = log
        self._elapsed = elapsed
        self._common = Frontier(log, flows=False, on_failure=self._failed)
        self._own: dict[str, Frontier] = {}
        self._subscriptions: dict[str, Subscription] = {}
        self._owing: dict[Query, float] = {}
        self._bounded: set[str] = set()
        self.queries: dict[str, Query] = {}

    @property
    def has_work(self) -> bool:
        """Whether a step would do something."""
        if self._common.unread:
            return True
        now = self._elapsed()
        if any(due <= now for due in self._owing.values()):
            return True
        return any(self._may_run(query_id, frontier) for query_id, frontier in self._own.items())

    def next_time(self) -> float | None:
        """When there may be work without new records."""
        return min(self._owing.values(), default=None)

    def start(self, query: Query, cursors: list[Cursor], subscription: Subscription, *, bounded: bool) -> None:
        """Take in a query; a bounded one ends where its cursors end."""
        if bounded:
            self._bounded.add(query.id)
        self.queries[query.id] = query
        self._subscriptions[query.id] = subscription
        if not bounded and self._common.stands_at(query, cursors):
            self._common.add(query, cursors)
        else:
            self._set_apart(query, cursors)
        self._finish_bounded(query)

    def stop(self, query_id: str, error: Exception | None = None) -> None:
        """Let a query go and end its subscription."""
        query = self.queries.pop(query_id, None)
        if query is None:
            return
        query.state = TERMINATED
        self._owing.pop(query, None)
        if query_id in self._common.queries:
            self._common.remove(query)
        self._own.pop(query_id, None)
        self._bounded.discard(query_id)
        self._subscriptions.pop(query_id).end(error)
        query.drop()

    def notice(self, topic: str) -> None:
        """Look for new records of a topic."""
        self._common.notice(topic)
        for frontier in self._own.values():
            frontier.notice(topic)

    def notice_all(self) -> None:
        """Look for new records of all topics."""
        self._common.notice_all()
        for frontier in self._own.values():
            frontier.notice_all()

    def step(self) -> bool:
        """Process a slice of what is unread; says whether anything was done."""
        if not self.has_work:
            return False
        self._advance(self._common)
        for query_id, frontier in list(self._own.items()):
            if self._may_run(query_id, frontier):
                self._advance(frontier)
            query = self.queries.get(query_id)
            if query is not None:
                self._finish_bounded(query)
        self._emit_due()
        for query_id, subscription in list(self._subscriptions.items()):
            if subscription.is_ended:
                self.stop(query_id)
            elif subscription.is_full and query_id in self._common.queries:
                query = self.queries[query_id]
                self._set_apart(query, self._common.remove(query))
            elif query_id in self._own:
                self._try_merge(self.queries[query_id])
        return True

    def _may_run(self, query_id: str, frontier: Frontier) -> bool:
        return bool(frontier.unread) and not self._subscriptions[query_id].is_full

    def _advance(self, frontier: Frontier) -> None:
        if not frontier.unread:
            return
        frontier.advance(CHUNK, Commit(0, 0.0, Ledger()), self._ran)

    def _failed(self, query: Query, error: Exception) -> None:
        subscription = self._subscriptions.get(query.id)
        if subscription is not None:
            subscription.end(error)  # the query goes at the end of the step

    def _ran(self, query: Query) -> None:
        if query.absorb() and query not in self._owing:
            self._owing[query] = self._elapsed() + query.emission_interval / 1_000
        for task in query.tasks_with_changes:
            for store in task.stores:
                store.keep_nothing()
        query.settled()
        self._hand_over(query)

    def _emit_due(self) -> None:
        """Emit by the interval, and at once where a query has used up its input: readers of push queries wait for rows."""
        now = self._elapsed()
        for query in [q for q, due in self._owing.items() if due <= now or not self._frontier(q).unread]:
            del self._owing[query]
            try:
                query.emit()
            except Exception as error:
                self._failed(query, error)
                continue
            query.settled()
            self._hand_over(query)

    def _hand_over(self, query: Query) -> None:
        rows = [row for _, taken in query.buffer().take() for row in taken]
        problems, counts = query.problems.take()
        counts.records_out += len(rows)
        query.counters.add(counts)
        subscription = self._subscriptions.get(query.id)
        if subscription is not None:
            subscription.note(problems, counts)
        if rows and subscription is not None and not subscription.is_ended:
            subscription.add(rows)

    def _frontier(self, query: Query) -> Frontier:
        return self._own.get(query.id, self._common)

    def _set_apart(self, query: Query, cursors: list[Cursor]) -> None:
        frontier = self._own[query.id] = Frontier(self._log, flows=False, on_failure=self._failed)
        frontier.add(query, cursors)

    def _try_merge(self, query: Query) -> None:
        frontier = self._own[query.id]
        cursors = [c for topic in input_topics(query) for c in frontier.cursors[topic]]
        if query.id not in self._bounded and not frontier.unread and self._common.stands_at(query, cursors):
            del self._own[query.id]
            self._common.add(query, cursors)

    def _finish_bounded(self, query: Query) -> None:
        frontier = self._own.get(query.id)
        if query.id not in self._bounded or frontier is None or frontier.unread:
            return
        if query in self._owing:
            self._owing[query] = 0.0
            self._emit_due()
        try:
            if query.close_windows():
                query.settled()
                self._hand_over(query)
        except Exception as error:
            self.stop(query.id, error)
            return
        self.stop(query.id)
