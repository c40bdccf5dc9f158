"""Windows of a query: sizes, grace and retention with their defaults."""

from headrace.engine.catalog.source import WindowedKey
from headrace.engine.codegen.operators.session_window import SessionWindow
from headrace.engine.codegen.operators.time_window import TimeWindow
from headrace.parser.errors import SqlError
from headrace.parser.statements import Window

DAY_MS = 86_400_000
"""Default size + grace, and default retention, of a window (language inventory §8.4)."""


def plan_window(window: Window, *, final: bool) -> TimeWindow | SessionWindow:
    """Sizes in milliseconds with their defaults: grace max(24 h - size, 0), none for EMIT FINAL; retention at least size + grace."""
    size = window.size.milliseconds
    if size <= 0:
        raise SqlError("The size of a window must be positive.", span=window.span)
    if final and window.kind == "SESSION":
        raise SqlError(
            "EMIT FINAL is not supported yet for SESSION windows.",
            span=window.span,
            hint="EMIT CHANGES is",
            kind="unsupported",
        )
    default_grace = 0 if final else max(DAY_MS - size, 0)
    grace = window.grace.milliseconds if window.grace is not None else default_grace
    retention = window.retention.milliseconds if window.retention is not None else max(DAY_MS, size + grace)
    if retention < size + grace:
        if window.grace is not None:
            raise SqlError(
                f"The retention of a window ({retention} ms) must be at least its size plus grace period ({size + grace} ms).",
                span=window.span,
                hint="raise RETENTION or lower GRACE PERIOD",
            )
        grace = max(retention - size, 0)
    if window.kind == "SESSION":
        return SessionWindow(size, grace, retention)
    advance = window.advance.milliseconds if window.advance is not None else size
    if not 0 < advance <= size:
        raise SqlError(
            f"The advance of a hopping window ({advance} ms) must be positive and at most its size ({size} ms).",
            span=window.span,
        )
    # Where neither GRACE nor RETENTION is written, ksqlDB's store keeps a day, else no more than it must.
    kept = max(retention if window.retention is not None or window.grace is None else 0, size + grace)
    return TimeWindow(size, advance, grace, max(retention, size), final, kept)


def windowed_key(window: TimeWindow | SessionWindow) -> WindowedKey:
    """What the keys of the result look like."""
    if isinstance(window, SessionWindow):
        return WindowedKey("SESSION")
    return WindowedKey("TUMBLING" if window.kind == "TUMBLING" else "HOPPING", window.size_ms)
