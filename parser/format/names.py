"""Names, strings and numbers as SQL."""

import re

from headrace.parser.keywords import AMBIGUOUS, RESERVED, TIME_UNITS
from headrace.parser.variables import REFERENCE

_PLAIN = re.compile(r"[A-Z_][A-Z0-9_@]*", re.ASCII)
_NEEDS_QUOTES = RESERVED | AMBIGUOUS


def format_name(name: str) -> str:
    """A name, in backquotes unless it is upper case and no keyword.

    >>> format_name("ID"), format_name("id"), format_name("SIZE")
    ('ID', '`id`', '`SIZE`')
    """
    if _PLAIN.fullmatch(name) and name not in _NEEDS_QUOTES:
        return name
    return quoted_name(name)


def quoted_name(name: str) -> str:
    """A name in backquotes."""
    return _quoted(name, "`")


def format_topic(name: str) -> str:
    """A topic: its case is kept without quotes, too."""
    upper = name.upper()
    return name if name.isascii() and _PLAIN.fullmatch(upper) and upper not in _NEEDS_QUOTES else quoted_name(name)


def format_argument_name(name: str) -> str:
    """A column as the first argument of DATEADD and its like, where a bare `DAY` is a unit."""
    return quoted_name(name) if name in TIME_UNITS else format_name(name)


def format_string(text: str) -> str:
    """A string literal."""
    return _quoted(text, "'")


def format_double(value: float) -> str:
    """A DOUBLE literal: always with an exponent.

    >>> format_double(0.5), format_double(1e300)
    ('0.5E0', '1E+300')
    """
    text = repr(value).upper()
    return text if "E" in text else f"{text}E0"


def _quoted(text: str, quote: str) -> str:
    # `${name}` is text here, so it is escaped against being taken for a variable when this is read again
    literal = REFERENCE.sub(lambda match: "$" + match.group(), text) if "${" in text else text
    return quote + literal.replace(quote, quote + quote) + quote
