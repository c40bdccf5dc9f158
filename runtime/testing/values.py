"""Between the documents of a case file and the bytes of a topic, by format and columns.

JSON and DELIMITED stay text in both directions, so that digits and nulls are compared as they were written; all other
formats go through the engine's own readers and writers.
"""

import base64
from collections.abc import Mapping, Sequence
from decimal import Decimal as Digits
from typing import Any, cast

from headrace.engine.codegen.serde import DecodeError, Format, Formats, SerdeSpec
from headrace.engine.types.sqltype import (
    BIGINT,
    BOOLEAN,
    BYTES,
    DATE,
    DOUBLE,
    INTEGER,
    TIME,
    TIMESTAMP,
    Array,
    Decimal,
    Map,
    SqlType,
    Struct,
)
from headrace.runtime.testing.document import Document, Number, read, write

_WHOLE = (INTEGER, BIGINT, DATE, TIME, TIMESTAMP)


def encode(document: Document, spec: SerdeSpec, formats: Formats) -> bytes | None:
    """The bytes of one side of an input record; raises ValueError where the document does not fit the format."""
    if document is None or spec.format == "NONE":
        return None
    if spec.format == "JSON":
        return write(document).encode()
    if spec.format == "DELIMITED" or not spec.columns:
        return _text(document).encode()
    return _format(spec, formats).writer(spec).encode(_row(document, spec))


def decode(data: bytes | None, spec: SerdeSpec, formats: Formats) -> Document:
    """The document that the bytes of one side of an output record stand for; raises DecodeError."""
    if data is None:
        return None
    if spec.format == "JSON":
        try:
            return read(data)
        except ValueError as error:
            raise DecodeError(f"not JSON: {error}") from error
    if spec.format == "DELIMITED" or not spec.columns:
        return data.decode("utf-8", "backslashreplace")
    columns = _format(spec, formats).reader(spec).decode(data)
    documents = {c.name: plain(columns[c.name], c.type, bytes_as_text=spec.format == "KAFKA") for c in spec.columns}
    return documents if document_type(spec) is None or spec.wrapped else documents[spec.columns[0].name]


def document_type(spec: SerdeSpec) -> SqlType | None:
    """The type that documents of this side have; None for lines of text."""
    if spec.format == "DELIMITED" or not spec.columns:
        return None
    if len(spec.columns) == 1 and not spec.wrapped:
        return spec.columns[0].type
    return Struct(tuple((column.name, column.type) for column in spec.columns))


def typed(document: Document, type: SqlType, *, bytes_as_text: bool = False) -> Any:
    """The Python value of a document (see `engine.types.sqltype`)."""
    match type:
        case _ if document is None:
            return None
        case Array(item):
            return [typed(each, item) for each in cast(Sequence[Document], document)]
        case Map(key, value):
            entries = cast(Mapping[str, Document], document).items()
            return {typed(Number(k) if key in _WHOLE else k, key): typed(v, value) for k, v in entries}
        case Struct(fields):
            found = _by_name(cast(Mapping[str, Document], document))
            return {name: typed(found.get(name.upper()), field) for name, field in fields}
        case Decimal(_, scale):
            return Digits(str(document)).quantize(Digits(1).scaleb(-scale))
    if type in _WHOLE:
        return int(Digits(str(document)))
    if type == DOUBLE:
        return float(str(document))
    if type == BOOLEAN:
        return document if isinstance(document, bool) else str(document).lower() == "true"
    if type == BYTES:
        return str(document).encode() if bytes_as_text else base64.b64decode(str(document))
    return _text(document)


def plain(value: Any, type: SqlType, *, bytes_as_text: bool = False) -> Document:
    """The document of a Python value."""
    match type:
        case _ if value is None:
            return None
        case Array(item):
            return [plain(each, item) for each in value]
        case Map(key, item):
            return {_text(plain(k, key)): plain(v, item) for k, v in value.items()}
        case Struct(fields):
            return {name: plain(value[name], field) for name, field in fields}
        case Decimal():
            return Number(f"{value:f}")
    if type == BYTES:
        return value.decode("utf-8", "replace") if bytes_as_text else base64.b64encode(value).decode()
    if isinstance(value, bool | str):
        return value
    return Number(repr(value))


def _row(document: Document, spec: SerdeSpec) -> list[Any]:
    as_text = spec.format == "KAFKA"
    if not spec.wrapped and len(spec.columns) == 1:
        return [typed(document, spec.columns[0].type, bytes_as_text=as_text)]
    if not isinstance(document, Mapping):
        raise ValueError(f"{write(document)} is not an object with the columns of a {spec.format} record")
    found = _by_name(document)
    return [typed(found.get(c.name.upper()), c.type, bytes_as_text=as_text) for c in spec.columns]


def _by_name(document: Mapping[str, Document]) -> dict[str, Document]:
    return {name.upper(): value for name, value in document.items()}


def _text(document: Document) -> str:
    return str(document) if isinstance(document, str) else write(document)


def _format(spec: SerdeSpec, formats: Formats) -> Format:
    found = formats.get(spec.format)
    if found is None:
        raise ValueError(f"format {spec.format} is not supported")
    return found
