"""Runs queries in steps and keeps what they did in commits.

The law: a step takes every query on the frontier over the same slices of input, and ends where a commit could be; what is
uncommitted can be undone as a whole. Nothing is done for a query whose topics have no new records.
"""

import logging
from collections.abc import Callable, Iterable, Sequence

from headrace.engine.services import Clock
from headrace.runtime.commit import Appended, Commit, Committer, Ledger
from headrace.runtime.durable import Durable
from headrace.runtime.feeding import Feeding
from headrace.runtime.frontier import CHUNK, StageFailed
from headrace.runtime.log.base import LogConflict, LogError, Row, TopicLog, UnknownTopic
from headrace.runtime.log.topicname import check_partition
from headrace.runtime.placement import Placement
from headrace.runtime.processing_log import entry_rows
from headrace.runtime.query import ERROR, RUNNING, Query
from headrace.runtime.standing import Apart

COMMIT_INTERVAL_S = 0.050
"""A commit is begun at the latest this long after its first step, so that one comes at least every 100 ms also where the
disk is slow. At 90 ms rows wait long enough to leave the processor's cache, which costs a tenth of the CPU time."""
STEP_S = 0.010
"""Steps are cut so that they take about this long; the engine does other things between them."""
EMIT_KEYS = 5_000
"""Keys that a step emits at most, about 10 ms of work."""
FIRST_RETRY_S = 1.0
LAST_RETRY_S = 60.0
MERGE_INTERVAL_S = 0.1

_logger = logging.getLogger(__name__)


