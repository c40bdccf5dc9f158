"""The engine: one log, its catalog and its running queries, behind a synchronous façade.

>>> from headrace.runtime.engine import open
>>> with open("memory:") as engine:
...     len(engine.execute("SHOW QUERIES;"))
1

The law: statements, steps and look-ups run on one thread, one after the other; what `execute` or `insert` returned from is
durable.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from itertools import starmap
from pathlib import Path
from typing import Any, TypeVar

from headrace.engine.catalog.catalog import Catalog
from headrace.engine.catalog.metastore import Metastore
from headrace.engine.codegen.serde import Formats
from headrace.engine.config import PROPERTIES, check, normalise
from headrace.engine.functions.registry import FunctionRegistry
from headrace.engine.results import AnyResult
from headrace.engine.services import Clock, Command, QueryStatus, Services
from headrace.engine.session import Session
from headrace.parser.errors import SqlError
from headrace.runtime.cleaner import Cleaner
from headrace.runtime.clock import SystemClock
from headrace.runtime.command_log import CommandLog, command_topic
from headrace.runtime.commit import Committer
from headrace.runtime.durable import Durable
from headrace.runtime.insertion import encoded_rows
from headrace.runtime.intake import Intake, Progress
from headrace.runtime.log.base import LogCorrupt, Row, TopicLog
from headrace.runtime.log.opening import open_log
from headrace.runtime.log.partitioner import Partitioner
from headrace.runtime.loop import EngineStopped, Loop
from headrace.runtime.processing_log import create_topic, declaration
from headrace.runtime.pushes import PushQueries
from headrace.runtime.queries import EngineQueries
from headrace.runtime.query import Surroundings
from headrace.runtime.scheduler import Scheduler
from headrace.runtime.serde.registry import default_formats
from headrace.runtime.session_handle import SessionHandle
from headrace.runtime.surroundings import FunctionSurroundings
from headrace.runtime.topics import EngineTopics

DEFAULT_URL = "./headrace-data"
DEFAULT_SERVICE_ID = "headrace_"
POLL_S = 0.05
"""How often the log is asked for records of other processes."""
CLOSE_S = 10.0

T = TypeVar("T")


class Engine:
    """Runs SQL on a topic log. Safe to use from several threads.

    With `threaded=False` nothing runs by itself: `step` does one turn (for tests, with a ManualClock). The topics in
    `loading` are as `set_loading` makes them, before anything is read.
    """

    def __init__(
        self,
        log: TopicLog,
        *,
        clock: Clock | None = None,
        formats: Formats | None = None,
        service_id: str = DEFAULT_SERVICE_ID,
        properties: Mapping[str, str] | None = None,
        strict: bool = False,
        threaded: bool = True,
        loading: Iterable[str] = (),
    ) -> None:
        log.become_engine(service_id)
        self.log = log
        self.clock = clock or SystemClock()
        self.formats = formats or default_formats()
        self.service_id = service_id
        self._elapsed = time.monotonic if threaded else (lambda: self.clock.now_ms() / 1_000)
        self._loop = Loop(self._turn, self._wait_s, threaded=threaded, on_end=self._shut_down)
        self._committed = threading.Condition()
        self._closed = False
        self._waiters: list[Future[None]] = []
        self._seen = log.version()
        self._partitioners: dict[int, Partitioner] = {}
        self._strict = strict
        self._durable = Durable(log, service_id)
        surroundings = Surroundings(self.clock, self.partitioner, self._durable.store)
        self._committer = Committer(log, threaded=threaded, on_done=self._loop.wake)
        self._scheduler = Scheduler(
            log,
            self.clock,
            self._durable,
            elapsed=self._elapsed,
            committer=self._committer,
            problem_topic=create_topic(log, service_id),
        )
        self._scheduler.on_committed = self._on_committed
        for topic in loading:
            self._scheduler.placement.set_loading(topic, loading=True)
        self._pushes = PushQueries(log, elapsed=self._elapsed)
        self._intake = Intake(self._scheduler, command_topic(service_id))
        self._commands = CommandLog(log, service_id, self.clock, self._intake.now)
        self._topics = EngineTopics(log, self.partitioner, append=self._intake.later, wait=self._wait_commit)
        self._queries = EngineQueries(
            log,
            self._scheduler,
            self._pushes,
            surroundings,
            post=self._loop.post,
            drive=None if threaded else self.step,
        )
        self.services = Services(
            self.clock, self.formats, self._topics, self._queries, self._commands, read_file=_read_file
        )
        self.metastore = Metastore()
        self._registry = FunctionRegistry(clock=FunctionSurroundings(self.clock))
        self._session = self._new_session(properties)
        try:
            self._replay()
        except BaseException:
            self._committer.close()
            raise
        self._cleaner = Cleaner(log)
        if threaded:
            self._cleaner.start()
        self._loop.start()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Statements.

    def execute(self, sql: str, *, properties: Mapping[str, str] | None = None) -> list[AnyResult]:
        """Execute statements in the engine's own session; `properties` override its own for this call."""
        return self._execute(self._session, sql, dict(starmap(check, (properties or {}).items())))

    def session(self, properties: Mapping[str, str] | None = None) -> SessionHandle:
        """A session with properties and variables of its own."""
        return SessionHandle(self, self._new_session(properties), self._execute, self._run)

    @property
    def properties(self) -> dict[str, str]:
        """The properties of the engine's own session."""
        return self._session.properties

    @property
    def variables(self) -> dict[str, str]:
        """The variables of the engine's own session."""
        return self._session.variables

    @property
    def catalog(self) -> Catalog:
        """The catalog as it is now."""
        return self.metastore.catalog

    @property
    def is_bounded(self) -> bool:
        """Whether input ends: push queries end with it, and tables emit as soon as it is used up."""
        return self._queries.is_bounded

    @is_bounded.setter
    def is_bounded(self, bounded: bool) -> None:
        self._queries.is_bounded = self._scheduler.emits_when_idle = bounded

    def queries(self) -> Sequence[QueryStatus]:
        """What is known of the running queries."""
        return self._loop.call(self._queries.all)

    # Records.

    def insert(self, source: str, rows: Iterable[Mapping[str, Any]]) -> int:
        """Insert rows (column name → value; ROWTIME gives the timestamp) into a stream or table; returns their number."""
        found = self.catalog.source(source if source in self.catalog.sources else source.upper())
        topic = self._topics.describe(found.topic)
        if topic is None:
            raise SqlError(f'Topic "{found.topic}" does not exist.', kind="unknown topic")
        placed: dict[int, list[Row]] = {}
        place = self.partitioner(topic.partitions)
        count = 0
        for row in encoded_rows(self._session, found, rows):
            placed.setdefault(place(row[1]), []).append(row)
            count += 1
        if placed:
            self.append(found.topic, placed)
        return count

    def append(self, topic: str, rows: Mapping[int, Sequence[Row]], *, progress: Progress | None = None) -> None:
        """Append rows by partition, with entries for tables of the log, in one commit; returns when they are durable."""
        done = self.append_soon(topic, rows, progress=progress)
        while not self._loop.is_threaded and not done.done():
            self.step()
        done.result()

    def append_soon(
        self, topic: str, rows: Mapping[int, Sequence[Row]], *, progress: Progress | None = None
    ) -> "Future[None]":
        """As `append`, without waiting."""
        done: Future[None] = Future()
        done.set_running_or_notify_cancel()  # what was handed over cannot be taken back

        def take() -> None:
            self._intake.soon(topic, rows, progress or {}, done)

        def pass_on(posted: "Future[None]") -> None:
            if (error := posted.exception()) is not None:
                done.set_exception(error)

        self._loop.post(take).add_done_callback(pass_on)
        return done

    def set_loading(self, topic: str, *, loading: bool) -> None:
        """Say that more records of a topic are about to come; until then it counts as having unread records."""
        self._loop.call(lambda: self._scheduler.placement.set_loading(topic, loading=loading))

    def close_windows(self) -> bool:
        """Close the windows of one EMIT FINAL query: its input has ended. False when none is open.

        Wait until the engine is idle before and after, so that the query's own readers see its rows before they are closed.
        """
        return self._loop.call(self._queries.close_windows)

    def wait_idle(self, timeout: float | None = None) -> bool:
        """Wait until all input is used up, emitted and committed; False where that took longer than `timeout` seconds."""
        done: Future[None] = Future()
        self._loop.call(lambda: self._waiters.append(done))
        if not self._loop.is_threaded:
            while self.step():
                pass
            self._waiters.clear()
            return self._scheduler.is_idle
        try:
            done.result(timeout)
        except TimeoutError:
            self._loop.post(lambda: self._waiters.remove(done) if done in self._waiters else None)
            return False
        return True

    def partitioner(self, partitions: int) -> Any:
        """The function that places key bytes on so many partitions."""
        found = self._partitioners.get(partitions)
        if found is None:
            found = self._partitioners[partitions] = Partitioner(partitions)
        return found.partition

    # Life.

    def step(self) -> bool:
        """Do one turn where there is no engine thread; says whether anything was done."""
        assert not self._loop.is_threaded
        return self._turn()

    def close(self) -> None:
        """Commit what was computed, end all queries and release everything; idempotent."""
        if self._closed:
            return
        self._closed = True
        try:
            with suppress(EngineStopped):
                self._loop.call(self._shut_down)
        finally:
            self._loop.close(CLOSE_S)
            self._committer.close()
            self._cleaner.close(CLOSE_S)
            with self._committed:
                self._committed.notify_all()
            self.log.close()

    # On the engine thread.

    def _execute(
        self,
        session: Session,
        sql: str,
        properties: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> list[AnyResult]:
        if properties:
            session = self._new_session({**session.properties, **properties}, variables=session.variables)
        statements = session.read(sql)  # in the caller's thread: queries run on while a long text is parsed
        return self._loop.call(lambda: self._intake.run(lambda: session.execute_all(statements), progress))

    def _run(self, act: Callable[[], T]) -> T:
        return self._loop.call(lambda: self._intake.run(act))

    def _turn(self) -> bool:
        version = self.log.version()
        if version != self._seen:
            self._seen = version
            self._scheduler.placement.notice_all()
            self._pushes.notice_all()
        worked = self._scheduler.step()
        worked = self._pushes.step() or worked
        if not worked and self._waiters:
            worked = self._tell_waiters()
        return worked

    def _tell_waiters(self) -> bool:
        self._scheduler.emit_all()
        if self._scheduler.has_work:
            return True
        if self._scheduler.is_idle:
            waiters, self._waiters = self._waiters, []
            for done in waiters:
                done.set_result(None)
        return False

    def _wait_s(self) -> float | None:
        times = [t for t in (self._scheduler.next_time(), self._pushes.next_time()) if t is not None]
        return min([POLL_S, *(max(t - self._elapsed(), 0.0) for t in times)])

    def _on_committed(self, topics: Iterable[str]) -> None:
        if self.log.version() == self._seen + 1:
            self._seen += 1  # the commit was ours, and nobody else's
        for topic in topics:
            self._pushes.notice(topic)
        with self._committed:
            self._committed.notify_all()

    def _wait_commit(self) -> bool:
        """Block a reader of records until there may be new ones; False when the engine is closed."""
        if not self._loop.is_threaded:
            return self.step()
        if self.is_bounded:
            return False
        with self._committed:
            self._committed.wait(POLL_S)
        return not self._closed

    def _replay(self) -> None:
        self._topics.begin_replay()
        self._queries.begin_replay()
        self._declare_processing_log()
        for sequence, command in self._commands.replay():
            try:
                self._session.replay(command, sequence)
            except SqlError as error:
                raise LogCorrupt(
                    f'The command at offset {sequence} of "{self._commands.topic}" does not apply any more: {error}'
                ) from error
        self._topics.end_replay()
        self._queries.end_replay()

    def _declare_processing_log(self) -> None:
        """The processing log is a stream from the start; it needs no command."""
        self._session.replay(Command(declaration(self.service_id), {}), -1)

    def _new_session(self, properties: Mapping[str, str] | None, *, variables: dict[str, str] | None = None) -> Session:
        session = Session(
            self.metastore, self.services, strict=self._strict, properties=properties, registry=self._registry
        )
        if variables is not None:
            session.variables = variables
        return session

    def _shut_down(self, failure: BaseException | None = None) -> None:
        """Commit what was computed, unless that failed, and tell everybody who waits."""
        if failure is None:
            self._scheduler.settle()
        stopped = EngineStopped("The engine is closed." if failure is None else "The engine stopped after a failure.")
        stopped.__cause__ = failure
        self._scheduler.abandon(stopped)
        for query_id in list(self._pushes.queries):
            self._pushes.stop(query_id, None if failure is None else stopped)
        waiters, self._waiters = self._waiters, []
        for done in waiters:
            done.set_exception(stopped)


def open(url: str | None = None, **options: Any) -> Engine:
    """Open an engine on the log at a URL: `memory:`, `file:PATH` or a path (default: $HEADRACE_LOG, else ./headrace-data).

    Options are those of `Engine`. Raises LogError, and SqlError for properties that there are not.
    """
    properties = options.get("properties") or {}
    for name, value in properties.items():
        if normalise(name) not in PROPERTIES or PROPERTIES[normalise(name)].editable:
            check(name, value)
    log = open_log(url or os.environ.get("HEADRACE_LOG") or DEFAULT_URL)
    try:
        return Engine(log, **options)
    except BaseException:
        log.close()
        raise


def _read_file(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")
