"""Runs a script on an engine: statements in order, inputs loading beside them, sinks written as they grow.

The law: a statement that answers (SELECT, PRINT) is a barrier: what is above it has used up all input and is committed before
it is executed. A statement that takes effect does so once on a log, however often the run is started.
"""

import time
from collections.abc import Sequence
from typing import Protocol

from headrace.engine.config import Settings
from headrace.engine.results import AnyResult, Rows, Status
from headrace.parser.errors import SqlError
from headrace.parser.statements import CreateSource, InsertValues, Query, RunScript
from headrace.repl.batch.checkpoint import progress, read_checkpoint
from headrace.repl.batch.display import Display, Load
from headrace.repl.batch.script import Script, Step
from headrace.repl.commands.options import unknown_topic
from headrace.runtime.engine import Engine
from headrace.runtime.files.address import STANDARD_STREAM, FileInput, FileSink
from headrace.runtime.files.errors import FileProblem
from headrace.runtime.files.lines import Lines
from headrace.runtime.files.loader import Loader, Progress, position_of
from headrace.runtime.files.sink import SinkFile, sources_by_topic

TICK_SECONDS = 0.1
"""How often progress is shown and sinks are written."""


class Show(Protocol):
    """Writes a result; `live` where rows come one by one without an end in sight."""

    def __call__(self, result: AnyResult, *, live: bool) -> None: ...


class RunFailed(Exception):
    """The run cannot go on; the message says why."""


