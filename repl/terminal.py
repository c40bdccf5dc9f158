"""What the terminal is like: the one place that asks."""

import shutil
import sys

from headrace.repl.rendering.table import PLAIN, Style, box


def table_style() -> Style:
    """Boxes that fit a terminal; plain tables where standard output goes elsewhere."""
    if not sys.stdout.isatty():
        return PLAIN
    return box(shutil.get_terminal_size().columns, colour=True)


def write(piece: str) -> None:
    """Write to standard output at once: a row of a running query must not wait for the next."""
    sys.stdout.write(piece)
    sys.stdout.flush()
