"""A store, its blobs, and its checkpoint."""

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from headrace.engine.codegen.stage import StoreSpec
from headrace.runtime.commit import Commit, Ledger
from headrace.runtime.log.base import LogCorrupt
from headrace.runtime.log.memory import MemoryLog
from headrace.runtime.state import checkpoint as checkpoints
from headrace.runtime.state.changelog import create_changelog
from headrace.runtime.state.checkpoint import Checkpoint
from headrace.runtime.state.codec import StoreCodec
from headrace.runtime.state.store import StateStore


def change(store: StateStore, total: Any, **counts: int | None) -> None:
    """As generated code does: the old state into `changed`, the new one into `rows`."""
    for key, count in counts.items():
        old = store.get(key)
        store.changed.setdefault(key, None if old is None else total(old.ts, old.count))
        if count is None:
            store.rows.pop(key, None)
        else:
            store.rows[key] = total(0, count)
    store.absorb()


def change_window(store: StateStore, total: Any, window: int, key: str, count: int) -> None:
    store.changed_windows.setdefault(window, {}).setdefault(key, store.get_window(window, key))
    store.windows.setdefault(window, {})[key] = total(0, count)
    store.absorb()


class Kept:
    """A changelog that a store is kept in, commit by commit."""

    def __init__(self, spec: StoreSpec, *, coalesce: bool = False) -> None:
        self.log = MemoryLog()
        self.spec = spec
        self.coalesce = coalesce
        create_changelog(self.log, "changelog", 1)
        self.open()

    def open(self) -> None:
        self.store = StateStore(self.spec, coalesce=self.coalesce)
        self.checkpoint = Checkpoint(self.log, "changelog", 0)
        self.checkpoint.restore(self.store)

    def commit(self) -> None:
        commit = Commit(1, 0.0, Ledger())
        blob = self.store.blob()
        if blob is not None:
            commit.append("changelog", 0, [(0, None, blob, ())])
            self.checkpoint.note(commit, self.store)
        self.checkpoint.fold(commit, self.store)
        self.store.expire()
        commit.write(self.log)

    def counts(self) -> dict[Any, int]:
        return {key if window is None else (window, key): s.count for key, window, s in self.store.entries()}


