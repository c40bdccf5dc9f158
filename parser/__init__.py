"""SQL text to statements and back: pure, knows nothing but text.

The law: what reads a statement is loaded with the package; what prints, colours or completes one is loaded at its first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from headrace.parser.errors import ParseError, Span, SqlError, describe
from headrace.parser.reader import parse, parse_all, parse_columns, parse_expression, parse_type
from headrace.parser.splitter import Fragment, is_complete, split

if TYPE_CHECKING:
    from headrace.parser.completion import Completion, complete
    from headrace.parser.format import (
        format_columns,
        format_expression,
        format_name,
        format_statement,
        format_string,
        format_type,
    )
    from headrace.parser.forms import form_of
    from headrace.parser.highlighting import highlight

__all__ = [
    "Completion",
    "Fragment",
    "ParseError",
    "Span",
    "SqlError",
    "complete",
    "describe",
    "form_of",
    "format_columns",
    "format_expression",
    "format_name",
    "format_statement",
    "format_string",
    "format_type",
    "highlight",
    "is_complete",
    "parse",
    "parse_all",
    "parse_columns",
    "parse_expression",
    "parse_type",
    "split",
]

_HOMES = {
    "Completion": "completion",
    "complete": "completion",
    "form_of": "forms",
    "format_columns": "format",
    "format_expression": "format",
    "format_name": "format",
    "format_statement": "format",
    "format_string": "format",
    "format_type": "format",
    "highlight": "highlighting",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
