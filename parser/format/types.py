"""Types and declared columns as SQL."""

from collections.abc import Iterable

from headrace.parser.format.names import format_name, format_string
from headrace.parser.statements import ColumnDefinition, ColumnRole
from headrace.parser.types import ArrayType, DecimalType, MapType, NamedType, StructType, TypeName


def format_type(type_name: TypeName) -> str:
    """A type, such as `MAP<STRING, INT>`."""
    match type_name:
        case ArrayType(item=item):
            return f"ARRAY<{format_type(item)}>"
        case MapType(key=key, value=value):
            return f"MAP<{format_type(key)}, {format_type(value)}>"
        case StructType(fields=fields):
            return f"STRUCT<{', '.join(f'{format_name(name)} {format_type(field)}' for name, field in fields)}>"
        case DecimalType(precision=precision, scale=scale):
            return f"DECIMAL({precision}, {scale})"
        case NamedType(name=name, parameters=parameters):
            return format_name(name) + (f"({', '.join(map(str, parameters))})" if parameters else "")
        case _:
            raise TypeError(type_name)


def format_columns(columns: Iterable[ColumnDefinition]) -> str:
    """Declared columns, without parentheses."""
    return ", ".join(format_column(column) for column in columns)


def format_column(column: ColumnDefinition) -> str:
    """One declared column."""
    declaration = f"{format_name(column.name)} {format_type(column.type)}"
    if column.header_key is not None:
        return f"{declaration} HEADER({format_string(column.header_key)})"
    return declaration if column.role is ColumnRole.VALUE else f"{declaration} {column.role.value}"
