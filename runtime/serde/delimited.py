"""DELIMITED: columns as one line of text; an empty field is NULL, the number of fields must be that of the columns.

The law: the generated code reads plain lines only (no quotes) and plain numbers, and reads them as `_Line` would; whatever it
stumbles over is read again by `_Line`, which names the column that is wrong.
"""

import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from headrace.engine.codegen.serde import DecodeError, Reader, SerdeSpec, Writer
from headrace.engine.codegen.source import Code
from headrace.engine.types.doubles import double_text
from headrace.engine.types.schema import Column
from headrace.engine.types.sqltype import (
    BIGINT,
    BOOLEAN,
    BYTES,
    DATE,
    DOUBLE,
    INTEGER,
    STRING,
    TIME,
    TIMESTAMP,
    Decimal,
    Primitive,
    SqlType,
)
from headrace.parser.errors import SqlError
from headrace.runtime.serde.csv_line import must_quote, quote, split
from headrace.runtime.serde.scalars import base64_bytes, decimal_fit, decimal_number, double, integer, long, time_of_day
from headrace.runtime.serde.schema_check import check_map_keys, check_unwrapped, refuse, type_word

_WORDS = {"SPACE": " ", "TAB": "\t"}
_WHOLE = (INTEGER, BIGINT, DATE, TIME, TIMESTAMP)
_SHOWN = 40


class DelimitedFormat:
    """The DELIMITED format."""

    name = "DELIMITED"

    def validate(self, spec: SerdeSpec) -> None:
        """Refuse nested types, wrapping, and delimiters that are not one character."""
        check_map_keys(spec)
        for column in spec.columns:
            if not isinstance(column.type, Primitive | Decimal):
                reason = f"The 'DELIMITED' format does not support type '{type_word(column)}', column: `{column.name}`"
                refuse(reason, hint="use JSON for nested types")
        check_unwrapped(spec)
        _check_delimiter(spec)

    def reader(self, spec: SerdeSpec) -> Reader:
        """A reader of lines."""
        return DelimitedReader(spec)

    def writer(self, spec: SerdeSpec) -> Writer:
        """A writer of lines."""
        return DelimitedWriter(spec)


class DelimitedReader:
    """Decodes a line."""

    def __init__(self, spec: SerdeSpec) -> None:
        self._columns = spec.columns
        self._delimiter = _delimiter(spec)
        self._all = spec.properties.get("DECODE_ALL_COLUMNS", "").lower() == "true"
        self._line = _Line(spec.columns, self._delimiter, range(len(spec.columns)))

    def prologue(self, code: Code) -> None:
        """Nothing to load."""

    def write(self, code: Code, source: str, targets: Mapping[str, str], on_error: Callable[[str], None]) -> None:
        """Decode `source` into the targets."""
        if not self._columns:
            return
        read = {
            i: targets.get(c.name) or code.fresh("c")
            for i, c in enumerate(self._columns)
            if self._all or c.name in targets
        }
        line = code.bind("line", _Line(self._columns, self._delimiter, list(read)))
        fields = {i: code.fresh("x") for i in read}
        text, error = code.fresh("s"), code.fresh("e")
        delimiter = code.bind("delimiter", self._delimiter)
        with code.block("try:"):
            code.line(f"{text} = {source}.decode()")
            plain = f"""'"' in {text} or '\\n' in {text} or '\\r' in {text}"""
            parts = "".join(f"{fields.get(i, '_')}, " for i in range(len(self._columns)))
            code.line(
                f"{parts}= {code.bind('split', split)}({text}, {delimiter}) if {plain} else {text}.split({delimiter})"
            )
            for index, target in read.items():
                _write_field(code, self._columns[index].type, fields[index], target)
        with code.block("except Exception:"):
            with code.block("try:"):
                code.line(f"{''.join(f'{target}, ' for target in read.values()) or '_'} = {line}({source})")
            with code.block(f"except Exception as {error}:"):
                on_error(error)

    def decode(self, data: bytes) -> dict[str, object]:
        """Every declared column of one record."""
        return (
            {column.name: value for column, value in zip(self._columns, self._line(data), strict=True)}
            if self._columns
            else {}
        )


class DelimitedWriter:
    """Encodes a line."""

    def __init__(self, spec: SerdeSpec) -> None:
        self._types = [column.type for column in spec.columns]
        self._delimiter = _delimiter(spec)
        self._quoting = [must_quote(self._delimiter, first=index == 0) for index in range(len(spec.columns))]
        self._is_key = spec.is_key

    def write(self, code: Code, values: Sequence[str]) -> str:
        """The bytes of the line."""
        if not self._types:
            return "None" if self._is_key else "b''"
        fields = [self._write_field(code, index, value) for index, value in enumerate(values)]
        line, result = code.fresh("s"), code.fresh("b")
        code.line(
            f"{line} = "
            + (fields[0] if len(fields) == 1 else f"{code.bind('join', self._delimiter.join)}(({', '.join(fields)}))")
        )
        with code.block("try:"):
            code.line(f"{result} = {line}.encode()")
        with code.block("except UnicodeEncodeError:"):
            code.line(f"{result} = {line}.encode('utf-8', 'replace')")
        return result

    def encode(self, values: Sequence[object]) -> bytes | None:
        """Encode one record."""
        if not self._types:
            return None if self._is_key else b""
        fields = (self._field(index, value) for index, value in enumerate(values))
        return self._delimiter.join(fields).encode("utf-8", "replace")

    def _field(self, index: int, value: object) -> str:
        if value is None:
            return ""
        text = _text(value, self._types[index])
        return quote(text) if self._quoting[index](text) else text

    def _write_field(self, code: Code, index: int, expression: str) -> str:
        """A variable that holds the text of a field."""
        type, field, value = self._types[index], code.fresh("x"), expression
        if not expression.isidentifier():
            value = code.fresh("v")
            code.line(f"{value} = {expression}")
        code.line(f"{field} = '' if {value} is None else {_text_expression(code, type, value)}")
        clashes = self._delimiter.isalnum() or self._delimiter in "+-./="
        if index > 0 and type != STRING and not clashes:
            return field
        must = f"{code.bind('must_quote', self._quoting[index])}({field})"
        if type in _WHOLE and not clashes:
            must = f"{value} < 0"
        elif not clashes:
            must = f"{self._suspect(code, index, field)} and {must}"
        with code.block(f"if {value} is not None and {must}:"):
            code.line(f"{field} = {code.bind('quote', quote)}({field})")
        return field

    def _suspect(self, code: Code, index: int, field: str) -> str:
        """Source of a cheap test that most texts without a need of quotes fail."""
        if index == 0:
            return f"not ({field}.isalnum() and {field}.isascii())"
        marks = f"""'"' in {field} or {code.bind("delimiter", self._delimiter)} in {field}"""
        return f"{field} and ({marks} or {field}[0] <= '#' or {field}[-1] == ' ' or not {field}.isprintable())"


