"""Tumbling and hopping windows: which windows a record falls into, whether it is late for them, when they close.

The law: stream time is raised by every record before lateness is judged; a record is late for a window whose end + grace
is at or before stream time; windows are aligned to the epoch, their start inclusive, their end exclusive.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from headrace.engine.codegen.builder import Row
from headrace.engine.codegen.source import Code

NEVER = 1 << 62
"""A time that does not come, in milliseconds."""


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """Windows of `size_ms` that start every `advance_ms`; closed `grace_ms` after their end, kept `retention_ms` after their start.

    With `final`, a window is emitted once, when it closes; windows that started `kept_ms` or more before the newest one are
    lost by then, as ksqlDB's store has dropped them.
    """

    size_ms: int
    advance_ms: int
    grace_ms: int
    retention_ms: int
    final: bool = False
    kept_ms: int = NEVER

    @property
    def kind(self) -> str:
        """The word for it in SQL."""
        return "TUMBLING" if self.advance_ms == self.size_ms else "HOPPING"

    @property
    def close_ms(self) -> int:
        """From the start of a window to when it closes."""
        return self.size_ms + self.grace_ms

    def describe(self) -> str:
        """The window as EXPLAIN shows it."""
        advance = f" advance={self.advance_ms}ms" if self.kind == "HOPPING" else ""
        final = " final" if self.final else ""
        return (
            f"{self.kind} size={self.size_ms}ms{advance} grace={self.grace_ms}ms retention={self.retention_ms}ms{final}"
        )

    @contextmanager
    def each(self, code: Code, row: Row) -> Iterator[None]:
        """Write what finds the windows of a record; what is written inside sees `ws`, its keys `w` and its changes `ch`."""
        if self.kind == "TUMBLING":
            self._write_tumbling(code, row)
            yield
            return
        self._write_hopping(code, row)
        with code.block("for ws, w, ch in slots:"):
            yield

    def _write_tumbling(self, code: Code, row: Row) -> None:
        ts = row.timestamp
        code.line(f"ws = {ts} - {ts} % {self.size_ms}")
        with code.block("if ws != cw:"):
            with code.block(f"if ws + {self.close_ms} <= st:"):
                code.line(f"problems.late({row.record}, ws, ws + {self.size_ms}, st)")
                code.line("continue")
            self._write_open(code)
            code.line("cw = ws")

    def _write_hopping(self, code: Code, row: Row) -> None:
        """The windows of the last record are those of this one where both fall between the same two starts."""
        ts, advance = row.timestamp, self.advance_ms
        code.line(f"last = {ts} - {ts} % {advance}")
        with code.block("if last != cw:"):
            code.line("slots = []")
            code.line("closed = []")
            with code.block(
                f"for ws in range(max({ts} - {self.size_ms} + {advance}, 0) // {advance} * {advance}, last + 1, {advance}):"
            ):
                with code.block(f"if ws + {self.close_ms} <= st:"):
                    code.line("closed.append(ws)")
                    code.line("continue")
                self._write_open(code)
                code.line("slots.append((ws, w, ch))")
            code.line("cw = last")
        with code.block("for ws in closed:"):
            code.line(f"problems.late({row.record}, ws, ws + {self.size_ms}, st)")

    def _write_open(self, code: Code) -> None:
        code.line("w = windows.get(ws)")
        with code.block("if w is None:"):
            code.line("w = windows[ws] = {}")
            if self.final:
                code.line(f"if ws + {self.close_ms} < due: due = ws + {self.close_ms}")
        code.line("ch = changed_windows.get(ws)")
        with code.block("if ch is None:"):
            code.line("ch = changed_windows[ws] = {}")

    def write_prepare_final(self, code: Code, encode_key: str) -> None:
        """Write `close(before, st, newest, hd, r)`, which emits the windows that close between two stream times and returns when
        the next one does, and `emit()`, which closes all: the input has ended. `newest` is what windows are lost by.
        """
        with code.block("if store.load_window is not None:"):
            with code.block("for key, ws, s in list(store.entries()):"):
                code.line("store.windows.setdefault(ws, {})[key] = s")
        with code.block("def close(before, st, newest, hd, r):"):
            code.line("windows = store.windows")
            code.line(f"lost = newest - newest % {self.advance_ms} - {self.kept_ms}")
            code.line(f"due = {NEVER}")
            with code.block("for ws in sorted(windows):"):
                code.line(f"end = ws + {self.close_ms}")
                with code.block("if end > st:"):
                    code.line("due = min(due, end)")
                with code.block("elif end > before and ws > lost:"):
                    code.line("w = windows[ws]")
                    with code.block(f"for key in sorted(w, key={encode_key}):"):
                        code.line("change(key, ws, w[key], hd, r)")
            code.line("return due")
        with code.block("def emit():"):
            code.line("before = store.stream_time")
            code.line(f"st = max((ws + {self.close_ms} for ws in store.windows), default=before)")
            with code.block("if st > before:"):
                code.line("close(before, st, before, (), None)")
                code.line("store.stream_time = st")

    def write_prologue_final(self, code: Code) -> None:
        """Write what runs once per batch: when the next open window closes."""
        code.line(f"due = min((ws + {self.close_ms} for ws in windows if ws + {self.close_ms} > st), default={NEVER})")
