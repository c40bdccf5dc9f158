"""What the parser raises, and where in the text it happened.

SqlError            a user's mistake in SQL: message, place, way out
└── ParseError      the text is not a statement
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text: 1-based `line` and `column` of its first character, 0-based offsets `start` and `end` (exclusive)."""

    line: int
    column: int
    start: int
    end: int

    def to(self, other: "Span") -> "Span":
        """The span from the start of this one to the end of `other`."""
        return Span(self.line, self.column, self.start, other.end)


class SqlError(Exception):
    """A mistake in a statement: what (`message`), where (`span`), and a way out (`hint`).

    `kind` is a stable word for programs ("syntax", "unknown column", "type mismatch", "unsupported", …).
    """

    def __init__(
        self, message: str, *, span: Span | None = None, hint: str | None = None, kind: str = "invalid"
    ) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.hint = hint
        self.kind = kind

    def __str__(self) -> str:
        if not self.hint:
            return self.message
        if self.message.endswith("."):
            return f"{self.message} {self.hint[:1].upper()}{self.hint[1:]}"
        return f"{self.message}; {self.hint}"

    @property
    def ksql_message(self) -> str:
        """The message for clients of ksqlDB."""
        return str(self)


class ParseError(SqlError):
    """The text is not a statement of the language.

    `detail` is what ksqlDB says of a word that fits no rule ("" where it says nothing); None for other mistakes.
    `statement` is the statement as it was written, as far as it is known.
    """

    def __init__(
        self,
        message: str,
        *,
        span: Span | None = None,
        hint: str | None = None,
        kind: str = "syntax",
        detail: str | None = None,
    ) -> None:
        super().__init__(message, span=span, hint=hint, kind=kind)
        self.detail = detail
        self.statement = ""

    @property
    def ksql_message(self) -> str:
        """ksqlDB's words first, so that tools that look for them find them, then the explanation.

        >>> print(ParseError("No", span=Span(1, 3, 2, 6), detail="Expecting 'FROM'").ksql_message)
        line 1:3: Syntax Error
        Expecting 'FROM'
        No
        """
        if self.span is None:
            return str(self)
        place = f"line {self.span.line}:{self.span.column}: "
        if self.detail is None:
            return place + str(self)
        statement = f"Statement: {self.statement}" if 0 < len(self.statement) <= _QUOTED_CHARACTERS else ""
        lines = [place + "Syntax Error", self.detail, statement, str(self)]
        return "\n".join(line for line in lines if line)


def describe(error: SqlError, text: str, file: str | None = None) -> str:
    """The error as `file:line:column: message`, the line of `text` that it is about, and a caret.

    >>> print(describe(SqlError("Unexpected word", span=Span(1, 3, 2, 6)), "a word"))
    1:3: Unexpected word
      a word
        ^^^^
    """
    if error.span is None:
        return f"{file}: {error}" if file else str(error)
    line, column = error.span.line, error.span.column
    place = f"{file}:{line}:{column}" if file else f"{line}:{column}"
    lines = text.split("\n")
    if line > len(lines):
        return f"{place}: {error}"
    shown, start = _window(printable(lines[line - 1].rstrip("\r"), limit=None), column - 1)
    length = min(error.span.end - error.span.start, len(shown) - start)
    return f"{place}: {error}\n  {shown}\n  {' ' * start}{'^' * max(length, 1)}"


def printable(text: str, *, limit: int | None = 40) -> str:
    """Text for a message: shortened, and nothing in it that could steer a terminal."""
    if limit is not None and len(text) > limit:
        text = text[: limit - 1] + "…"
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)


# A longer statement is not repeated in a message.
_QUOTED_CHARACTERS = 2_000

# A line of generated SQL may be very long; this much of it is shown.
_SHOWN_CHARACTERS = 160


def _window(line: str, column: int) -> tuple[str, int]:
    """The part of a line around `column`, and where in it the column is."""
    if len(line) <= _SHOWN_CHARACTERS:
        return line, column
    start = max(0, column - _SHOWN_CHARACTERS // 2)
    return line[start : start + _SHOWN_CHARACTERS], column - start
