"""KAFKA: one column as Kafka's own serializers write it, big-endian numbers and UTF-8 text.

The law: a number has exactly its width; text that is not UTF-8 is read with replacement characters, as Java does.
"""

from collections.abc import Callable, Mapping, Sequence
from struct import Struct, error

from headrace.engine.codegen.serde import DecodeError, Reader, SerdeSpec, Writer
from headrace.engine.codegen.source import Code
from headrace.engine.types.sqltype import BIGINT, BYTES, DOUBLE, INTEGER, STRING, SqlType
from headrace.runtime.serde.schema_check import check_map_keys, check_unwrapped, columns_text, refuse, type_word

_NUMBERS: dict[SqlType, Struct] = {INTEGER: Struct(">i"), BIGINT: Struct(">q"), DOUBLE: Struct(">d")}


class KafkaFormat:
    """The KAFKA format."""

    name = "KAFKA"

    def validate(self, spec: SerdeSpec) -> None:
        """Refuse several columns and types that Kafka has no serializer for."""
        check_map_keys(spec)
        if len(spec.columns) > 1:
            refuse(
                f"The 'KAFKA' format only supports a single field. Got: {columns_text(spec)}",
                hint="use JSON or DELIMITED for several columns",
            )
        for column in spec.columns:
            if column.type not in _NUMBERS and column.type not in (STRING, BYTES):
                refuse(
                    f"The 'KAFKA' format does not support type '{type_word(column)}'",
                    hint="use JSON, or an INT, BIGINT, DOUBLE, STRING or BYTES",
                )
        check_unwrapped(spec)

    def reader(self, spec: SerdeSpec) -> Reader:
        """A reader of the one column, or of none."""
        return KafkaReader(spec)

    def writer(self, spec: SerdeSpec) -> Writer:
        """A writer of the one column, or of none."""
        return KafkaWriter(spec)


class KafkaReader:
    """Decodes the one column."""

    def __init__(self, spec: SerdeSpec) -> None:
        self._columns = spec.columns
        self._always = spec.properties.get("DECODE_ALL_COLUMNS", "").lower() == "true"

    def prologue(self, code: Code) -> None:
        """Nothing to load."""

    def write(self, code: Code, source: str, targets: Mapping[str, str], on_error: Callable[[str], None]) -> None:
        """Decode `source` into the target."""
        for column in self._columns:
            if column.name not in targets and not self._always:
                continue
            target = targets.get(column.name) or code.fresh("c")
            if column.type == BYTES:
                code.line(f"{target} = {source}")
            elif column.type == STRING:
                code.line(f"{target} = {source}.decode('utf-8', 'replace')")
            else:
                self._write_number(code, source, target, column.type, on_error)

    def decode(self, data: bytes) -> dict[str, object]:
        """The declared column of one record."""
        return {column.name: _decoded(data, column.type) for column in self._columns}

    def _write_number(
        self, code: Code, source: str, target: str, type: SqlType, on_error: Callable[[str], None]
    ) -> None:
        exception = code.fresh("e")
        with code.block("try:"):
            code.line(f"{target}, = {code.bind('unpack', _NUMBERS[type].unpack)}({source})")
        with code.block("except Exception:"):
            code.line(f"{exception} = {code.bind('bad_width', _bad_width)}({source}, {code.bind('type', type)})")
            on_error(exception)


class KafkaWriter:
    """Encodes the one column; NULL is None."""

    def __init__(self, spec: SerdeSpec) -> None:
        self._types = [column.type for column in spec.columns]

    def write(self, code: Code, values: Sequence[str]) -> str:
        """The bytes of the value."""
        if not self._types:
            return "None"
        value, type = values[0], self._types[0]
        if not value.isidentifier():
            value = code.fresh("v")
            code.line(f"{value} = {values[0]}")
        if type == BYTES:
            return value
        if type == STRING:
            encoded = f"{value}.encode('utf-8', 'replace')"
        else:
            encoded = f"{code.bind('pack', _NUMBERS[type].pack)}({value})"
        return f"(None if {value} is None else {encoded})"

    def encode(self, values: Sequence[object]) -> bytes | None:
        """Encode one record."""
        match values[0] if self._types else None:
            case None:
                return None
            case bytes() as data:
                return data
            case str() as text:
                return text.encode("utf-8", "replace")
            case number:
                return _NUMBERS[self._types[0]].pack(number)


def _decoded(data: bytes, type: SqlType) -> object:
    if type == BYTES:
        return data
    if type == STRING:
        return data.decode("utf-8", "replace")
    try:
        return _NUMBERS[type].unpack(data)[0]
    except error:
        raise _bad_width(data, type) from None


def _bad_width(data: bytes, type: SqlType) -> DecodeError:
    return DecodeError(f"{type} takes {_NUMBERS[type].size} bytes in the KAFKA format, not {len(data)}")
