"""What is known of the partitions that somebody asked for: their ends, and records fetched ahead of their readers.

The law: one fetch is open at each broker, for all partitions together; it comes back when there is something new, so that
waiting costs a request in half a second. An end is taken from memory only while a fetch watches its partition.
"""

import asyncio
import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiokafka.protocol.fetch import FetchRequest

from headrace.runtime.log.base import LogError, Record, Slice, TopicPartition
from headrace.runtime.log.kafka.batches import Incoming, incoming, unpack
from headrace.runtime.log.kafka.cluster import Cluster
from headrace.runtime.log.kafka.failures import OFFSET_OUT_OF_RANGE, RETRIED, UNKNOWN_TOPIC, Refused, check
from headrace.runtime.log.kafka.loop import LoopThread

WAIT_MS = 500
"""How long a fetch stays open where nothing comes."""
AHEAD_BYTES = 4 << 20
"""Bytes of a partition that are fetched ahead, as they come (compressed)."""
FETCH_BYTES = 1 << 20
"""Of a partition, in one answer."""
ANSWER_BYTES = 16 << 20
FRESH_S = 0.2
"""How long the end of a partition counts as known that has records waiting here."""
READERS = 4
"""Readers of one partition that stand at different offsets and keep what was fetched for them."""
PAUSE_S = 0.2
LONG_PAUSE_S = 1.0
READ_COMMITTED = 1

_logger = logging.getLogger(__name__)


class Window:
    """Batches that wait for a reader: from `start`, where he goes on, to `position`, where the next fetch does."""

    __slots__ = ("batches", "position", "size", "start")

    def __init__(self, start: int) -> None:
        self.start = self.position = start
        self.batches: deque[tuple[Incoming, int]] = deque()
        self.size = 0

    def add(self, batches: list[Incoming], size: int) -> None:
        """Take in the batches of an answer."""
        each = size // max(len(batches), 1)
        for batch in batches:
            if batch.next_offset > self.position:
                self.batches.append((batch, each))
                self.size += each
                self.position = batch.next_offset

    def take(self, max_records: int) -> "Part":
        """Hand out batches of about so many records; control batches only move the offset."""
        batches: list[Incoming] = []
        first = self.start
        count = 0
        while self.batches and (count == 0 or count < max_records or self.batches[0][0].batch is None):
            batch, size = self.batches.popleft()
            self.size -= size
            if batch.batch is not None:
                batches.append(batch)
                count += batch.next_offset - max(batch.base_offset, first)
            self.start = batch.next_offset
        return Part(batches, first, self.start)


@dataclass(frozen=True, slots=True)
class Part:
    """Batches that a reader takes."""

    batches: list[Incoming]
    first: int
    next_offset: int

    def unpacked(self, place: TopicPartition) -> Slice:
        """The records; whoever reads decodes them, on his own thread."""
        records: list[Record] = []
        for batch in self.batches:
            unpack(records, batch, self.first, f"{place[0]}-{place[1]}")
        return Slice(records, self.next_offset)


class _Followed:
    """One partition."""

    __slots__ = ("end", "in_flight", "lead", "others", "seen_at")

    def __init__(self, end: int) -> None:
        self.lead = Window(end)
        self.others: OrderedDict[int, Window] = OrderedDict()
        self.end = end
        self.in_flight = False
        self.seen_at = 0.0

    def window(self, offset: int) -> Window | None:
        """What was fetched for a reader at this offset, if it is not used up."""
        if self.lead.start == offset and self.lead.batches:
            return self.lead
        found = self.others.pop(offset, None)
        return found if found is not None and found.batches else None

    def keep(self, window: Window) -> None:
        """Keep what is left for a reader; the foremost window is the one that is fetched ahead for."""
        if window is self.lead:
            return
        if window.position >= self.lead.position and not (self.lead.batches and self.lead.position == window.position):
            self.lead = window
            return
        self.others[window.start] = window
        while len(self.others) > READERS:
            self.others.popitem(last=False)