class _Line:
    """Decodes chosen columns of a line, any line."""

    def __init__(self, columns: Sequence[Column], delimiter: str, chosen: Sequence[int]) -> None:
        self._count = len(columns)
        self._delimiter = delimiter
        self._chosen = [
            (index, columns[index].name, columns[index].type, _parser(columns[index].type)) for index in chosen
        ]

    def __call__(self, data: bytes) -> list[Any]:
        """The values; raises DecodeError."""
        try:
            fields = split(data.decode("utf-8", "replace"), self._delimiter)
        except ValueError as error:
            raise DecodeError(f"not DELIMITED: {error}") from None
        if len(fields) != self._count:
            raise DecodeError(f"the record has {len(fields)} fields, there are {self._count} columns")
        return [self._value(fields[index], name, type, parse) for index, name, type, parse in self._chosen]

    def _value(self, field: str, name: str, type: SqlType, parse: Callable[[str], Any]) -> Any:
        if not field:
            return None
        try:
            return parse(field)
        except ValueError as error:
            raise DecodeError(f'column "{name}": "{field[:_SHOWN]}" cannot be {type}: {error}') from None


def _delimiter(spec: SerdeSpec) -> str:
    given = spec.properties.get("DELIMITER", ",")
    return _WORDS.get(given.upper(), given)


def _check_delimiter(spec: SerdeSpec) -> None:
    delimiter = _delimiter(spec)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        side = "KEY" if spec.is_key else "VALUE"
        raise SqlError(
            f"Configuration {side}_DELIMITER is invalid: Invalid delimiter value: '{delimiter}'.",
            hint="a delimiter is one character other than a quote or a line end, SPACE or TAB",
            kind="invalid property",
        )


def _parser(type: SqlType) -> Callable[[str], Any]:
    if isinstance(type, Decimal):
        fit = decimal_fit(type.precision, type.scale)
        return lambda text: fit(decimal_number(text))
    return _PARSERS[type]


def _boolean(text: str) -> bool:
    return text.lower() == "true"


_PARSERS: dict[SqlType, Callable[[str], Any]] = {
    BOOLEAN: _boolean,
    INTEGER: integer,
    BIGINT: long,
    DOUBLE: double,
    STRING: str,
    BYTES: base64_bytes,
    DATE: integer,
    TIME: time_of_day,
    TIMESTAMP: long,
}

_PLAIN_DIGITS: dict[SqlType, int] = {INTEGER: 9, DATE: 9, BIGINT: 18, TIMESTAMP: 18, TIME: 7}
"""Unsigned numbers of so many digits are in range."""


def _write_field(code: Code, type: SqlType, field: str, target: str) -> None:
    """Emit statements that assign the value of a field."""
    if type == STRING:
        code.line(f"{target} = {field} or None")
        return
    parse = f"{code.bind('parse', _parser(type))}({field})"
    if type in _PLAIN_DIGITS:
        parse = f"int({field}) if {field}.isdigit() and len({field}) <= {_PLAIN_DIGITS[type]} else {parse}"
    elif type == DOUBLE:
        # what Python's float takes and Java does not: underscores, other digits, spellings of infinity
        parse = f"float({field}) if {field}.isascii() and '_' not in {field} else {parse}"
    code.line(f"{target} = ({parse}) if {field} else None")
    if type == DOUBLE:
        with code.block(f"if {target} is not None and {target} - {target} != 0.0:"):
            code.line(f"{target} = {code.bind('parse', _parser(type))}({field})")


def _text(value: Any, type: SqlType) -> str:
    match type:
        case Decimal():
            return format(value, "f")
    if type == BOOLEAN:
        return "true" if value else "false"
    if type == DOUBLE:
        return double_text(value)
    if type == BYTES:
        return binascii.b2a_base64(value, newline=False).decode("ascii")
    return str(value)


def _text_expression(code: Code, type: SqlType, value: str) -> str:
    """Source of the text of a value that is not NULL."""
    if type == STRING:
        return value
    if type in _WHOLE:
        return f"str({value})"
    if type == BOOLEAN:
        return f"('true' if {value} else 'false')"
    if type == DOUBLE:
        return f"(repr({value}) if 1e-3 <= {value} < 1e7 else {code.bind('double_text', double_text)}({value}))"
    return f"{code.bind('text', _converter(type))}({value})"


def _converter(type: SqlType) -> Callable[[Any], str]:
    return lambda value: _text(value, type)
