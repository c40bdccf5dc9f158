"""Progress of a run on standard error: a live bar per input on a terminal, now and then a line elsewhere.

The law: standard output belongs to results. The bars are off the screen whenever a result or a message is written.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

LINE_EVERY_SECONDS = 5.0
BARS_AFTER_SECONDS = 0.3
"""What is done sooner shows no bar: it would only flicker."""


@dataclass(frozen=True, slots=True)
class Load:
    """How far an input is; `rate` is what this run loads per second."""

    topic: str
    records: int
    rate: float
    fraction: float | None
    is_running: bool


class Display(Protocol):
    """Shows what is going on."""

    def update(self, loads: Sequence[Load], *, lag: int) -> None:
        """Show how far inputs are, and how many records the queries still have to read."""

    def message(self, text: str) -> None:
        """Say something."""

    def pause(self) -> None:
        """Leave the screen to results."""


def open_display() -> Display:
    """Bars where standard error is a terminal, lines elsewhere."""
    return Bars() if sys.stderr.isatty() else LineByLine()


class LineByLine:
    """Plain lines: one per input every few seconds."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def update(self, loads: Sequence[Load], *, lag: int) -> None:
        """Print a line per running input when the last ones are old."""
        now = time.monotonic()
        if now - self._last < LINE_EVERY_SECONDS or not (lag or any(load.is_running for load in loads)):
            return
        self._last = now
        for load in loads:
            share = "" if load.fraction is None else f" ({load.fraction:.0%})"
            state = f"{share}, {load.rate:,.0f} records/s" if load.is_running else ", loaded"
            self.message(f"{load.topic}: {load.records:,} records{state}, lag {lag:,}")

    def message(self, text: str) -> None:
        """Print a line."""
        print(text, file=sys.stderr, flush=True)

    def pause(self) -> None:
        """Nothing is in the way."""


class Bars:
    """A bar per input below what was printed before."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def update(self, loads: Sequence[Load], *, lag: int) -> None:
        """Draw the bars."""
        if not loads or (self._bars is None and time.monotonic() - self._started < BARS_AFTER_SECONDS):
            return
        bars = self._bars or self._open()
        for load in loads:
            total = None if load.fraction is None else 1.0
            task = self._tasks.get(load.topic)
            if task is None:
                task = self._tasks[load.topic] = bars.add_task(load.topic, total=total, facts="")
            facts = f"{load.records:,} records, {load.rate:,.0f}/s" if load.is_running else f"{load.records:,} records"
            bars.update(task, completed=load.fraction or 0.0, total=total, facts=f"{facts}, lag {lag:,}")

    def message(self, text: str) -> None:
        """Print a line above the bars."""
        if self._bars is not None:
            self._bars.console.print(text, markup=False, highlight=False)
        else:
            print(text, file=sys.stderr, flush=True)

    def pause(self) -> None:
        """Take the bars off the screen; the next update draws them again."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
            self._tasks.clear()

    def _open(self) -> "Progress":
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[facts]}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._bars.start()
        return self._bars