class Scheduler:
    """The persistent queries of a process. Used by one thread."""

    def __init__(
        self,
        log: TopicLog,
        clock: Clock,
        durable: Durable,
        *,
        elapsed: Callable[[], float],
        committer: Committer,
        problem_topic: str,
    ) -> None:
        self._log = log
        self._clock = clock
        self._durable = durable
        self._elapsed = elapsed
        self._committer = committer
        self._problem_topic = problem_topic
        self._ledger = Ledger()
        self._serial = 0
        self._open: Commit | None = None
        self._chunk = CHUNK
        self._owing: dict[Query, float] = {}
        self._stalled_until = 0.0
        self._stall = FIRST_RETRY_S
        self._stalled: dict[Query, None] = {}
        feeding = Feeding(self._uncommitted, elapsed)
        self.placement = feeding.placement = Placement(log, is_fed=feeding.is_fed)
        self.main = self.placement.main
        self.apart = self.placement.apart
        self.commit_interval = COMMIT_INTERVAL_S
        self.emits_when_idle = False
        """Whether changes are emitted as soon as the input is used up, rather than by the emission interval."""
        self.on_committed: Callable[[Iterable[str]], None] = lambda topics: None

    # What may be asked at any time.

    @property
    def is_idle(self) -> bool:
        """Whether all input is used up, emitted and committed."""
        return (
            not self.placement.has_unread
            and self._open is None
            and not self._committer.is_busy
            and not self._owing
            and not self.placement.loading
        )

    @property
    def has_work(self) -> bool:
        """Whether a step would do something now."""
        now = self._elapsed()
        if now < self._stalled_until:
            # Rows from outside are not kept waiting: whether they fit is tried at once.
            return self._open is not None and not self._committer.is_busy
        if self.main.unread or (self._open is not None and not self._committer.is_busy):
            return True
        if self._is_emission_due:
            return True
        return any(a.is_due(now) for a in self.apart.values())

    def next_time(self) -> float | None:
        """When there may be work without new records."""
        times = list(self._owing.values())
        times += (a.retry_at for a in self.apart.values() if a.retry_at is not None)
        if self._stalled_until > self._elapsed():
            times.append(self._stalled_until)
        return min(times, default=None)

    # Steps.

    def step(self) -> bool:
        """Process a slice of what is unread, and commit where that is due; says whether anything was done."""
        self._collect(wait=False)
        if not self.has_work:
            return False
        began = self._elapsed()
        if began < self._stalled_until:
            return self._submit()
        try:
            count = self._advance()
            worked = self._recover() or count > 0
            worked = self._emit_some() or worked
        except StageFailed as failure:
            self._undo(failure)
            return True
        if count:
            self._fit_chunk(self._elapsed() - began)
        for apart in list(self.apart.values()):
            self._try_merge(apart)
        return self._commit_if_due(used_up=not worked or not self.placement.has_unread) or worked

    def settle(self) -> None:
        """Commit everything uncommitted and wait until it is durable (or was undone)."""
        self._collect(wait=True)
        if self._open is not None:
            self._submit()
            self._collect(wait=True)

    def emit_all(self) -> None:
        """Emit every change now."""
        now = self._elapsed()
        for query in self._owing:
            self._owing[query] = now

    def close_windows(self, queries: Iterable[Query]) -> bool:
        """Close the windows of the first query that has open ones; says whether there was one. Its readers come after it."""
        for query in queries:
            try:
                if query.state == RUNNING and query.close_windows():
                    self._commit().ran[query] = None
                    return True
            except Exception as error:
                self._undo(StageFailed((query,), error))
        return False

    def append(self, appended: Appended) -> None:
        """Take rows from outside into the next commit. Raises LogError where they have no place, lest the commit fail."""
        if appended.rows:
            topic = self._log.describe(appended.topic)
            if topic is None:
                raise UnknownTopic(f'There is no topic "{appended.topic}"')
            for partition in appended.rows:
                check_partition(topic.name, partition, topic.partitions)
        self._include(self._commit(), appended)

    def abandon(self, error: Exception) -> None:
        """Tell whoever waits for rows to be kept how that ended; there are no more steps."""
        written = self._committer.collect(wait=True)
        for appended in written.appended if written is not None else ():
            if written is not None and written.error is None:
                appended.done.set_result(None)
            else:
                appended.done.set_exception(error)
        for appended in self._open.appended if self._open is not None else ():
            appended.done.set_exception(error)
        self._open = None

    # Queries.

    def start(self, query: Query, *, offset_reset: str, paused: bool = False) -> None:
        """Take in a query. Raises UnknownTopic where an input is not there."""
        self.settle()
        cursors = self._durable.cursors(query, offset_reset=offset_reset, commit=self._commit)
        self.placement.place(query, cursors)
        if paused:
            self.pause(query)
        else:
            self._owe(query)
        self.settle()

    def start_failed(self, query: Query, message: str, offset_reset: str) -> None:
        """Take in a query that cannot run yet; it is tried again and again."""
        query.fail(message, self._clock.now_ms())
        apart = self.placement.add_apart(query, (), offset_reset=offset_reset)
        apart.retry_later(self._elapsed(), FIRST_RETRY_S, LAST_RETRY_S)

    def stop(self, query: Query, *, forget: bool) -> None:
        """Let a query go; with `forget` all that is kept of it, too."""
        self.settle()
        self._owing.pop(query, None)
        self._stalled.pop(query, None)
        self.placement.remove(query)
        query.drop()
        if forget:
            self._durable.forget(query)

    def pause(self, query: Query) -> None:
        """Take a query off the frontier and let it stand."""
        self.settle()
        apart = self.placement.set_apart(query)
        apart.is_paused = True
        apart.retry_at = None
        self._owing.pop(query, None)

    def resume(self, query: Query) -> None:
        """Let a query go on from where it stands."""
        apart = self.apart.get(query.id)
        if apart is None:
            return
        apart.is_paused = False
        apart.frontier.notice_all()
        if apart.has_failed:
            query.state, apart.retry_at = ERROR, self._elapsed()
            return
        query.state = RUNNING
        self._owe(query)
        self._try_merge(apart)

    def _uncommitted(self) -> dict[Query, None]:
        """The queries that ran since the last commit that is durable."""
        found: dict[Query, None] = {}
        for commit in (self._open, self._committer.current):
            if commit is not None:
                found.update(commit.ran)
        return found

    # Inside a step.

    def _advance(self) -> int:
        count = 0
        if self.main.unread:
            count += self.main.advance(self._chunk, self._commit(), self._ran)
        for apart in self.apart.values():
            if apart.is_recovering:
                continue
            if apart.is_active and apart.frontier.unread:
                count += apart.frontier.advance(self._chunk * 2, self._commit(), self._ran)
        return count

    def _recover(self) -> bool:
        """Try queries that failed again, each in a commit of its own so that it can undo nobody else's work."""
        now = self._elapsed()
        due = [a for a in self.apart.values() if a.is_recovering and a.is_due(now)]
        for apart in due:
            self.settle()
            if not self._rejoin(apart):
                continue
            if apart.frontier.unread:
                apart.frontier.advance(CHUNK, self._commit(), self._ran)
                self.settle()
            if apart.query.state == ERROR and apart.query.id in self.apart and apart.retry_at is not None:
                apart.retry_at = None
                apart.query.state = RUNNING
        return bool(due)

    def _rejoin(self, apart: Apart) -> bool:
        """Give a query that never started its cursors."""
        if apart.frontier.queries:
            apart.frontier.notice_all()
            return True
        try:
            cursors = self._durable.cursors(apart.query, offset_reset=apart.offset_reset, commit=self._commit)
        except Exception as error:
            apart.query.fail(str(error), self._clock.now_ms())
            apart.retry_later(self._elapsed(), FIRST_RETRY_S, LAST_RETRY_S)
            return False
        apart.frontier.add(apart.query, cursors)
        self._owe(apart.query)
        return True

    def _ran(self, query: Query) -> None:
        commit = self._commit()
        commit.ran[query] = None
        if not query.absorb():
            self._owing.pop(query, None)
        elif query not in self._owing:
            self._owing[query] = self._elapsed() + query.emission_interval / 1_000

    def _owe(self, query: Query) -> None:
        """Note whether committed changes of a query wait for emission."""
        if self._durable.owes_emission(query):
            self._owing[query] = self._elapsed() + query.emission_interval / 1_000

    @property
    def _emits_at_once(self) -> bool:
        return self.emits_when_idle and not self.placement.has_unread and not self.placement.loading

    @property
    def _is_emission_due(self) -> bool:
        if not self._owing:
            return False
        now = self._elapsed()
        return self._emits_at_once or any(due <= now for due in self._owing.values())

    def _fit_chunk(self, took: float) -> None:
        if took > STEP_S * 2 and self._chunk > 100:
            self._chunk //= 2
        elif took < STEP_S / 2 and self._chunk < CHUNK:
            self._chunk = min(self._chunk * 2, CHUNK)

    # Commits.

    def _commit(self) -> Commit:
        if self._open is None:
            self._serial += 1
            self._open = Commit(self._serial, self._elapsed(), self._ledger, self._log.transaction())
        return self._open

    def _commit_if_due(self, *, used_up: bool) -> bool:
        """Commit at the latest after the interval, and at once where input is used up or somebody waits for his rows."""
        if self._open is None:
            return False
        is_awaited = bool(self._open.appended) and not self._committer.is_busy
        used_up = used_up and not self._is_emission_due
        if not used_up and not is_awaited and self._elapsed() - self._open.started < self.commit_interval:
            return False
        if self._committer.is_busy:
            if used_up:
                return False  # the committer wakes the engine when it is done
            self._collect(wait=True)
        return self._submit()

    def _submit(self) -> bool:
        """Hand over the open commit; says whether there was anything to do."""
        commit = self._open
        if commit is None:
            return True  # the commit before it failed, and everything was undone
        for query in commit.ran:
            try:
                self._take(commit, query)
            except Exception as error:  # a state that cannot be encoded, say
                self._undo(StageFailed((query,), error))
                return True
        for cursor, frontier in commit.moved.items():
            if cursor.position != cursor.durable or cursor.high != cursor.durable_high:
                commit.positions.append((cursor, cursor.position, cursor.high))
                for query in frontier.readers(cursor.topic):
                    self._durable.keep_position(commit, query, cursor)
        self._open = None
        if commit.is_empty:
            return False
        self._committer.submit(commit)
        return True

    def _emit_some(self) -> bool:
        """Emit a slice of what is due."""
        now = self._elapsed()
        at_once = self._emits_at_once
        due = next((q for q, time in self._owing.items() if time <= now or at_once), None)
        if due is None:
            return False
        try:
            finished = due.emit(EMIT_KEYS)
        except Exception as error:
            raise StageFailed((due,), error) from error
        commit = self._commit()
        commit.ran[due] = None
        if due.id in self.main.queries and due.plan.sink and self.main.reads(due.plan.sink.topic):
            self.main.emit_flow(due, commit, self._ran)
        if finished:
            del self._owing[due]
            if due.is_emission_owed:
                self._owing[due] = now + due.emission_interval / 1_000
        return True

    def _take(self, commit: Commit, query: Query) -> None:
        query.absorb()
        if query.plan.sink:
            for partition, rows in query.buffer().take():
                query.problems.counts.records_out += len(rows)
                self._append_unflowed(commit, query.plan.sink.topic, partition, rows)
        self._durable.keep_state(commit, query, self._clock.now_ms())
        self._durable.fold(commit, query)
        query.settled()
        if not query.is_emission_owed:
            self._owing.pop(query, None)
        entries, counts = query.problems.take()
        commit.counts.append((query, counts))
        rows = entry_rows(entries, except_topic=self._problem_topic)
        if rows:
            self._append_unflowed(commit, self._problem_topic, 0, rows)

    def _append_unflowed(self, commit: Commit, topic: str, partition: int, rows: Sequence[Row]) -> None:
        commit.append(topic, partition, rows)
        self.placement.mark_unflowed(topic, (partition,), commit.serial)

    def _include(self, commit: Commit, appended: Appended) -> None:
        commit.include(appended)
        self.placement.mark_unflowed(appended.topic, appended.rows, commit.serial)

    def _collect(self, *, wait: bool) -> None:
        commit = self._committer.collect(wait=wait)
        if commit is None:
            return
        if commit.error is not None:
            self._commit_failed(commit)
            return
        self._ledger.settled = commit.serial
        self._stall, self._stalled_until = FIRST_RETRY_S, 0.0
        for cursor, position, high in commit.positions:
            cursor.keep(position, high)
        for query, counts in commit.counts:
            query.counters.add(counts)
        for query in self._stalled:
            query.state = RUNNING
        self._stalled.clear()
        topics = dict.fromkeys(topic for topic, _ in commit.rows)
        for topic in topics:
            self.placement.notice(topic)
        for appended in commit.appended:
            appended.done.set_result(None)
        self.on_committed(topics)

    # When something fails.

    def _undo(self, failure: StageFailed) -> None:
        """Take back everything since the last commit; the queries that failed stand apart until they are tried again."""
        self._collect(wait=True)
        self._roll_back(failure.queries)
        now = self._clock.now_ms()
        for query in failure.queries:
            trace = None if isinstance(failure.error, LogError) else failure.error
            _logger.error("%s: %s", query.id, failure, exc_info=trace)
            query.fail(str(failure), now)
            query.counters.restarts += 1
            self.placement.set_apart(query).retry_later(self._elapsed(), FIRST_RETRY_S, LAST_RETRY_S)

    def _commit_failed(self, commit: Commit) -> None:
        error = commit.error
        assert error is not None
        affected = dict(commit.ran)
        if not isinstance(error, LogConflict):
            for appended in commit.appended:
                appended.done.set_exception(error)
            commit.appended = []
        later, self._open = self._open, commit
        if later is not None:
            affected.update(later.ran)
            commit.appended += later.appended
            commit.ran.update(later.ran)
        self._roll_back(())
        if isinstance(error, LogConflict):
            return
        _logger.error("the commit failed: %s", error)
        missing = {topic for topic, _ in commit.rows if self._log.describe(topic) is None}
        gone = [query for query in affected if missing and self._durable.writes_to(query, missing)]
        for query in gone:
            query.fail(f"A topic that it writes is gone: {', '.join(sorted(missing))}.", self._clock.now_ms())
            self.placement.set_apart(query).retry_later(self._elapsed(), FIRST_RETRY_S, LAST_RETRY_S)
        if affected and not gone:
            for query in affected:
                query.fail(str(error), self._clock.now_ms())
                self._stalled[query] = None
            self._stalled_until = self._elapsed() + self._stall
            self._stall = min(self._stall * 2, LAST_RETRY_S)

    def _roll_back(self, failed: Iterable[Query]) -> None:
        commit, self._open = self._open, None
        touched = dict.fromkeys(failed)
        if commit is not None:
            touched.update(commit.ran)
        for query in touched:
            query.drop()
            self._owing.pop(query, None)
            self._owe(query)
        self.placement.rewind()
        if commit is not None:
            for appended in commit.appended:
                self._include(self._commit(), appended)

    def _try_merge(self, apart: Apart) -> None:
        now = self._elapsed()
        if not apart.is_active or apart.is_recovering or apart.frontier.unread or now < apart.merge_at:
            return
        apart.merge_at = now + MERGE_INTERVAL_S
        self.settle()
        apart.frontier.notice_all()
        self.placement.merge(apart)