class Follower:
    """Fetches, on connections of its own."""

    def __init__(self, thread: LoopThread, watch: Cluster, direct: Cluster, *, on_news: Callable[[], None]) -> None:
        self._thread = thread
        self._watch = watch
        self._direct = direct
        self._on_news = on_news
        self._followed: dict[TopicPartition, _Followed] = {}
        self._changed = threading.Condition()
        self._wake: asyncio.Event = asyncio.Event()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._starter: asyncio.Task[None] | None = None

    async def stop(self) -> None:
        """End all fetches."""
        tasks = [*self._tasks.values(), *([self._starter] if self._starter else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # From any thread.

    def end(self, place: TopicPartition) -> int | None:
        """The end of a partition, where it is known for certain."""
        with self._changed:
            found = self._followed.get(place)
            if found is None:
                return None
            if found.in_flight or (found.lead.batches and time.monotonic() - found.seen_at < FRESH_S):
                return found.end
            return None

    def note_end(self, place: TopicPartition, end: int) -> None:
        """The end was asked for, or moved by a commit of our own; the partition is followed from now on."""
        with self._changed:
            found = self._followed.get(place)
            if found is not None:
                found.end = max(found.end, end)
                return
            self._followed[place] = _Followed(end)
        self._thread.post(self._start)

    def note_appended(self, place: TopicPartition, end: int) -> None:
        """A commit of our own moved the end of a partition, which may be followed."""
        with self._changed:
            found = self._followed.get(place)
            if found is not None:
                found.end = max(found.end, end)

    def forget(self, topic: str) -> None:
        """A topic is gone or was made anew."""
        with self._changed:
            for place in [place for place in self._followed if place[0] == topic]:
                del self._followed[place]
            self._changed.notify_all()

    def read(self, place: TopicPartition, offset: int, max_records: int) -> Slice | None:
        """Records from what was fetched ahead; None where they must be fetched."""
        with self._changed:
            found = self._followed.get(place)
            if found is None:
                return None
            window = found.window(offset)
            if window is None and found.in_flight and found.lead.position == offset < found.end:
                self._changed.wait_for(lambda: not found.in_flight or bool(found.lead.batches), WAIT_MS / 1_000)
                window = found.window(offset)
            if window is None:
                return None
            is_to_wake = window.size >= AHEAD_BYTES or not found.in_flight
            part = window.take(max_records)
            found.keep(window)
        if is_to_wake:
            self._thread.post(self._start)
        return part.unpacked(place)

    # On the loop.

    async def fetch(self, place: TopicPartition, offset: int, max_records: int) -> Part:
        """Fetch at once, for a reader at this offset."""
        window = Window(offset)
        topic, partition = place

        async def attempt() -> None:
            asked = [(topic, [(partition, offset, FETCH_BYTES)])]
            answer = await self._direct.ask_leader(
                topic, partition, lambda: FetchRequest(0, 0, FETCH_BYTES, READ_COMMITTED, asked)
            )
            for _, _, entry in _entries(answer):
                if entry.code and entry.code != OFFSET_OUT_OF_RANGE:
                    self._direct.forget(topic)
                check(entry.code)
                window.add(incoming(entry.raw, entry.aborted), len(entry.raw))

        await self._direct.retry(attempt, f'"{topic}-{partition}"')
        part = window.take(max_records)
        with self._changed:
            found = self._followed.get(place)
            if found is not None:
                found.keep(window)
        self._start()
        return part

    def _start(self) -> None:
        self._wake.set()
        if self._starter is None or self._starter.done():
            self._starter = asyncio.get_running_loop().create_task(self._start_tasks())

    async def _start_tasks(self) -> None:
        """See that every broker that leads a followed partition has a task."""
        nodes = set()
        for topic, partition in list(self._followed):
            try:
                nodes.add(await self._watch.leader(topic, partition))
            except (LogError, *RETRIED):
                continue
        for node in nodes:
            task = self._tasks.get(node)
            if task is None or task.done():
                self._tasks[node] = asyncio.get_running_loop().create_task(self._follow(node))

    async def _follow(self, node: int) -> None:
        while True:
            self._wake.clear()
            try:
                asked = await self._asked(node)
                if not asked:
                    await self._wake.wait()
                    continue
                await self._fetch_ahead(node, asked)
            except RETRIED as error:
                _logger.debug("a fetch from broker %s failed: %r", node, error)
                for topic in {topic for topic, _ in self._followed}:
                    self._watch.forget(topic)
                await asyncio.sleep(PAUSE_S)
                self._start()
            except Exception:
                _logger.exception("following the partitions of broker %s failed; it is tried again", node)
                await asyncio.sleep(LONG_PAUSE_S)

    async def _asked(self, node: int) -> dict[TopicPartition, int]:
        """The followed partitions of a broker that have room, and where to go on."""
        asked = {}
        for place, found in list(self._followed.items()):
            if found.lead.size >= AHEAD_BYTES:
                continue
            known = self._watch.known(place[0])
            if known is None:
                try:
                    known = await self._watch.topic(place[0])
                except LogError:
                    self._lose(place)
                    continue
            if place[1] < len(known.leaders) and known.leaders[place[1]] == node:
                asked[place] = found.lead.position
        return asked

    async def _fetch_ahead(self, node: int, asked: dict[TopicPartition, int]) -> None:
        topics: dict[str, list[tuple[int, int, int]]] = {}
        for (topic, partition), offset in asked.items():
            topics.setdefault(topic, []).append((partition, offset, FETCH_BYTES))
        self._mark(asked, in_flight=True)
        try:
            answer = await self._watch.send(
                node, FetchRequest(WAIT_MS, 1, ANSWER_BYTES, READ_COMMITTED, list(topics.items()))
            )
        finally:
            self._mark(asked, in_flight=False)
        is_news = False
        failure: Refused | None = None
        for topic, partition, entry in _entries(answer):
            place = topic, partition
            if entry.code in (OFFSET_OUT_OF_RANGE, UNKNOWN_TOPIC):
                self._watch.forget(topic)
                self._lose(place)
            elif entry.code:
                self._watch.forget(topic)
                failure = Refused(entry.code)
            else:
                is_news = self._take(place, asked[place], entry) or is_news
        if is_news:
            self._on_news()
        if failure is not None:
            raise failure

    def _take(self, place: TopicPartition, offset: int, entry: "_Entry") -> bool:
        batches = incoming(entry.raw, entry.aborted) if entry.raw else []
        with self._changed:
            found = self._followed.get(place)
            if found is None:
                return False
            if found.lead.position == offset:
                found.lead.add(batches, len(entry.raw))
            found.seen_at = time.monotonic()
            is_news = entry.end > found.end
            found.end = max(found.end, entry.end)
            self._changed.notify_all()
            return is_news

    def _mark(self, asked: dict[TopicPartition, int], *, in_flight: bool) -> None:
        with self._changed:
            for place in asked:
                found = self._followed.get(place)
                if found is not None:
                    found.in_flight = in_flight
            if not in_flight:
                self._changed.notify_all()

    def _lose(self, place: TopicPartition) -> None:
        with self._changed:
            self._followed.pop(place, None)
            self._changed.notify_all()
        self._on_news()


class _Entry:
    """What an answer says of a partition."""

    __slots__ = ("aborted", "code", "end", "raw")

    def __init__(self, code: int, end: int, aborted: Any, raw: bytes) -> None:
        self.code = code
        self.end = end
        self.aborted = aborted
        self.raw = raw


def _entries(answer: Any) -> list[tuple[str, int, _Entry]]:
    aborted_at = 5 if answer.API_VERSION >= 5 else 4
    return [
        (topic, entry[0], _Entry(entry[1], entry[3], entry[aborted_at], entry[-1] or b""))
        for topic, partitions in answer.topics
        for entry in partitions
    ]
