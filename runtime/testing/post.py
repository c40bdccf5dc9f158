"""Facts that must hold after a qtt case: sources with their schemas and formats, topics."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from headrace.engine.catalog.source import SideFormat, Source
from headrace.engine.codegen.serde import SerdeSpec
from headrace.engine.statements.create_source import declared_columns
from headrace.engine.types.schema import Schema
from headrace.parser import parse_columns
from headrace.runtime.testing.compare import Field, show, table
from headrace.runtime.testing.document import Document
from headrace.runtime.testing.outcome import Mismatch
from headrace.runtime.testing.subject import Subject

_Json = Mapping[str, Document]

FORMATS_WITH_WRAPPING = frozenset({"JSON", "JSON_SR", "AVRO", "PROTOBUF", "PROTOBUF_NOSR"})
"""Formats in which a single column may stand in a record or bare."""


def check_post(subject: Subject, post: _Json) -> None:
    """Raise Mismatch at the first fact that does not hold."""
    for wanted in cast(Sequence[_Json], post.get("sources", ())):
        name = str(wanted["name"])
        found = subject.session.catalog.sources.get(name)
        if found is None:
            raise Mismatch(f"post: {name} does not exist")
        _check(f"post: source {name}", list(_source_facts(subject, wanted, found)))
    topics = cast(_Json, post.get("topics") or {})
    for wanted in cast(Sequence[_Json], topics.get("topics", ())):
        _check_topic(subject, wanted)
    _check_blacklist(subject, cast(str | None, topics.get("blacklist")))


def _source_facts(subject: Subject, wanted: _Json, found: Source) -> Iterable[Field]:
    yield _fact("type", str(wanted["type"]).upper(), found.kind)
    if "schema" in wanted:
        schema = _schema(subject, str(wanted["schema"]))
        yield Field("schema", str(schema), str(found.schema), _columns(schema) == _columns(found.schema))
    if "isSource" in wanted:
        yield _fact("isSource", show(wanted["isSource"]), show(found.read_only))
    yield from _key_format_facts(wanted.get("keyFormat"), found)
    yield from _format_facts("valueFormat", wanted.get("valueFormat"), found.value_format)
    for name, spec, side in (
        ("key", found.key_serde(), found.key_format),
        ("value", found.value_serde(), found.value_format),
    ):
        if f"{name}Features" in wanted:
            expected = sorted(cast(Sequence[str], wanted[f"{name}Features"]))
            yield _fact(f"{name}Features", ", ".join(expected), ", ".join(_features(spec, side)))


def _key_format_facts(wanted: Document, found: Source) -> Iterable[Field]:
    yield from _format_facts("keyFormat", wanted, found.key_format)
    if isinstance(wanted, Mapping):
        window = found.window
        yield _fact("windowType", str(wanted.get("windowType")), str(window.type if window else None))
        yield _fact("windowSize", str(wanted.get("windowSize")), str(window.size_ms if window else None))


def _format_facts(name: str, wanted: Document, found: SideFormat) -> Iterable[Field]:
    format = wanted.get("format") if isinstance(wanted, Mapping) else wanted
    if format is not None:
        yield _fact(name, str(format), found.name)


def _features(spec: SerdeSpec, side: SideFormat) -> list[str]:
    if len(spec.columns) != 1 or spec.format not in FORMATS_WITH_WRAPPING:
        return []
    if spec.is_key:
        return ["UNWRAP_SINGLES"]
    return [] if side.wrap is None else ["WRAP_SINGLES" if side.wrap else "UNWRAP_SINGLES"]


def _check_topic(subject: Subject, wanted: _Json) -> None:
    name = str(wanted["name"])
    topic = subject.driver.services.topics.describe(name)
    if topic is None:
        raise Mismatch(f"post: topic {name} does not exist")
    facts = []
    if "partitions" in wanted:
        facts.append(_fact("partitions", str(wanted["partitions"]), str(topic.partitions)))
    owner = subject.owners.get(name)
    if owner is not None:
        facts += _key_format_facts(wanted.get("keyFormat"), owner)
        facts += _format_facts("valueFormat", wanted.get("valueFormat"), owner.value_format)
    _check(f"post: topic {name}", facts)


def _check_blacklist(subject: Subject, pattern: str | None) -> None:
    for topic in subject.driver.services.topics.all() if pattern else ():
        if re.fullmatch(pattern or "", topic.name):
            raise Mismatch(f"post: there is a topic {topic.name}")


def _schema(subject: Subject, text: str) -> Schema:
    columns = parse_columns(text.replace("PRIMARY KEY", "KEY"))
    return Schema(tuple(declared_columns(subject.session, columns, "STREAM")))


def _columns(schema: Schema) -> list[tuple[str, str, str]]:
    return [
        (c.namespace.value, c.name, str(c.type)) for side in (schema.key, schema.value, schema.headers) for c in side
    ]


def _check(what: str, facts: Sequence[Field]) -> None:
    wrong = [fact.name for fact in facts if not fact.equal]
    if wrong:
        raise Mismatch(f"{what} differs in {', '.join(wrong)}", table(facts))


def _fact(name: str, expected: str, actual: str) -> Field:
    return Field(name, expected, actual, expected == actual)
