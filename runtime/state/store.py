"""The state of one task in plain dicts, and what of it a commit has to keep.

The law: generated code owns `rows` and `changed`; between runs the runtime moves `changed` into `dirty` (to be kept by
the next commit) and `owed` (to be emitted). A key leaves `dirty` only into a blob, `owed` only into `pending`, which the
stage empties.
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from headrace.engine.codegen.stage import StoreSpec
from headrace.runtime.state.codec import Changes, StoreCodec
from headrace.runtime.state.owed import Owed

_NEVER = 1 << 62


class CheckpointTable(Protocol):
    """The part of a store that is not in memory."""

    def find(self, store: "StateStore", window: int | None, key: Any) -> Any:
        """The state of a key, or None."""

    def entries(self, store: "StateStore") -> Iterator[tuple[Any, int | None, Any]]:
        """All (key, window start, state)."""

    def window_starts(self, store: "StateStore") -> Iterator[int]:
        """The window starts, in order."""


class StateStore:
    """The dicts of `engine.codegen.stage.Store`, with bookkeeping of changes."""

    __slots__ = (
        "_dirty",
        "_dirty_windows",
        "_gone",
        "_oldest",
        "_replayed",
        "_saved_time",
        "_shown",
        "_table",
        "changed",
        "changed_windows",
        "coalesce",
        "codec",
        "last_blob_keys",
        "load",
        "load_window",
        "owed",
        "pending",
        "pending_windows",
        "rows",
        "spec",
        "stream_time",
        "windows",
    )

    def __init__(self, spec: StoreSpec, codec: StoreCodec | None = None, *, coalesce: bool = False) -> None:
        self.spec = spec
        self.codec = codec or StoreCodec(spec)
        self.coalesce = coalesce
        self.rows: dict[Any, Any] = {}
        self.windows: dict[int, dict[Any, Any]] = {}
        self.changed: dict[Any, Any] = {}
        self.changed_windows: dict[int, dict[Any, Any]] = {}
        self.pending: dict[Any, Any] = {}
        self.pending_windows: dict[int, dict[Any, Any]] = {}
        self.load: Callable[[Any], Any] | None = None
        self.load_window: Callable[[int, Any], Any] | None = None
        self.stream_time = -1
        self._dirty: dict[Any, Any] = {}
        self._dirty_windows: dict[int, dict[Any, Any]] = {}
        self._saved_time = -1
        self._shown = True
        """Whether the last blob says that all changes were emitted."""
        self._replayed: deque[dict[Any, Any]] = deque()
        """While it is restored: the changes that were owed at the last blob."""
        self.owed = Owed()
        self._oldest = _NEVER
        self._table: CheckpointTable | None = None
        self._gone: set[tuple[int | None, Any]] = set()
        self.last_blob_keys = 0

    @property
    def size(self) -> int:
        """The number of keys in memory."""
        return len(self.rows) + sum(map(len, self.windows.values()))

    def attach(self, table: CheckpointTable) -> None:
        """Look keys that are not in memory up in a table."""
        self._table = table
        if self.spec.windowed:
            self.load_window = self._load_window
        else:
            self.load = self._load

    def seed(self, window: int | None, key: Any, state: Any) -> None:
        """Put in a state as the checkpoint has it."""
        if window is None:
            self.rows[key] = state
        else:
            self.windows.setdefault(window, {})[key] = state
            self._oldest = min(self._oldest, window)

    def is_expired(self, window: int) -> bool:
        """Whether retention has passed a window."""
        return self.spec.retention_ms is not None and window + self.spec.retention_ms < self.stream_time

    def get(self, key: Any) -> Any:
        """The state of a key, or None."""
        state = self.rows.get(key)
        return self.load(key) if state is None and self.load else state

    def get_window(self, window: int, key: Any) -> Any:
        """The state of a key in a window, or None."""
        state = self.windows.get(window, {}).get(key)
        return self.load_window(window, key) if state is None and self.load_window else state

    def window_starts(self, bounds: tuple[int, int] | None = None) -> list[int]:
        """The starts of the windows that there are, in order, within a closed range where given."""
        low, high = bounds or (-_NEVER, _NEVER)
        starts = {start for start in self.windows if low <= start <= high}
        if self._table is not None:
            kept = self._table.window_starts(self)
            starts.update(start for start in kept if low <= start <= high and not self.is_expired(start))
        return sorted(starts)

    def entries(self, bounds: tuple[int, int] | None = None) -> Iterator[tuple[Any, int | None, Any]]:
        """All (key, window start, state)."""
        low, high = bounds or (-_NEVER, _NEVER)
        if self._table is not None:
            for key, window, state in self._table.entries(self):
                if window is not None and (not low <= window <= high or self.is_expired(window)):
                    continue
                if not self._is_known(window, key):
                    yield key, window, state
        if self.spec.windowed:
            for window in sorted(start for start in self.windows if low <= start <= high):
                for key, state in self.windows[window].items():
                    yield key, window, state
        else:
            for key, state in self.rows.items():
                yield key, None, state

    def absorb(self) -> None:
        """Take over what generated code marked as changed since the last call."""
        if self.changed:
            self._dirty.update(self.changed)
            if self.coalesce:
                self.owed.add(None, self.changed)
            self.changed.clear()
        if self.changed_windows:
            for window, changed in self.changed_windows.items():
                if not changed:
                    continue
                self._dirty_windows.setdefault(window, {}).update(changed)
                self._oldest = min(self._oldest, window)
                if self.coalesce:
                    self.owed.add(window, changed)
            self.changed_windows.clear()

    def absorb_shown(self) -> None:
        """Take over what the emission itself changed (whether HAVING let a group show): to be kept, but shown already."""
        self._dirty.update(self.changed)
        self.changed.clear()
        for window, changed in self.changed_windows.items():
            self._dirty_windows.setdefault(window, {}).update(changed)
        self.changed_windows.clear()

    def show(self, limit: int) -> None:
        """Put up to `limit` keys that owe an emission into `pending`, for the stage to emit."""
        keys, windows = self.owed.take(limit)
        self.pending.update(keys)
        self.pending_windows.update(windows)

    def blob(self) -> bytes | None:
        """What the next commit has to keep, or None; afterwards nothing is dirty. Call `absorb` before."""
        shown = not self.owed
        is_changed = bool(self._dirty or self._dirty_windows)
        if not is_changed and self.stream_time == self._saved_time and shown == self._shown:
            return None
        changes: dict[Any, Any]
        if self.spec.windowed:
            changes = {}
            for window, keys in self._dirty_windows.items():
                get = self.windows.get(window, {}).get
                changes[window] = {key: get(key) for key in keys}
        else:
            find = self.rows.get
            changes = {key: find(key) for key in self._dirty}
        self.last_blob_keys = len(self._dirty) + sum(map(len, self._dirty_windows.values()))
        if self._table is not None:
            self._note_gone(changes)
        blob = self.codec.encode(self.stream_time, changes, mark=self.owed.note_blob())
        self._dirty.clear()
        self._dirty_windows.clear()
        self._saved_time, self._shown = self.stream_time, shown
        return blob

    def keep_nothing(self) -> None:
        """Take the changes as kept (stores of push queries live in memory only)."""
        self._dirty.clear()
        self._dirty_windows.clear()
        self.expire()

    def apply(self, changes: Changes) -> None:
        """Replay what a blob holds (restore); `applied` ends it."""
        stream_time, mark, contents = changes
        self.stream_time = self._saved_time = stream_time
        groups = contents.items() if self.spec.windowed else ((None, contents),)
        for window, keys in groups:
            if window is not None:
                self._oldest = min(self._oldest, window)
            rows = self.rows if window is None else self.windows.setdefault(window, {})
            _apply(rows, keys)
        if self._table is not None:
            self._note_gone(contents)
        if self.coalesce:
            self._replayed.append(contents)
            while len(self._replayed) > mark:
                self._replayed.popleft()
        self.expire()

    def applied(self) -> None:
        """All blobs are replayed: what they leave owed is owed again."""
        for contents in self._replayed:
            for window, keys in contents.items() if self.spec.windowed else ((None, contents),):
                self.owed.add(window, dict.fromkeys(keys))
        self._shown = not self.owed
        self.owed.note_blob(len(self._replayed))
        self._replayed.clear()

    def expire(self) -> int | None:
        """Drop windows that retention has passed and that owe no emission; returns the oldest start to keep if any went."""
        retention = self.spec.retention_ms
        if retention is None or self._oldest + retention >= self.stream_time:
            return None
        horizon = self.stream_time - retention
        for window in [start for start in self.windows if start < horizon and not self._owes(start)]:
            del self.windows[window]
        self._oldest = min(self.windows, default=_NEVER)
        return horizon

    def _owes(self, window: int) -> bool:
        return self.owed.owes(window) or any(window in contents for contents in self._replayed)

    def _load(self, key: Any) -> Any:
        if self._table is None or key in self.changed or key in self._dirty or (None, key) in self._gone:
            return None
        state = self._table.find(self, None, key)
        if state is not None:
            self.rows[key] = state
        return state

    def _load_window(self, window: int, key: Any) -> Any:
        if self._table is None or self._is_known(window, key) or self.is_expired(window):
            return None
        state = self._table.find(self, window, key)
        if state is not None:
            self.windows.setdefault(window, {})[key] = state
            self._oldest = min(self._oldest, window)
        return state

    def _is_known(self, window: int | None, key: Any) -> bool:
        """Whether what the table says of a key is out of date or in memory already."""
        if (window, key) in self._gone:
            return True
        if window is None:
            return key in self.rows or key in self.changed or key in self._dirty
        return any(
            key in places.get(window, ()) for places in (self.windows, self.changed_windows, self._dirty_windows)
        )

    def _note_gone(self, changes: dict[Any, Any]) -> None:
        groups = changes.items() if self.spec.windowed else ((None, changes),)
        for window, keys in groups:
            if None in keys.values():
                self._gone.update((window, key) for key, state in keys.items() if state is None)


def _apply(rows: dict[Any, Any], changes: dict[Any, Any]) -> None:
    rows.update(changes)
    if None in changes.values():
        for key in [key for key, state in changes.items() if state is None]:
            del rows[key]
