"""What a serialisation format must offer to generated code. Implementations live in `headrace.runtime.serde`.

A format writes code: `Reader.write` emits statements that turn bytes into local variables, `Writer.write` emits
statements and returns an expression for the bytes. Values are those of `headrace.engine.types.sqltype`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from headrace.engine.codegen.source import Code
from headrace.engine.types.schema import Column


class DecodeError(Exception):
    """The bytes are not a record of the format and columns; the message names the field and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class SerdeSpec:
    """One side (key or value) of a source or sink.

    `columns` are all declared columns of that side in order; `wrapped` says whether a single column stands in a record
    (`{"F0": 10}`) or bare (`10`); `properties` are upper-case serde properties ("DELIMITER": ",", "NULLABLE_REPRESENTATION",
    "SCHEMA_ID", …) and upper-case switches from configuration ("NESTED_ERROR_SET_NULL": "true").
    """

    format: str
    columns: tuple[Column, ...]
    wrapped: bool
    is_key: bool = False
    properties: Mapping[str, str] = field(default_factory=dict)


class Reader(Protocol):
    """Decodes one side of a record."""

    def write(self, code: Code, source: str, targets: Mapping[str, str], on_error: Callable[[str], None]) -> None:
        """Emit statements that decode `source` (a variable holding bytes, never None) into variables.

        `targets` maps the column names that the query reads to the variables to assign (all others may stay undecoded).
        Where the bytes cannot be decoded the emitted code binds the exception (a DecodeError or what a library raised)
        to a variable and runs what `on_error(variable)` emits, which always ends in `continue` or `return`.
        """

    def prologue(self, code: Code) -> None:
        """Emit statements that run once per batch, before the record loop (loading a decoder into a local, say)."""

    def decode(self, data: bytes) -> dict[str, object]:
        """Decode one record outside generated code: every declared column by name. Raises DecodeError."""


class Writer(Protocol):
    """Encodes one side of a record."""

    def write(self, code: Code, values: Sequence[str]) -> str:
        """Emit statements as needed and return an expression of type bytes (or None for formats that say so).

        `values` are expressions, one per column of the spec, in order; they are evaluated once.
        """

    def encode(self, values: Sequence[object]) -> bytes | None:
        """Encode one record outside generated code."""


class Format(Protocol):
    """A serialisation format, e.g. JSON."""

    name: str

    def validate(self, spec: SerdeSpec) -> None:
        """Raise SqlError where the format cannot hold the columns (nested types in DELIMITED, several in KAFKA, …)."""

    def reader(self, spec: SerdeSpec) -> Reader:
        """A reader of these columns, to be shared by all tasks of one query."""

    def writer(self, spec: SerdeSpec) -> Writer:
        """A writer of these columns."""


class Formats(Protocol):
    """The formats that there are, by upper-case name."""

    def get(self, name: str) -> Format | None:
        """The format of that name, or None."""

    def names(self) -> Sequence[str]:
        """All names, sorted."""
