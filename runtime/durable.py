"""What the log keeps of a query: offsets, event-time positions, stores, and whether it owes an emission.

The law: all of it is written by commits only; forgetting is idempotent, so that a crash in the middle is made good when the
commands are replayed.
"""

from collections.abc import Callable, Collection

from headrace.runtime.commit import Commit
from headrace.runtime.cursor import Cursor
from headrace.runtime.log.base import TopicLog, UnknownTopic
from headrace.runtime.query import Query
from headrace.runtime.state.changelog import application_id, changelog_topic, create_changelog
from headrace.runtime.state.checkpoint import Checkpoint
from headrace.runtime.state.store import StateStore

HIGHS_TABLE = "highs"
OWED_TABLE = "owed"
RESULT = 0
"""The store of a last sub-topology whose changes are emitted; others (rows of a grouped table) only serve it."""


class Durable:
    """Reads, writes and deletes what is kept of queries."""

    def __init__(self, log: TopicLog, service_id: str) -> None:
        self._log = log
        self._service_id = service_id
        self._owing: set[str] = set()
        self._checkpoints: dict[tuple[str, int], Checkpoint] = {}

    def group(self, query: Query) -> str:
        """The consumer group of a query."""
        return application_id(self._service_id, query.id)

    def changelog(self, query: Query, sub: int, number: int) -> str:
        """The changelog topic of a store."""
        return changelog_topic(
            self._service_id, query.id, sub, query.plan.sub_topologies[sub].program.stores[number].name
        )

    def cursors(self, query: Query, *, offset_reset: str, commit: Callable[[], Commit]) -> list[Cursor]:
        """Where a query goes on; where it begins, that is noted in a commit. Raises UnknownTopic."""
        group = self.group(query)
        kept = self._log.committed(group)
        cursors = []
        begun: dict[tuple[str, int], int] = {}
        for source in query.plan.sub_topologies[0].inputs:
            topic = self._log.describe(source.topic)
            if topic is None:
                raise UnknownTopic(f'Topic "{source.topic}" does not exist.')
            for partition in range(topic.partitions):
                place = source.topic, partition
                position = kept.get(place)
                if position is None:
                    is_earliest = offset_reset == "earliest"
                    position = self._log.begin_offset(*place) if is_earliest else self._log.end_offset(*place)
                    if (
                        not is_earliest
                    ):  # noted even where it is the first: what comes next must be read after a restart, too
                        begun[place] = position
                cursors.append(Cursor(*place, position, high=self._high(query, source.topic, partition)))
        if begun:
            commit().offsets.setdefault(group, {}).update(begun)
        return cursors

    def keep_position(self, commit: Commit, query: Query, cursor: Cursor) -> None:
        """Note how far a query has read."""
        group = self.group(query)
        commit.offsets.setdefault(group, {})[cursor.topic, cursor.partition] = cursor.position
        if query.needs_order and cursor.high >= 0:
            key = _high_key(group, cursor.topic, cursor.partition)
            commit.put(HIGHS_TABLE, ((key, str(cursor.high).encode()),))

    def keep_state(self, commit: Commit, query: Query, now: int) -> None:
        """Note the changed keys of a query and whether it owes an emission."""
        for task in query.tasks_with_changes:
            for number, store in enumerate(task.stores):
                blob = store.blob()
                if blob is not None:
                    topic = self.changelog(query, task.sub, number)
                    commit.append(topic, task.partition, ((now, None, blob, ()),))
                    checkpoint = self._checkpoints.get((topic, task.partition))
                    if checkpoint is not None:
                        checkpoint.note(commit, store)
                store.expire()
        if query.coalesce and query.is_emission_owed != (query.id in self._owing):
            self._keep_owed(commit, query)

    def owes_emission(self, query: Query) -> bool:
        """Whether changes were committed that no emission has shown yet; the query will know."""
        owes = query.coalesce and self._log.get(OWED_TABLE, _owed_key(self.group(query))) is not None
        (self._owing.add if owes else self._owing.discard)(query.id)
        query.owes_kept = owes
        return owes

    def store(self, query: Query, sub: int, number: int, partition: int) -> StateStore:
        """The store as of the last commit."""
        spec = query.plan.sub_topologies[sub].program.stores[number]
        is_last = sub == len(query.plan.sub_topologies) - 1
        store = StateStore(spec, coalesce=query.coalesce and is_last and number == RESULT)
        if query.plan.sink is None:
            return store
        topic = self.changelog(query, sub, number)
        checkpoint = Checkpoint(self._log, topic, partition)
        checkpoint.restore(store)
        create_changelog(self._log, topic, query.partitions)
        self._checkpoints[topic, partition] = checkpoint
        return store

    def writes_to(self, query: Query, topics: Collection[str]) -> bool:
        """Whether the sink or a changelog of a query is among the topics."""
        if query.plan.sink and query.plan.sink.topic in topics:
            return True
        subs = query.plan.sub_topologies
        return any(self.changelog(query, s.index, n) in topics for s in subs for n in range(len(s.program.stores)))

    def fold(self, commit: Commit, query: Query) -> None:
        """Move a slice of long changelogs into their checkpoints."""
        for task in query.tasks:
            for number in range(len(task.stores)):
                checkpoint = self._checkpoints.get((self.changelog(query, task.sub, number), task.partition))
                if checkpoint is not None:
                    checkpoint.fold(commit, task.stores[number])

    def forget(self, query: Query) -> None:
        """Delete everything that is kept of a query."""
        group = self.group(query)
        if self._log.committed(group):
            self._log.delete_group(group)
        for sub in query.plan.sub_topologies:
            for number in range(len(sub.program.stores)):
                topic = self.changelog(query, sub.index, number)
                for partition in range(query.partitions):
                    self._checkpoints.pop((topic, partition), None)
                Checkpoint.forget(self._log, topic)
                if self._log.describe(topic) is not None:
                    self._log.delete_topic(topic)
        self._owing.discard(query.id)
        for table, prefix in ((HIGHS_TABLE, group.encode() + b"\0"), (OWED_TABLE, _owed_key(group))):
            if self._log.scan(table, prefix, limit=1):
                self._log.drop_table(table, prefix)

    def _keep_owed(self, commit: Commit, query: Query) -> None:
        owed = query.is_emission_owed
        (self._owing.add if owed else self._owing.discard)(query.id)
        commit.put(OWED_TABLE, ((_owed_key(self.group(query)), b"1" if owed else None),))

    def _high(self, query: Query, topic: str, partition: int) -> int:
        kept = self._log.get(HIGHS_TABLE, _high_key(self.group(query), topic, partition)) if query.needs_order else None
        return -1 if kept is None else int(kept)


def _owed_key(group: str) -> bytes:
    return group.encode() + b"\0"


def _high_key(group: str, topic: str, partition: int) -> bytes:
    return f"{group}\0{topic}\0{partition}".encode()
