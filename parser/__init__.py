"""SQL text to statements and back: pure, knows nothing but text."""

from headrace.parser.completion import Completion, complete
from headrace.parser.errors import ParseError, Span, SqlError, describe
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
from headrace.parser.reader import parse, parse_all, parse_columns, parse_expression, parse_type
from headrace.parser.splitter import Fragment, is_complete, split

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