@pytest.fixture
def folding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkpoints of a few keys, loaded key by key."""
    monkeypatch.setattr(checkpoints, "FOLD_AT_KEYS", 4)
    monkeypatch.setattr(checkpoints, "SLICE_KEYS", 2)
    monkeypatch.setattr(checkpoints, "EAGER_KEYS", 1)


def test_only_what_changed_is_kept_and_nothing_twice(plans: SimpleNamespace) -> None:
    store = StateStore(plans.count_store)
    change(store, plans.Total, a=1, b=2)
    first = store.blob()
    change(store, plans.Total, b=3)
    second = store.blob()

    assert first is not None
    assert second is not None
    assert store.codec.decode(first)[2] == {"a": plans.Total(0, 1), "b": plans.Total(0, 2)}
    assert store.codec.decode(second)[2] == {"b": plans.Total(0, 3)}
    assert store.blob() is None


def test_stream_time_alone_is_kept(plans: SimpleNamespace) -> None:
    kept = Kept(plans.count_store)
    kept.store.stream_time = 77
    kept.commit()

    kept.open()

    assert kept.store.stream_time == 77


def test_deletes_survive_a_restart(plans: SimpleNamespace) -> None:
    kept = Kept(plans.count_store)
    change(kept.store, plans.Total, a=1, b=1)
    kept.commit()
    change(kept.store, plans.Total, a=None)
    kept.commit()

    kept.open()

    assert kept.counts() == {"b": 1}


def test_pending_keys_are_those_changed_since_the_mark(plans: SimpleNamespace) -> None:
    kept = Kept(plans.count_store, coalesce=True)
    change(kept.store, plans.Total, a=1, b=1)
    kept.store.show(9)  # the stage emits
    kept.commit()
    change(kept.store, plans.Total, b=2, c=1)
    kept.commit()

    kept.open()

    assert kept.store.owed.take(9)[0] == {"b": None, "c": None}


@pytest.mark.parametrize(
    ("key_type", "key"),
    [
        (int, 7),
        (str, "a\x00é"),
        (bytes, b"\xff"),
        (float, 0.5),
        (bool, True),
        (tuple[str | None, int], (None, 3)),
    ],
    ids=["int", "str", "bytes", "float", "bool", "tuple"],
)
def test_keys_of_every_kind_round_trip(plans: SimpleNamespace, key_type: Any, key: Any) -> None:
    codec = StoreCodec(StoreSpec("S", key_type, plans.Total, windowed=True, retention_ms=1))

    blob = codec.encode(5, {-60: {key: plans.Total(1, 2)}}, mark=0)

    assert codec.decode(blob) == (5, 0, {-60: {key: plans.Total(1, 2)}})
    assert codec.split_key(codec.key_bytes(-60, key)) == (-60, key)


def test_window_keys_sort_by_start(plans: SimpleNamespace) -> None:
    codec = StoreCodec(plans.window_store(10, 100))
    starts = [-1_000, -1, 0, 1, 255, 256, 1 << 40]

    assert sorted(starts, key=lambda s: codec.key_bytes(s, "k")) == starts


@pytest.mark.parametrize("blob", [b"", b"\x02\x93", b"\x01garbage", b"\x01" + msgspec.msgpack.encode([1, 2])])
def test_foreign_blobs_are_refused(plans: SimpleNamespace, blob: bytes) -> None:
    with pytest.raises(LogCorrupt, match="Aggregate"):
        StoreCodec(plans.count_store).decode(blob)


@pytest.mark.usefixtures("folding")
def test_folded_changelog_and_tail_give_the_store(plans: SimpleNamespace) -> None:
    kept = Kept(plans.count_store)
    expected: dict[str, int] = {}
    for n in range(110):
        key = f"k{n % 9}"
        if n % 7 == 3:
            change(kept.store, plans.Total, **{key: None})
            expected.pop(key, None)
        else:
            change(kept.store, plans.Total, **{key: n})
            expected[key] = n
        kept.commit()
        if n % 27 == 0:
            kept.open()
        assert kept.counts() == expected

    assert kept.checkpoint.folded > 0
    assert kept.log.begin_offset("changelog", 0) > 0
    assert kept.store.load is not None
    assert {key: kept.store.get(key).count for key in expected} == expected
    assert kept.store.get("absent") is None


@pytest.mark.usefixtures("folding")
def test_expired_windows_leave_the_checkpoint(plans: SimpleNamespace) -> None:
    kept = Kept(plans.window_store(10, 50))
    for n in range(40):
        kept.store.stream_time = n * 10
        change_window(kept.store, plans.Total, n * 10, "k", n)
        kept.commit()
    kept.open()

    assert kept.counts() == {(n * 10, "k"): n for n in range(34, 40)}
    assert kept.store.window_starts((350, 370)) == [350, 360, 370]
    assert kept.store.get_window(380, "k").count == 38
    assert kept.store.get_window(100, "k") is None
    assert len(kept.log.scan(checkpoints.STATE_TABLE, b"", limit=100)) < 12


@pytest.mark.usefixtures("folding")
def test_folding_stops_at_the_last_mark(plans: SimpleNamespace) -> None:
    kept = Kept(plans.count_store, coalesce=True)
    change(kept.store, plans.Total, a=1)
    kept.store.show(9)
    kept.commit()
    for n in range(2, 40):
        change(kept.store, plans.Total, a=n)
        kept.commit()
        kept.open()

    assert kept.store.owed.take(9)[0] == {"a": None}
    assert kept.counts() == {"a": 39}


@pytest.mark.usefixtures("folding")
def test_folding_goes_on_while_changes_never_cease(plans: SimpleNamespace) -> None:
    kept = Kept(plans.count_store, coalesce=True)
    for n in range(60):
        change(kept.store, plans.Total, a=n)
        kept.store.show(9 if n % 3 == 0 else 0)  # all that is owed is emitted, but then something changes again
        change(kept.store, plans.Total, **{f"b{n % 2}": n})
        kept.commit()

    kept.open()

    assert kept.store.owed.take(9)[0].keys() == {"a", "b0", "b1"}
    assert kept.counts() == {"a": 59, "b0": 58, "b1": 59}
    assert kept.log.begin_offset("changelog", 0) > 10


def test_forgetting_a_checkpoint_deletes_its_tables(plans: SimpleNamespace, folding: None) -> None:
    kept = Kept(plans.count_store)
    for n in range(40):
        change(kept.store, plans.Total, **{f"k{n % 3}": n})
        kept.commit()
    assert kept.log.scan(checkpoints.STATE_TABLE, b"", limit=1)

    Checkpoint.forget(kept.log, "changelog")

    assert not kept.log.scan(checkpoints.STATE_TABLE, b"", limit=1)
    assert not kept.log.scan(checkpoints.FOLDED_TABLE, b"", limit=1)
