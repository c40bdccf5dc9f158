"""From paths to cases: JSON files of the qtt and rest suites, SQL scripts with `--@test:` headers.

The law: what cannot be read as cases is an error that names the file; an empty selection is an error too.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast, get_args

from headrace.runtime.testing.cases import (
    Case,
    CaseRecord,
    CaseTopic,
    ExpectedError,
    Kind,
    QttCase,
    RestCase,
    Suite,
    WindowBounds,
)
from headrace.runtime.testing.document import Document, Number, read
from headrace.runtime.testing.script import read_script

DEFAULT_PARTITIONS = 1
"""Of a topic that a case lists without a count."""

_Json = Mapping[str, Document]


class CaseFileError(Exception):
    """A file or folder holds no cases, or cases that cannot be read."""


def load(paths: Sequence[str | Path], *, suite: Suite | None = None, substring: str | None = None) -> list[Case]:
    """All cases below the paths, in the order of the files' names; of one suite, and with names that contain a text."""
    cases: list[Case] = []
    for path in map(Path, paths):
        if not path.exists():
            raise CaseFileError(f'No such file or folder: "{path}"')
        found = [case for file in _files(path) for case in _load_file(file, root=path)]
        if not found:
            raise CaseFileError(f'No test cases in "{path}"; cases are .sql files and .json files of the qtt form')
        cases += found
    chosen = [case for case in cases if suite in (None, case.suite) and (substring or "") in case.name]
    if not chosen:
        raise CaseFileError(
            f"None of the {len(cases)} cases is chosen" + (f' by -k "{substring}"' if substring else "")
        )
    return chosen


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix in (".json", ".sql") and file.is_file())


def _load_file(path: Path, *, root: Path) -> Iterator[Case]:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".sql":
            yield from read_script(text, path, _script_name(path, root))
        else:
            yield from _load_json(text, path)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CaseFileError(f'Cannot read the cases of "{path}": {error!r}') from error


def _script_name(path: Path, root: Path) -> str:
    """The path below the folder named `sql`, else below the folder that was given."""
    parts = path.with_suffix("").parts
    if "sql" in parts[:-1]:
        below = parts[len(parts) - parts[::-1].index("sql") :]
        return "/".join(below)
    return "/".join(path.with_suffix("").relative_to(root if root.is_dir() else root.parent).parts)


def _load_json(text: str, path: Path) -> Iterator[Case]:
    document = cast(_Json, read(text))
    if not isinstance(document, Mapping) or "tests" not in document:
        raise ValueError('a JSON case file is an object with a list "tests"')
    for case in cast(Sequence[_Json], document["tests"]):
        yield _rest_case(case, path) if _is_rest(case, path) else _qtt_case(case, path)


def _is_rest(case: _Json, path: Path) -> bool:
    return path.parent.name == "rest" or "responses" in case


def _rest_case(case: _Json, path: Path) -> RestCase:
    return RestCase(
        name=str(case["name"]), suite="rest", group=str(case.get("group", "rest")), kind=_kind(case), path=str(path)
    )


def _qtt_case(case: _Json, path: Path) -> QttCase:
    statements = cast(Sequence[str], case["statements"])
    expected = cast(_Json | None, case.get("expectedException"))
    return QttCase(
        name=str(case["name"]),
        suite="qtt",
        group=str(case.get("group", path.stem)),
        kind=_kind(case),
        path=str(path),
        requires=frozenset(cast(Sequence[str], case.get("requires", ()))),
        statements=tuple(statements),
        topics=tuple(map(_topic, cast(Sequence[_Json], case.get("topics", ())))),
        inputs=tuple(map(_record, cast(Sequence[_Json], case.get("inputs", ())))),
        outputs=tuple(map(_record, cast(Sequence[_Json], case.get("outputs", ())))),
        properties={name: _property(value) for name, value in cast(_Json, case.get("properties", {})).items()},
        post=cast(_Json, case.get("post", {})),
        error=_expected_error(expected) if expected else None,
    )


def _kind(case: _Json) -> Kind:
    kind = case.get("kind", "error" if "expectedException" in case else "ok")
    if kind not in get_args(Kind):
        raise ValueError(f'unknown kind "{kind}" of case "{case["name"]}"')
    return cast(Kind, kind)


def _expected_error(expected: _Json) -> ExpectedError:
    return ExpectedError(message=cast(str | None, expected.get("message")), type=cast(str | None, expected.get("type")))


def _property(value: Document) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _topic(topic: _Json) -> CaseTopic:
    return CaseTopic(
        name=str(topic["name"]),
        partitions=_integer(topic.get("partitions"), DEFAULT_PARTITIONS),
        replicas=_integer(topic.get("replicas"), 1),
        key_format=cast(str | None, topic.get("keyFormat")),
        key_schema=topic.get("keySchema"),
        key_schema_id=_optional_integer(topic.get("keySchemaId")),
        value_format=cast(str | None, topic.get("valueFormat")),
        value_schema=topic.get("valueSchema"),
        value_schema_id=_optional_integer(topic.get("valueSchemaId")),
        value_references=tuple(cast(Sequence[Document], topic.get("valueSchemaReferences", ()))),
    )


def _record(record: _Json) -> CaseRecord:
    window = cast(_Json | None, record.get("window"))
    return CaseRecord(
        topic=str(record["topic"]),
        key=record.get("key"),
        value=record["value"],
        timestamp=_optional_integer(record.get("timestamp")),
        window=_window(window) if window else None,
        headers=tuple(map(_header, cast(Sequence[_Json], record.get("headers") or ()))),
    )


def _window(window: _Json) -> WindowBounds:
    return WindowBounds(_integer(window["start"], 0), _integer(window["end"], 0), str(window["type"]).lower())


def _header(header: _Json) -> tuple[str, bytes | None]:
    value = cast(str | None, header["VALUE"])
    return str(header["KEY"]), None if value is None else base64.b64decode(value)


def _integer(value: Document, default: int) -> int:
    return default if value is None else int(cast(Number, value))


def _optional_integer(value: Document) -> int | None:
    return None if value is None else int(cast(Number, value))
