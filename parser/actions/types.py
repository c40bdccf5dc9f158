"""Types and declared columns."""

from headrace.parser.actions.registry import action
from headrace.parser.errors import Span
from headrace.parser.statements import ColumnDefinition, ColumnRole
from headrace.parser.types import ArrayType, DecimalType, MapType, NamedType, StructType, TypeName


@action()
def array_type(span: Span, item: TypeName) -> ArrayType:
    return ArrayType(item, span=span)


@action()
def map_type(span: Span, key: TypeName, value: TypeName) -> MapType:
    return MapType(key, value, span=span)


@action()
def struct_type(span: Span, *fields: tuple[str, TypeName]) -> StructType:
    return StructType(fields, span=span)


@action()
def field(_span: Span, name: str, type_name: TypeName) -> tuple[str, TypeName]:
    return name, type_name


@action()
def decimal_type(span: Span, precision: int, scale: int) -> DecimalType:
    return DecimalType(precision, scale, span=span)


@action()
def named_type(span: Span, name: str, *parameters: int | str) -> NamedType:
    return NamedType(name, parameters, span=span)


@action()
def string_parameter(_span: Span) -> str:
    return "STRING"


@action()
def value_column(span: Span, name: str, type_name: TypeName) -> ColumnDefinition:
    return ColumnDefinition(name, type_name, span=span)


@action()
def key_column(span: Span, name: str, type_name: TypeName) -> ColumnDefinition:
    return ColumnDefinition(name, type_name, ColumnRole.KEY, span=span)


@action()
def primary_key_column(span: Span, name: str, type_name: TypeName) -> ColumnDefinition:
    return ColumnDefinition(name, type_name, ColumnRole.PRIMARY_KEY, span=span)


@action()
def headers_column(span: Span, name: str, type_name: TypeName) -> ColumnDefinition:
    return ColumnDefinition(name, type_name, ColumnRole.HEADERS, span=span)


@action()
def header_column(span: Span, name: str, type_name: TypeName, key: str) -> ColumnDefinition:
    return ColumnDefinition(name, type_name, ColumnRole.HEADERS, key, span=span)


@action("columns", "column_list")
def columns(_span: Span, *definitions: ColumnDefinition) -> tuple[ColumnDefinition, ...]:
    return definitions
