"""A user's mistake as text: where, what, the offending line, and a caret under it."""

from dataclasses import replace

from headrace.parser.errors import Span, SqlError

WIDEST_LINE = 160
"""Longer lines are cut around the place."""


def describe(error: SqlError, text: str, *, file: str | None = None) -> str:
    """`file:line:column: message`, then the line of `text` with a caret; without a file, `line:column` only where there are lines."""
    if error.span is None:
        return f"{file}: {error}" if file else str(error)
    where = f"{error.span.line}:{error.span.column}: "
    shown = f"{file}:{where}" if file else where if "\n" in text.strip() else ""
    return f"{shown}{error}\n{excerpt(text, error.span)}"


def excerpt(text: str, span: Span) -> str:
    """The first line of the span with carets below the span's part of it."""
    lines = text.split("\n")
    line = lines[span.line - 1] if 0 < span.line <= len(lines) else ""
    length = max(1, min(span.end - span.start, len(line) - span.column + 1))
    start = span.column - 1
    cut = max(0, start - WIDEST_LINE // 2) if len(line) > WIDEST_LINE else 0
    indent = "".join("\t" if c == "\t" else " " for c in line[cut:start])
    return f"  {line[cut : cut + WIDEST_LINE].rstrip()}\n  {indent}{'^' * min(length, WIDEST_LINE - start + cut)}"


def moved(error: SqlError, start: Span) -> SqlError:
    """The error of a statement as an error of the text that the statement starts in at `start`."""
    span = error.span or Span(1, 1, 0, 1)
    error.span = replace(
        span,
        line=start.line + span.line - 1,
        column=span.column + (start.column - 1 if span.line == 1 else 0),
        start=start.start + span.start,
        end=start.start + span.end,
    )
    return error
