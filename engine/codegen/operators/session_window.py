"""Session windows: per key, records at most a gap apart make one session; a record may join several into one.

The law: bounds are inclusive at both ends; a session that a record changes is deleted under its old bounds before it is
written under its new ones; a record is late where the session that it would make ended more than gap + grace ago.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headrace.engine.codegen.builder import Row
from headrace.engine.codegen.source import Code


@dataclass(frozen=True, slots=True)
class SessionWindow:
    """Sessions that `gap_ms` without a record ends; late records are accepted for `grace_ms`, sessions kept for `retention_ms`."""

    gap_ms: int
    grace_ms: int
    retention_ms: int

    kind = "SESSION"

    @property
    def close_ms(self) -> int:
        """From the end of a session to when it closes."""
        return self.gap_ms + self.grace_ms

    def describe(self) -> str:
        """The window as EXPLAIN shows it."""
        return f"SESSION gap={self.gap_ms}ms grace={self.grace_ms}ms retention={self.retention_ms}ms"

    def write_find(self, code: Code, row: Row, key: str, create: str, merge: Callable[[Code, str, str], None]) -> None:
        """Write what makes `s` the session of the record, in `rows[key]`; sessions that went are deleted by `gone`."""
        ts, gap = row.timestamp, self.gap_ms
        code.line(f"sessions = rows.get({key})")
        with code.block("if sessions is None:"):
            code.line(f"if load is not None: sessions = load({key})")
            code.line("if sessions is None: sessions = []")
        code.line(f"live = st - {self.close_ms}")
        code.line(f"found = [x for x in sessions if x.we >= {ts} - {gap} and x.ws <= {ts} + {gap} and x.we >= live]")
        code.line(f"lo = min([{ts}, *[x.ws for x in found]])")
        code.line(f"hi = max([{ts}, *[x.we for x in found]])")
        with code.block("if hi < live:"):
            code.line(f"problems.late({row.record}, lo, hi, st)")
            code.line("continue")
        with code.block("if lo != hi:"):
            with code.block("for x in found:"):
                code.line(f"gone({key}, x, {row.headers}, {row.record})")
        with code.block("if len(found) == 1:"):
            code.line("s = found[0]")
        with code.block("else:"):
            code.line(f"s = {create}")
            with code.block("for x in found:"):
                merge(code, "s", "x")
            code.line(f"kept = st - {self.retention_ms}")
            code.line("sessions = [x for x in sessions if x not in found and x.we >= kept]")
            code.line("sessions.append(s)")
            code.line(f"rows[{key}] = sessions")
        code.line("s.ws, s.we, s.ts = lo, hi, hi")
        code.line(f"changed[{key}] = None")

    def write_sweep(self, code: Code) -> None:
        """Write what ends a batch: once per retention, drop the sessions that it has passed."""
        with code.block(f"if st - swept > {self.retention_ms}:"):
            code.line("swept = st")
            code.line(f"kept = st - {self.retention_ms}")
            with code.block("for key in [k for k, sessions in rows.items() if max(x.we for x in sessions) < kept]:"):
                code.line("del rows[key]")
                code.line("changed[key] = None")


SESSION_FIELDS: Sequence[tuple[str, type]] = (("ws", int), ("we", int))
"""What the state of a session holds beside its aggregates: its bounds."""
