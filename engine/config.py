"""Every property that Headrace knows: name, default, meaning. SHOW PROPERTIES, SET and the reference in docs/ come from here."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from headrace.parser.errors import Span, SqlError


@dataclass(frozen=True, slots=True)
class Property:
    """A configuration property. `values` lists the legal texts where they are few; `kind` is the type of the value."""

    name: str
    default: str
    meaning: str
    kind: type = str
    values: tuple[str, ...] = ()
    editable: bool = True
    fixed: bool = False
    """Whether no other value than the default has an effect yet, so that others are refused."""


_BOOLEANS = ("true", "false")

PROPERTIES: Mapping[str, Property] = {
    p.name: p
    for p in (
        Property("auto.offset.reset", "latest", "where a new query starts to read", values=("earliest", "latest")),
        Property(
            "cache.max.bytes.buffering",
            "10000000",
            "0 emits every change of a table, else the last per key and emission interval",
            int,
        ),
        Property("commit.interval.ms", "2000", "emission interval of tables, in milliseconds", int),
        Property(
            "headrace.decode.all.columns",
            "false",
            "decode every declared column, so that a bad value anywhere drops the record",
            values=_BOOLEANS,
        ),
        Property("headrace.default.partitions", "1", "partitions of topics that are created without PARTITIONS", int),
        Property("headrace.statement.max.bytes", "131072", "longest text of statements that is read", int),
        Property(
            "headrace.strict",
            "false",
            "refuse what ksqlDB refuses, extensions included",
            values=_BOOLEANS,
            editable=False,
        ),
        Property(
            "ksql.cast.strings.preserve.nulls",
            "true",
            "CAST(NULL AS STRING) is NULL rather than the text null",
            values=_BOOLEANS,
            fixed=True,
        ),
        Property("ksql.create.or.replace.enabled", "true", "whether CREATE OR REPLACE is accepted", values=_BOOLEANS),
        Property(
            "ksql.fail.on.deserialization.error",
            "false",
            "stop a query at a record that cannot be decoded",
            values=_BOOLEANS,
            fixed=True,
        ),
        Property("ksql.functions.collect_list.limit", "2147483647", "most elements that COLLECT_LIST keeps", int),
        Property("ksql.functions.collect_set.limit", "2147483647", "most elements that COLLECT_SET keeps", int),
        Property(
            "ksql.headers.columns.enabled",
            "true",
            "whether HEADERS columns are accepted",
            values=_BOOLEANS,
            editable=False,
        ),
        Property(
            "ksql.insert.into.values.enabled", "true", "whether INSERT INTO … VALUES is accepted", values=_BOOLEANS
        ),
        Property("ksql.lambdas.enabled", "true", "whether lambdas are accepted", values=_BOOLEANS, fixed=True),
        Property(
            "ksql.nested.error.set.null",
            "true",
            "a bad element inside ARRAY, MAP or STRUCT becomes NULL",
            values=_BOOLEANS,
        ),
        Property("ksql.output.topic.name.prefix", "", "put before the names of sink topics"),
        Property("ksql.persistence.default.format.key", "KAFKA", "key format where none is given"),
        Property("ksql.persistence.default.format.value", "", "value format where none is given"),
        Property(
            "ksql.persistence.wrap.single.values", "", "WRAP_SINGLE_VALUE where none is given", values=(*_BOOLEANS, "")
        ),
        Property(
            "ksql.pull.queries.enable", "true", "whether pull queries are accepted", values=_BOOLEANS, editable=False
        ),
        Property(
            "ksql.query.pull.limit.clause.enabled",
            "true",
            "whether LIMIT is accepted in pull queries",
            values=_BOOLEANS,
            fixed=True,
        ),
        Property(
            "ksql.query.pull.stream.enabled", "true", "whether pull queries on streams are accepted", values=_BOOLEANS
        ),
        Property(
            "ksql.query.pull.table.scan.enabled", "true", "whether pull queries may scan a table", values=_BOOLEANS
        ),
        Property(
            "ksql.query.push.v2.enabled",
            "false",
            "share the work of persistent queries with push queries",
            values=_BOOLEANS,
        ),
        Property(
            "ksql.readonly.topics",
            "_confluent.*,__confluent.*,_schemas,__consumer_offsets,__transaction_state",
            "topics that INSERT refuses to write, as regular expressions",
            editable=False,
        ),
        Property(
            "ksql.service.id",
            "headrace_",
            "prefix of internal names; processes with the same one share the work",
            editable=False,
        ),
        Property("ksql.sink.partitions", "", "partitions of sink topics"),
        Property("ksql.sink.replicas", "", "replicas of sink topics"),
        Property(
            "ksql.source.table.materialization.enabled",
            "true",
            "whether SOURCE TABLEs are kept for pull queries",
            values=_BOOLEANS,
            editable=False,
        ),
        Property("ksql.suppress.enabled", "true", "whether EMIT FINAL is accepted", values=_BOOLEANS),
        Property(
            "ksql.timestamp.throw.on.invalid",
            "false",
            "stop a query at a record whose TIMESTAMP column is invalid",
            values=_BOOLEANS,
            fixed=True,
        ),
        Property(
            "ksql.variable.substitution.enable", "true", "whether ${name} is replaced", values=_BOOLEANS, fixed=True
        ),
        Property(
            "processing.guarantee",
            "exactly_once_v2",
            "what survives a crash",
            values=("exactly_once_v2", "at_least_once"),
        ),
    )
}
"""The known properties by name."""

_IMMUTABLE = frozenset(
    {
        "bootstrap.servers",
        "ksql.extension.dir",
        "ksql.hidden.topics",
        "ksql.query.persistent.active.limit",
        "ksql.readonly.topics",
    }
)
"""Names that a server has but no session may override (language inventory §10), beside those that are not editable."""

_PASSED_THROUGH = (
    "ksql.streams.",
    "ksql.functions.",
    "ksql.schema.registry.",
    "ksql.logging.processing.",
    "consumer.",
    "producer.",
    "topic.",
)


_MISSPELT = 0.93
"""How like one of ours a name of a Kafka property must be to be taken for a slip: closest real pair is 0.88."""


def normalise(name: str) -> str:
    """The name without the optional `ksql.streams.` prefix, where a property of the shorter name exists."""
    short = name.removeprefix("ksql.streams.")
    return short if short in PROPERTIES else name


def check(name: str, value: str, *, span: Span | None = None) -> tuple[str, str]:
    """The normalised name and value of a SET; raises SqlError for unknown names and illegal values."""
    name = normalise(name)
    found = PROPERTIES.get(name)
    if name in _IMMUTABLE or name.startswith("ssl."):
        raise SqlError(
            f'Cannot override property "{name}": it is set when the engine starts.', span=span, kind="invalid property"
        )
    if found is None:
        is_kafkas = "." in name and not name.startswith(("ksql.", "headrace."))
        misspelt = difflib.get_close_matches(name, PROPERTIES, n=1, cutoff=_MISSPELT) if is_kafkas else []
        if (is_kafkas and not misspelt) or name.startswith(_PASSED_THROUGH):
            return name, value
        near = misspelt or difflib.get_close_matches(name, PROPERTIES, n=1)
        hint = f'did you mean "{near[0]}"?' if near else "SHOW PROPERTIES lists what there is"
        raise SqlError(
            f"Not recognizable as ksql, streams, consumer, or producer property: '{name}'",
            span=span,
            hint=hint,
            kind="unknown property",
        )
    if not found.editable:
        raise SqlError(
            f'Cannot override property "{name}": it is set when the engine starts.', span=span, kind="invalid property"
        )
    if found.values and value.lower() not in found.values:
        legal = ", ".join(v for v in found.values if v)
        raise SqlError(
            f'Invalid value "{value}" for property "{name}".',
            span=span,
            hint=f"legal values: {legal}",
            kind="invalid property",
        )
    if found.fixed and value.lower() != found.default:
        raise SqlError(
            f'Property "{name}" is not supported yet with the value "{value}".',
            span=span,
            hint=f"only the default, {found.default}, is",
            kind="unsupported",
        )
    if found.kind is int and not value.lstrip("-").isdigit():
        raise SqlError(
            f'Invalid value "{value}" for property "{name}".',
            span=span,
            hint="it takes a whole number",
            kind="invalid property",
        )
    return name, value


class Settings:
    """Properties as a statement sees them: overrides over defaults."""

    def __init__(self, overrides: Mapping[str, str]) -> None:
        self.overrides = overrides

    def text(self, name: str) -> str:
        """The effective value."""
        override = self.overrides.get(name)
        return PROPERTIES[name].default if override is None else override

    def flag(self, name: str) -> bool:
        """The effective value of a boolean property."""
        return self.text(name).lower() == "true"

    def number(self, name: str) -> int:
        """The effective value of a whole-number property."""
        return int(self.text(name))
