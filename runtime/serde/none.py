"""NONE: no columns, no bytes; the key format of streams without a key."""

from collections.abc import Callable, Mapping, Sequence

from headrace.engine.codegen.serde import Reader, SerdeSpec, Writer
from headrace.engine.codegen.source import Code
from headrace.parser.errors import SqlError
from headrace.runtime.serde.schema_check import columns_text


class NoneFormat:
    """The NONE format, reader and writer in one: there is nothing to hold."""

    name = "NONE"

    def validate(self, spec: SerdeSpec) -> None:
        """Refuse columns and values."""
        if spec.columns:
            raise SqlError(
                f"The 'NONE' format can only be used when no columns are defined. Got: {columns_text(spec)}",
                hint="choose another KEY_FORMAT, e.g. KAFKA"
                if spec.is_key
                else "choose another VALUE_FORMAT, e.g. JSON",
                kind="format",
            )
        if not spec.is_key:
            raise SqlError(
                "The 'NONE' format can not be used for values.",
                hint="choose another VALUE_FORMAT, e.g. JSON",
                kind="format",
            )

    def reader(self, spec: SerdeSpec) -> Reader:
        """Reads nothing."""
        return self

    def writer(self, spec: SerdeSpec) -> Writer:
        """Writes None."""
        return _NoneWriter()

    def prologue(self, code: Code) -> None:
        """Nothing to load."""

    def write(self, code: Code, source: str, targets: Mapping[str, str], on_error: Callable[[str], None]) -> None:
        """Nothing to decode."""

    def decode(self, data: bytes) -> dict[str, object]:
        """No columns."""
        return {}


class _NoneWriter:
    def write(self, code: Code, values: Sequence[str]) -> str:
        return "None"

    def encode(self, values: Sequence[object]) -> bytes | None:
        return None
