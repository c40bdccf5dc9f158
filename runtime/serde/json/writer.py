"""Writes the code that encodes JSON: one msgspec Struct with the column names as they are, one encoder.

The law: DECIMALs are plain numbers with their scale, BYTES are Base64, doubles that JSON has no number for are text. What the
encoder refuses or would write as null (halves of surrogate pairs, NULL keys of maps, doubles inside containers) is written by
`careful`, so that no value stops a query.
"""

import decimal
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from headrace.engine.codegen.serde import SerdeSpec
from headrace.engine.codegen.source import Code
from headrace.engine.types.doubles import double_text
from headrace.engine.types.sqltype import DOUBLE, STRING, Array, Decimal, Map, SqlType, Struct
from headrace.runtime.serde.json.lenient import scrub
from headrace.runtime.serde.schema_check import nested

PLAIN_SCALE = 6
"""Python prints decimals of up to this scale without an exponent."""

_encoder = msgspec.json.Encoder(decimal_format="number")


class JsonWriter:
    """Encodes columns as a JSON object, or a single one bare."""

    def __init__(self, spec: SerdeSpec) -> None:
        self._spec = spec
        self._bare = len(spec.columns) == 1 and not spec.wrapped

    def write(self, code: Code, values: Sequence[str]) -> str:
        """Encode the values; a bare NULL and a key without columns are None."""
        if not self._spec.columns:
            return "None" if self._spec.is_key else code.bind("empty", b"{}")
        variables = [
            self._prepared(code, column.type, value) for column, value in zip(self._spec.columns, values, strict=True)
        ]
        encode, careful = code.bind("encode", _encoder.encode), code.bind("careful", self.encode)
        result = code.fresh("b")
        again = f"{careful}(({', '.join(variables)},))"
        with code.block("try:"):
            code.line(f"{result} = {self._document(code, encode, variables)}")
        with code.block("except Exception:"):
            code.line(f"{result} = {again}")
        if any(_hides_doubles(column.type) for column in self._spec.columns):
            with code.block(f"if {result} is not None and b'null' in {result}:"):
                code.line(f"{result} = {again}")
        return result

    def encode(self, values: Sequence[object]) -> bytes | None:
        """Encode one record, whatever its values are."""
        columns = self._spec.columns
        if not columns:
            return None if self._spec.is_key else b"{}"
        if self._bare:
            return None if values[0] is None else _encoder.encode(_document(values[0], columns[0].type))
        return _encoder.encode({c.name: _document(value, c.type) for c, value in zip(columns, values, strict=True)})

    def _document(self, code: Code, encode: str, variables: Sequence[str]) -> str:
        if self._bare:
            return f"None if {variables[0]} is None else {encode}({variables[0]})"
        names = {f"f{index}": column.name for index, column in enumerate(self._spec.columns)}
        try:
            record = msgspec.defstruct("Record", [(field, Any) for field in names], rename=names, gc=False)
        except ValueError:  # a name that no Struct can have
            items = (f"{code.bind('name', c.name)}: {v}" for c, v in zip(self._spec.columns, variables, strict=True))
            return f"{encode}({{{', '.join(items)}}})"
        return f"{encode}({code.bind('Record', record)}({', '.join(variables)}))"

    def _prepared(self, code: Code, type: SqlType, value: str) -> str:
        """A variable with what the encoder takes for the value."""
        converts = any(isinstance(inner, Decimal) and inner.scale > PLAIN_SCALE for inner in nested(type))
        if type != DOUBLE and not converts and value.isidentifier():
            return value
        variable = code.fresh("v")
        code.line(
            f"{variable} = {code.bind('document', _converter(type))}({value})" if converts else f"{variable} = {value}"
        )
        if type == DOUBLE:
            # x - x is 0.0 for every double that JSON has a number for
            with code.block(f"if {variable} is not None and {variable} - {variable} != 0.0:"):
                code.line(f"{variable} = {code.bind('double_text', double_text)}({variable})")
        return variable


def _converter(type: SqlType) -> Callable[[Any], Any]:
    return lambda value: _document(value, type)


def _hides_doubles(type: SqlType) -> bool:
    return type != DOUBLE and DOUBLE in nested(type)


def _document(value: Any, type: SqlType) -> Any:
    if value is None:
        return None
    match type:
        case Array(item):
            return [_document(each, item) for each in value]
        case Map(_, item):
            return {"null" if key is None else scrub(str(key)): _document(each, item) for key, each in value.items()}
        case Struct(fields):
            return {name: _document(value.get(name), field) for name, field in fields}
        case Decimal():
            return msgspec.Raw(format(value, "f").encode()) if isinstance(value, decimal.Decimal) else value
    if type == DOUBLE:
        return value if isinstance(value, str) or value - value == 0.0 else double_text(value)
    return scrub(value) if type == STRING else value
