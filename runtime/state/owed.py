"""The keys of a store whose last change was not emitted yet, as keys of dicts (the values are None).

The law: a key is owed once, in the order of first changes; it leaves only by `take`.
"""

from typing import Any

Keys = dict[Any, Any]


class Owed:
    """Keys, or windows of keys."""

    __slots__ = ("_keys", "_windows")

    def __init__(self) -> None:
        self._keys: Keys = {}
        self._windows: dict[int, Keys] = {}

    def __bool__(self) -> bool:
        return bool(self._keys or self._windows)

    def __len__(self) -> int:
        return len(self._keys) + sum(map(len, self._windows.values()))

    def owes(self, window: int) -> bool:
        """Whether keys of a window are owed."""
        return window in self._windows

    def keys(self, window: int | None) -> Keys:
        """The keys that are owed (of a window), to be added to."""
        return self._keys if window is None else self._windows.setdefault(window, {})

    def add(self, window: int | None, changed: Keys) -> None:
        """Owe keys that changed; those owed already keep their place."""
        self.keys(window).update(changed)

    def take(self, limit: int) -> tuple[Keys, dict[int, Keys]]:
        """Up to `limit` keys, the oldest first; they are owed no more."""
        taken, self._keys = _split(self._keys, limit)
        left = limit - len(taken)
        windows: dict[int, Keys] = {}
        while left > 0 and self._windows:
            window = next(iter(self._windows))
            windows[window], rest = _split(self._windows.pop(window), left)
            left -= len(windows[window])
            if rest:
                self._windows = {window: rest, **self._windows}
        return taken, windows

    def clear(self) -> None:
        """Nothing is owed."""
        self._keys.clear()
        self._windows.clear()


def _split(keys: Keys, limit: int) -> tuple[Keys, Keys]:
    if len(keys) <= limit:
        return keys, {}
    entries = list(keys.items())
    return dict(entries[:limit]), dict(entries[limit:])
