"""The WITH clause: every property declared once, with its type and the statements that take it."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from headrace.parser.errors import Span, SqlError
from headrace.parser.expressions import (
    BooleanLiteral,
    DecimalLiteral,
    DoubleLiteral,
    Expression,
    IntegerLiteral,
    StringLiteral,
)
from headrace.parser.statements import Duration, Property

SOURCE = "CREATE STREAM or TABLE"
AS_SELECT = "CREATE … AS SELECT"
INSERT = "INSERT INTO"

_SOURCES = frozenset({SOURCE, AS_SELECT})


@dataclass(frozen=True, slots=True)
class Declaration:
    """A property: the Python type of its value and the statements that take it."""

    kind: type
    where: frozenset[str]


DECLARATIONS: Mapping[str, Declaration] = {
    "KAFKA_TOPIC": Declaration(str, _SOURCES),
    "FORMAT": Declaration(str, _SOURCES),
    "KEY_FORMAT": Declaration(str, _SOURCES),
    "VALUE_FORMAT": Declaration(str, _SOURCES),
    "KEY_DELIMITER": Declaration(str, _SOURCES),
    "VALUE_DELIMITER": Declaration(str, _SOURCES),
    "PARTITIONS": Declaration(int, _SOURCES),
    "REPLICAS": Declaration(int, _SOURCES),
    "RETENTION_MS": Declaration(int, _SOURCES),
    "CLEANUP_POLICY": Declaration(str, _SOURCES),
    "TIMESTAMP": Declaration(str, _SOURCES),
    "TIMESTAMP_FORMAT": Declaration(str, _SOURCES),
    "WRAP_SINGLE_VALUE": Declaration(bool, _SOURCES),
    "VALUE_AVRO_SCHEMA_FULL_NAME": Declaration(str, _SOURCES),
    "KEY_SCHEMA_FULL_NAME": Declaration(str, _SOURCES),
    "VALUE_SCHEMA_FULL_NAME": Declaration(str, _SOURCES),
    "KEY_SCHEMA_ID": Declaration(int, _SOURCES),
    "VALUE_SCHEMA_ID": Declaration(int, _SOURCES),
    "KEY_PROTOBUF_NULLABLE_REPRESENTATION": Declaration(str, _SOURCES),
    "VALUE_PROTOBUF_NULLABLE_REPRESENTATION": Declaration(str, _SOURCES),
    "WINDOW_TYPE": Declaration(str, frozenset({SOURCE})),
    "WINDOW_SIZE": Declaration(str, frozenset({SOURCE})),
    "SOURCED_BY_CONNECTOR": Declaration(str, frozenset({SOURCE})),
    "SOURCE_CONNECTOR": Declaration(str, frozenset({SOURCE})),
    "QUERY_ID": Declaration(str, frozenset({INSERT})),
}
"""All properties by name."""


class WithClause:
    """The properties of one statement, checked and typed."""

    def __init__(self, properties: Sequence[Property], where: str) -> None:
        """Raises SqlError for unknown, misplaced, repeated or wrongly typed properties."""
        self._values: dict[str, object] = {}
        self._spans: dict[str, Span | None] = {}
        unknown = [p for p in properties if p.name not in DECLARATIONS or where not in DECLARATIONS[p.name].where]
        if unknown:
            names = ",".join(p.name for p in unknown)
            raise SqlError(
                f"Invalid config variable(s) in the WITH clause: {names}",
                span=unknown[0].span,
                hint=_hint(unknown[0].name, where),
                kind="unknown property",
            )
        server = next((p for p in properties if p.name == "CLEANUP_POLICY"), None)
        if server is not None:
            raise SqlError(
                "Invalid config variable in the WITH clause: CLEANUP_POLICY.",
                span=server.span,
                hint="it follows from the kind of the source: streams delete, tables compact",
                kind="unknown property",
            )
        for p in properties:
            if p.name in self._values:
                raise SqlError(f'Duplicate property "{p.name}" in the WITH clause.', span=p.span)
            self._values[p.name] = _typed(p)
            self._spans[p.name] = p.span

    def text(self, name: str) -> str | None:
        """A text property."""
        value = self._values.get(name)
        return value if isinstance(value, str) else None

    def number(self, name: str) -> int | None:
        """A whole-number property."""
        value = self._values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, name: str) -> bool | None:
        """A boolean property."""
        value = self._values.get(name)
        return value if isinstance(value, bool) else None

    def has(self, name: str) -> bool:
        """Whether the property is given."""
        return name in self._values

    def span(self, name: str) -> Span | None:
        """Where the property stands."""
        return self._spans.get(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)


def parse_duration(text: str, *, name: str, span: Span | None) -> int:
    """Milliseconds of a text such as `10 SECONDS`; raises SqlError."""
    words = text.split()
    unit = words[1].upper() if len(words) == 2 else ""
    plural = unit if unit.endswith("S") else unit + "S"
    if len(words) != 2:
        problem = "It takes a number and a unit."
    elif not words[0].isdigit():
        problem = f"Not a whole number: '{words[0]}'"
    elif plural not in _DURATION_UNITS:
        problem = f"Unknown time unit: '{unit}'"
    else:
        return Duration(int(words[0]), plural).milliseconds  # type: ignore[arg-type]
    raise SqlError(
        f"Configuration {name} is invalid: Invalid duration: '{text}'. {problem}",
        span=span,
        hint="write a number and a unit, e.g. '10 SECONDS'",
    )


_DURATION_UNITS = ("DAYS", "HOURS", "MINUTES", "SECONDS", "MILLISECONDS")


def _hint(name: str, where: str) -> str:
    legal = [n for n, d in DECLARATIONS.items() if where in d.where]
    near = difflib.get_close_matches(name, legal, n=1)
    if near:
        return f'did you mean "{near[0]}"?'
    if name in DECLARATIONS:
        return f"{name} belongs to {' and '.join(sorted(DECLARATIONS[name].where))}"
    return "legal ones: " + ", ".join(sorted(legal))


def _typed(p: Property) -> object:
    kind = DECLARATIONS[p.name].kind
    value = _literal(p.value)
    if kind is str and isinstance(value, str):
        return value
    if kind is bool and (isinstance(value, bool) or (isinstance(value, str) and value.lower() in ("true", "false"))):
        return value if isinstance(value, bool) else value.lower() == "true"
    if (
        kind is int
        and not isinstance(value, bool)
        and (isinstance(value, int) or (isinstance(value, str) and value.strip().isdigit()))
    ):
        return int(value)
    wanted = {str: "a text in single quotes", bool: "TRUE or FALSE", int: "a whole number"}[kind]
    raise SqlError(f"Invalid value for configuration {p.name}.", span=p.value.span or p.span, hint=f"it takes {wanted}")


def _literal(value: Expression) -> object:
    match value:
        case StringLiteral(text):
            return text
        case BooleanLiteral(flag):
            return flag
        case IntegerLiteral(number):
            return number
        case DecimalLiteral(text):
            return text
        case DoubleLiteral(number):
            return number
        case _:
            raise SqlError("A property takes a literal.", span=value.span)
