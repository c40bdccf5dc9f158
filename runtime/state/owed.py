"""The keys of a store whose last change was not emitted yet, as keys of dicts (the values are None).

The law: keys leave only by `take`, in two generations: those that are being emitted, and those that have changed since that
began. So while changes never cease, what is owed still goes back a bounded number of commits.
"""

from typing import Any

Keys = dict[Any, Any]


class _Generation:
    """Keys, or windows of keys; `blobs` is how many commits have kept changes of them."""

    __slots__ = ("blobs", "keys", "windows")

    def __init__(self) -> None:
        self.keys: Keys = {}
        self.windows: dict[int, Keys] = {}
        self.blobs = 0

    def __bool__(self) -> bool:
        return bool(self.keys or self.windows)

    def __len__(self) -> int:
        return len(self.keys) + sum(map(len, self.windows.values()))

    def take(self, limit: int, keys: Keys, windows: dict[int, Keys]) -> int:
        """Move up to `limit` keys, the oldest first; returns how many."""
        taken, self.keys = _split(self.keys, limit)
        keys.update(taken)
        count = len(taken)
        while count < limit and self.windows:
            window = next(iter(self.windows))
            taken, rest = _split(self.windows.pop(window), limit - count)
            windows.setdefault(window, {}).update(taken)
            count += len(taken)
            if rest:
                self.windows = {window: rest, **self.windows}
        return count


class Owed:
    """Keys, or windows of keys."""

    __slots__ = ("_due", "_new")

    def __init__(self) -> None:
        self._due = _Generation()
        self._new = _Generation()

    def __bool__(self) -> bool:
        return bool(self._new or self._due)

    def __len__(self) -> int:
        return len(self._due) + len(self._new)

    def owes(self, window: int) -> bool:
        """Whether keys of a window are owed."""
        return window in self._due.windows or window in self._new.windows

    def add(self, window: int | None, changed: Keys) -> None:
        """Owe keys that changed; those owed since the emission began keep their place."""
        keys = self._new.keys if window is None else self._new.windows.setdefault(window, {})
        keys.update(changed)

    def take(self, limit: int) -> tuple[Keys, dict[int, Keys]]:
        """Up to `limit` keys, the oldest first; they are owed no more."""
        keys: Keys = {}
        windows: dict[int, Keys] = {}
        left = limit
        while left > 0 and self:
            if not self._due:
                self._due, self._new = self._new, _Generation()
            left -= self._due.take(left, keys, windows)
        return keys, windows

    def note_blob(self, blobs: int = 1) -> int:
        """Changes are being kept; returns how many of the last blobs, with this one, hold changes that are owed."""
        for generation in (self._due, self._new):
            generation.blobs = generation.blobs + blobs if generation else 0
        return self._due.blobs or self._new.blobs


def _split(keys: Keys, limit: int) -> tuple[Keys, Keys]:
    if len(keys) <= limit:
        return keys, {}
    entries = list(keys.items())
    return dict(entries[:limit]), dict(entries[limit:])
