"""JSON: objects with the column names as fields, or one bare value."""

from headrace.engine.codegen.serde import Reader, SerdeSpec, Writer
from headrace.engine.types.sqltype import STRING, Map
from headrace.runtime.serde.json.reader import JsonReader
from headrace.runtime.serde.json.writer import JsonWriter
from headrace.runtime.serde.schema_check import check_map_keys, nested, refuse


class JsonFormat:
    """The JSON format."""

    name = "JSON"

    def validate(self, spec: SerdeSpec) -> None:
        """Refuse maps in keys, and maps whose keys are no text."""
        check_map_keys(spec)
        if any(isinstance(type, Map) and type.key != STRING for column in spec.columns for type in nested(column.type)):
            refuse("JSON only supports MAP types with STRING keys", hint="declare MAP<STRING, …>")

    def reader(self, spec: SerdeSpec) -> Reader:
        """A reader that learns how fields are spelled."""
        return JsonReader(spec)

    def writer(self, spec: SerdeSpec) -> Writer:
        """A writer of one object per record."""
        return JsonWriter(spec)
