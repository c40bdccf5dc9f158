"""Formats of sources and sinks: from WITH clause, configuration and the source a query reads."""

from collections.abc import Mapping

from headrace.engine.catalog.source import SideFormat, Source
from headrace.engine.catalog.with_clause import WithClause
from headrace.engine.codegen.serde import Formats, SerdeSpec
from headrace.engine.config import Settings
from headrace.parser.errors import SqlError

REGISTRY_FORMATS = frozenset({"AVRO", "PROTOBUF", "PROTOBUF_NOSR", "JSON_SR"})
"""Formats that ksqlDB has and that come with a later version."""

INFERRING_FORMATS = frozenset({"AVRO", "PROTOBUF", "JSON_SR"})
"""Formats whose columns can be read from a schema registry."""

_DELIMITER_WORDS = {"SPACE": " ", "TAB": "\t"}


class FormatChooser:
    """Chooses and checks the formats of one statement."""

    def __init__(self, formats: Formats, settings: Settings, clause: WithClause) -> None:
        self._formats = formats
        self._settings = settings
        self._clause = clause
        if clause.has("FORMAT") and (clause.has("KEY_FORMAT") or clause.has("VALUE_FORMAT")):
            other = "KEY_FORMAT" if clause.has("KEY_FORMAT") else "VALUE_FORMAT"
            raise SqlError(
                f"Cannot supply both '{other}' and 'FORMAT' properties, as 'FORMAT' sets both key and value formats. "
                "Either use just 'FORMAT', or use 'KEY_FORMAT' and 'VALUE_FORMAT'.",
                span=clause.span("FORMAT"),
            )

    def key(self, inherited: SideFormat | None, *, has_key: bool) -> SideFormat:
        """The key format; without key columns NONE is the natural one."""
        given = self._clause.text("KEY_FORMAT") or self._clause.text("FORMAT")
        default = self._settings.text("ksql.persistence.default.format.key").upper()
        if given is not None:
            name = given.upper()
        elif inherited is not None:
            name = inherited.name if inherited.name != "NONE" or not has_key else default
        else:
            name = default
        name = name if has_key or given is not None else "NONE"
        self._check_inference("KEY", name)
        return SideFormat(self._known(name, "KEY_FORMAT"), None, self._properties("KEY_DELIMITER", name, inherited))

    def value(self, inherited: SideFormat | None) -> SideFormat:
        """The value format."""
        given = self._clause.text("VALUE_FORMAT") or self._clause.text("FORMAT")
        default = self._settings.text("ksql.persistence.default.format.value").upper()
        name = (given or (inherited.name if inherited else None) or default).upper()
        if not name:
            raise SqlError(
                "Statement is missing the 'VALUE_FORMAT' property from the WITH clause.",
                hint="Either provide one or set a default via the 'ksql.persistence.default.format.value' config",
            )
        self._check_inference("VALUE", name)
        wrap = self._clause.flag("WRAP_SINGLE_VALUE")
        if wrap is None and self._settings.text("ksql.persistence.wrap.single.values"):
            wrap = self._settings.flag("ksql.persistence.wrap.single.values") if name == "JSON" else None
        return SideFormat(self._known(name, "VALUE_FORMAT"), wrap, self._properties("VALUE_DELIMITER", name, inherited))

    def check(self, source: Source) -> None:
        """Raise SqlError where the formats cannot hold the columns."""
        explicit = self._clause.flag("WRAP_SINGLE_VALUE")
        if explicit is not None and len(source.schema.value) != 1:
            raise SqlError(
                "'WRAP_SINGLE_VALUE' is only valid for single-field value schemas",
                span=self._clause.span("WRAP_SINGLE_VALUE"),
            )
        for side, spec in (("Key", source.key_serde()), ("Value", source.value_serde())):
            self._validate(side, spec, explicit if side == "Value" else None)

    def _validate(self, side: str, spec: SerdeSpec, wrap: bool | None) -> None:
        if wrap and spec.format in ("KAFKA", "DELIMITED"):
            raise SqlError(
                f"Format '{spec.format}' does not support 'WRAP_SINGLE_VALUE' set to 'true'.",
                span=self._clause.span("WRAP_SINGLE_VALUE"),
            )
        found = self._formats.get(spec.format)
        assert found is not None
        try:
            found.validate(spec)
        except SqlError as error:
            suffix = " KEY" if spec.is_key else ""
            columns = ", ".join(f"`{c.name}` {c.type}{suffix}" for c in spec.columns)
            reason = f"{side} format does not support schema.\nformat: {spec.format}\nschema: Persistence{{columns=[{columns}], features=[]}}\nreason: {error.message}"
            raise SqlError(
                reason, span=error.span or self._clause.span(f"{side.upper()}_FORMAT"), hint=error.hint, kind=error.kind
            ) from error

    def _check_inference(self, side: str, name: str) -> None:
        if self._clause.has(f"{side}_SCHEMA_ID") and name not in INFERRING_FORMATS:
            raise SqlError(
                f"{side}_FORMAT should support schema inference when {side}_SCHEMA_ID is provided. Current format is {name}.",
                span=self._clause.span(f"{side}_SCHEMA_ID"),
            )

    def _known(self, name: str, property: str) -> str:
        if self._formats.get(name) is not None:
            return name
        span = self._clause.span(property) or self._clause.span("FORMAT")
        if name in REGISTRY_FORMATS:
            raise SqlError(
                f"Format {name} is not supported yet.",
                span=span,
                hint=f"formats here: {', '.join(self._formats.names())}",
                kind="unsupported",
            )
        raise SqlError(
            f"Unknown format: {name}",
            span=span,
            hint=f"legal ones: {', '.join(self._formats.names())}",
            kind="unknown format",
        )

    def _properties(self, name: str, format: str, inherited: SideFormat | None) -> Mapping[str, str]:
        properties: dict[str, str] = {}
        if format == "DELIMITED" and inherited is not None and inherited.name == format:
            properties |= inherited.properties
        delimiter = self._clause.text(name)
        if delimiter is not None:
            if format != "DELIMITED":
                raise SqlError(
                    f"{format} does not support the following configs: [delimiter]", span=self._clause.span(name)
                )
            properties["DELIMITER"] = self._delimiter(delimiter, name)
        if not self._settings.flag("ksql.nested.error.set.null"):
            properties["NESTED_ERROR_SET_NULL"] = "false"
        if self._settings.flag("headrace.decode.all.columns"):
            properties["DECODE_ALL_COLUMNS"] = "true"
        full_name = f"{name.split('_')[0]}_SCHEMA_FULL_NAME"
        if self._clause.has(full_name) or (
            name == "VALUE_DELIMITER" and self._clause.has("VALUE_AVRO_SCHEMA_FULL_NAME")
        ):
            raise SqlError(
                f"{format} does not support the following configs: [fullSchemaName]", span=self._clause.span(full_name)
            )
        return properties

    def _delimiter(self, text: str, name: str) -> str:
        if text.upper() in _DELIMITER_WORDS:
            return _DELIMITER_WORDS[text.upper()]
        if not text.strip():
            raise SqlError(
                f"Configuration {name} is invalid: Delimiter cannot be empty, if you meant to have a tab or space for delimiter, please use the special values 'TAB' or 'SPACE'\nExample valid value: ';'",
                span=self._clause.span(name),
            )
        if len(text) != 1:
            raise SqlError(
                f"Configuration {name} is invalid: Invalid delimiter value: '{text}'. Delimiter must be a single character or TAB,SPACE\nExample valid value: ';'",
                span=self._clause.span(name),
                hint="a delimiter is one character, SPACE or TAB",
            )
        return text
