"""The formats that there are: an explicit list, one file or package each."""

from collections.abc import Iterable, Sequence

from headrace.engine.codegen.serde import Format, Formats
from headrace.runtime.serde.delimited import DelimitedFormat
from headrace.runtime.serde.json.format import JsonFormat
from headrace.runtime.serde.kafka import KafkaFormat
from headrace.runtime.serde.none import NoneFormat


class FormatRegistry:
    """Formats by name."""

    def __init__(self, formats: Iterable[Format]) -> None:
        self._formats = {each.name: each for each in formats}

    def get(self, name: str) -> Format | None:
        """The format of that name, or None."""
        return self._formats.get(name)

    def names(self) -> Sequence[str]:
        """All names, sorted."""
        return sorted(self._formats)


def default_formats() -> Formats:
    """The formats that need nothing but the bytes."""
    return FormatRegistry((DelimitedFormat(), JsonFormat(), KafkaFormat(), NoneFormat()))
