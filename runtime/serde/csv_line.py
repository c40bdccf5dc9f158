"""One line of DELIMITED text: fields between delimiters, quoted where needed.

The law is that of the library that ksqlDB uses: a field is quoted where it holds a quote, the delimiter or a line end, starts
with a character up to `#` or ends with one up to a blank; the first field also where it is empty or does not start with an
ASCII letter or digit (so `-1` is written `"-1"` there). Only the first line of a text counts.
"""

import re
from collections.abc import Callable
from functools import cache

_LINE_ENDS = "\r\n"
_AFTER_QUOTE = re.compile(r"[ \t]*")


def split(text: str, delimiter: str) -> list[str]:
    """The fields of the first line that is not empty; ValueError where a quote is not closed or text follows one."""
    text = text.lstrip(_LINE_ENDS)
    fields: list[str] = []
    position = 0
    while True:
        if text.startswith('"', position):
            field, position = _quoted(text, position, delimiter)
        else:
            plain = _plain(delimiter).match(text, position)
            assert plain is not None
            field, position = plain[0], plain.end()
        fields.append(field)
        if not text.startswith(delimiter, position):
            return fields
        position += 1


def must_quote(delimiter: str, *, first: bool) -> Callable[[str], object]:
    """What tells whether a field must be quoted (something true)."""
    start = r"^(?![0-9A-Za-z])" if first else r"^[\x00-#]"
    return re.compile(rf'{start}|[\r\n"{re.escape(delimiter)}]|[\x00- ]\Z').search


def quote(field: str) -> str:
    """The field in quotes."""
    return '"' + field.replace('"', '""') + '"'


def _quoted(text: str, position: int, delimiter: str) -> tuple[str, int]:
    """The field whose opening quote is at a position, and where what follows it begins."""
    parts: list[str] = []
    position += 1
    while True:
        end = text.find('"', position)
        if end < 0:
            raise ValueError("a quote is not closed")
        parts.append(text[position:end])
        position = end + 1
        if not text.startswith('"', position):
            break
        parts.append('"')
        position += 1
    blank = _AFTER_QUOTE.match(text, position)
    after = blank.end() if blank is not None and not text.startswith(delimiter, position) else position
    if after < len(text) and text[after] != delimiter and text[after] not in _LINE_ENDS:
        raise ValueError("text follows a closing quote")
    return "".join(parts), after


@cache
def _plain(delimiter: str) -> re.Pattern[str]:
    return re.compile(rf"[^\r\n{re.escape(delimiter)}]*")
