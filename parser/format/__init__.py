"""Statements, expressions and types as canonical SQL.

Law: `parse(format_statement(s) + ";") == [s]` for every statement that the parser makes. Keywords are upper case, names are
bare where they can be, parentheses stand only where the tree needs them, and every clause has one spelling.
"""

from headrace.parser.format.expressions import format_expression
from headrace.parser.format.names import format_name, format_string
from headrace.parser.format.statements import format_statement
from headrace.parser.format.types import format_columns, format_type

__all__ = ["format_columns", "format_expression", "format_name", "format_statement", "format_string", "format_type"]