class Runner:
    """One run. `show` writes results."""

    def __init__(
        self, engine: Engine, script: Script, inputs: Sequence[FileInput], sinks: Sequence[FileSink], *,
        follow: bool, display: Display, show: Show,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._session = engine.session(properties={"auto.offset.reset": "earliest"})
        self._script = script
        self._inputs = list(inputs)
        self._follow = follow
        self._display = display
        self._show = show
        self._loaders: list[Loader] = []
        self._reported: list[Loader] = []
        self._waiting_sinks = list(sinks)
        self._sinks: list[SinkFile] = []
        self._is_rerun = False

    def run(self) -> None:
        """Run to the end; raises RunFailed, SqlError, ChangedScript or FileProblem."""
        checkpoint = read_checkpoint(self._engine.log, self._script)
        self._check_inputs()
        self._is_rerun = checkpoint.finished
        if checkpoint.finished:
            self._display.message("The script was finished before; its queries are answered again.")
        elif checkpoint.statement:
            self._display.message(f"Going on at statement {checkpoint.statement + 1} of {len(self._script.steps)}.")
        self._load_declared()
        for file in self._inputs:  # not declared yet
            self._engine.set_loading(file.topic, loading=False)
        for index, step in enumerate(self._script.steps):
            is_done = index < checkpoint.statement
            if not is_done or step.is_of_session or (checkpoint.finished and step.answers):
                self._execute(step, index, is_done=is_done)
        self._finish()

    def close(self) -> None:
        """Stop loading and close the sinks; idempotent."""
        for loader in self._loaders:
            loader.stop()
        for sink in self._sinks:
            sink.close()
        self._display.pause()

    def _execute(self, step: Step, index: int, *, is_done: bool) -> None:
        streams_on = self._follow and index == len(self._script.steps) - 1 and _is_push(step)
        if step.is_barrier and not streams_on:
            self._wait()
            self._end_input(index)
        if isinstance(step.statement, CreateSource):
            self._create_topic(step.statement)
        takes_effect = not (step.answers or step.is_of_session or is_done)
        done = progress(self._script, index + 1) if takes_effect else {}
        self._engine.is_bounded = not self._follow or (_is_push(step) and not streams_on)
        try:
            results = self._session.execute(step.sql, progress=done)
        except SqlError as error:
            self._display.pause()
            raise RunFailed(step.describe(error)) from error
        for result in results:
            self._report(result, live=streams_on)
        self._load_declared()

    def _report(self, result: AnyResult, *, live: bool) -> None:
        for warning in result.warnings:
            self._display.message(f"warning: {warning}")
        if isinstance(result, Status):
            self._display.message(result.message)
            return
        self._display.pause()
        try:
            self._show(result, live=live)
        finally:
            if isinstance(result, Rows):
                result.close()
                for warning in result.left_out():
                    self._display.message(f"warning: {warning}")

    def _finish(self) -> None:
        if self._follow:
            while True:
                self._tick()
                time.sleep(TICK_SECONDS)
        self._wait()
        self._end_input(len(self._script.steps))
        self._display.pause()
        for sink in self._sinks:
            lost = f", {sink.undecodable:,} undecodable ones left out" if sink.undecodable else ""
            self._display.message(f"{sink.topic}: {sink.written:,} records written to {sink.path}{lost}")
        for status in self._engine.queries():
            if count := status.counters["undecodable"]:
                records = f"{count:,} record{'' if count == 1 else 's'}"
                self._display.message(
                    f"warning: {status.id}: {records} undecodable; KSQL_PROCESSING_LOG has the reasons"
                )
        for unknown in self._waiting_sinks:
            raise RunFailed(f"--sink {unknown.topic}={unknown.path}: {self._no_source(unknown.topic)}")
        if not self._is_rerun:
            self._put(progress(self._script, len(self._script.steps), finished=True))

    def _wait(self) -> None:
        while not self._engine.wait_idle(timeout=TICK_SECONDS):
            self._tick()
        self._tick()

    def _end_input(self, index: int) -> None:
        """Close the windows of EMIT FINAL where nothing from here on can bring records for them."""
        left = (step.statement for step in self._script.steps[index:])
        if self._follow or self._is_rerun or self._inputs or any(isinstance(s, InsertValues | RunScript) for s in left):
            return
        while self._engine.close_windows():
            self._wait()

    def _tick(self) -> None:
        for loader in self._loaders:
            if loader.error is not None:
                raise RunFailed(f"--input {loader.file.topic}={loader.file.path}: {loader.error}") from loader.error
        statuses = self._engine.queries()
        for status in statuses:
            if status.state == "ERROR":
                reason = status.errors[-1][1] if status.errors else "it failed"
                raise RunFailed(f"Query {status.id} stopped: {reason}")
        loads = [Load(x.file.topic, x.position.documents, x.rate, x.fraction, x.is_running) for x in self._loaders]
        self._report_loaded()
        self._display.update(loads, lag=sum(s.counters.get("lag", 0) for s in statuses))
        self._write_sinks()

    def _report_loaded(self) -> None:
        for loader in self._loaders:
            if not loader.is_running and loader not in self._reported:
                self._reported.append(loader)
                self._display.message(
                    f"{loader.file.topic}: {loader.loaded:,} records loaded from {loader.file.path} ({loader.rate:,.0f} records/s)"
                )

    def _load_declared(self) -> None:
        sources = sources_by_topic(self._engine.catalog.sources)
        for file in [f for f in self._inputs if f.topic in sources]:
            self._inputs.remove(file)
            position = position_of(self._engine.log, file)
            topic = self._engine.log.describe(file.topic)
            if position.finished or topic is None:
                self._engine.set_loading(file.topic, loading=False)
                continue
            loader = Loader(
                self._engine, file, sources[file.topic], position=position, partitions=topic.partitions,
                formats=self._engine.formats, clock=self._engine.clock,
            )  # fmt: skip
            self._loaders.append(loader)
            loader.start()
        for sink in [s for s in self._waiting_sinks if s.topic in sources]:
            self._waiting_sinks.remove(sink)
            self._sinks.append(SinkFile(self._engine.log, sink, sources[sink.topic], self._engine.formats))

    def _write_sinks(self) -> None:
        for sink in self._sinks:
            sink.write()

    def _create_topic(self, statement: CreateSource) -> None:
        """A topic that is to be loaded and says nothing of PARTITIONS gets the default count."""
        topic = _topic_of(statement)
        if topic is None or any(p.name == "PARTITIONS" for p in statement.properties):
            return
        if any(f.topic == topic for f in self._inputs) and self._engine.log.describe(topic) is None:
            partitions = Settings(self._session.properties).number("headrace.default.partitions")
            self._engine.log.create_topic(topic, partitions)

    def _check_inputs(self) -> None:
        for file in self._inputs:
            if file.path != STANDARD_STREAM and not position_of(self._engine.log, file).finished:
                Lines(file.path).close()
        steps = self._script.steps
        if any(isinstance(step.statement, RunScript) for step in steps):
            return
        declared = {_topic_of(s.statement) for s in steps if isinstance(s.statement, CreateSource)}
        declared |= set(sources_by_topic(self._engine.catalog.sources))
        for file in self._inputs:
            if file.topic not in declared:
                names = sorted(filter(None, declared))
                raise FileProblem(
                    f"--input {file.topic}={file.path}: no stream or table is declared on the topic. {unknown_topic(file.topic, names)}"
                )

    def _no_source(self, topic: str) -> str:
        return f"no stream or table is on it. {unknown_topic(topic, sources_by_topic(self._engine.catalog.sources))}"

    def _put(self, entries: Progress) -> None:
        transaction = self._engine.log.transaction()
        for table, pairs in entries.items():
            transaction.put(table, pairs)
        transaction.commit()


def _is_push(step: Step) -> bool:
    return isinstance(step.statement, Query) and step.statement.emit is not None


def _topic_of(statement: CreateSource) -> str | None:
    value = next((p.value for p in statement.properties if p.name == "KAFKA_TOPIC"), None)
    text = getattr(value, "value", None)
    return text if isinstance(text, str) else None
