"""Runs readers and writers the way a stage does: inside a generated loop."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from headrace.engine.codegen.serde import SerdeSpec
from headrace.engine.codegen.source import Code
from headrace.engine.types.schema import Column, Namespace
from headrace.engine.types.sqltype import SqlType
from headrace.runtime.serde.registry import default_formats

Loop = Callable[[Sequence[bytes]], list[Any]]


def spec_of(
    format: str, columns: dict[str, SqlType], *, wrapped: bool | None = None, is_key: bool = False, **properties: str
) -> SerdeSpec:
    namespace = Namespace.KEY if is_key else Namespace.VALUE
    declared = tuple(Column(name, type, namespace) for name, type in columns.items())
    if wrapped is None:
        wrapped = len(declared) != 1 or (format == "JSON" and not is_key)
    return SerdeSpec(format, declared, wrapped, is_key, properties)


def loop_of(spec: SerdeSpec, wanted: Sequence[str] | None = None) -> Loop:
    """A generated function from records to tuples of the wanted columns, or the exception of a record."""
    format = default_formats().get(spec.format)
    assert format is not None
    reader, code = format.reader(spec), Code()
    names = [c.name for c in spec.columns] if wanted is None else wanted
    targets = {name: f"c{index}" for index, name in enumerate(names)}

    def reject(error: str) -> None:
        code.line(f"out.append({error})")
        code.line("continue")

    with code.block("def run(records):"):
        code.line("out = []")
        reader.prologue(code)
        with code.block("for v in records:"):
            reader.write(code, "v", targets, reject)
            code.line(f"out.append(({''.join(f'{v}, ' for v in targets.values())}))")
        code.line("return out")
    return _function(code, "run")


def encoder_of(spec: SerdeSpec) -> Callable[[Sequence[Any]], bytes | None]:
    """The generated encoder of one record."""
    format = default_formats().get(spec.format)
    assert format is not None
    code = Code()
    names = [f"v{index}x" for index in range(len(spec.columns))]
    with code.block("def encode(values):"):
        if names:
            code.line(f"{''.join(f'{name}, ' for name in names)} = values")
        code.line(f"return {format.writer(spec).write(code, names)}")
    return _function(code, "encode")


def _function(code: Code, name: str) -> Any:
    scope: dict[str, Any] = dict(code.constants)
    exec(code.compile("serde test"), scope)
    return scope[name]


@pytest.fixture
def spec() -> Callable[..., SerdeSpec]:
    return spec_of


@pytest.fixture
def loop() -> Callable[..., Loop]:
    return loop_of


@pytest.fixture
def encoder() -> Callable[[SerdeSpec], Callable[[Sequence[Any]], bytes | None]]:
    return encoder_of
