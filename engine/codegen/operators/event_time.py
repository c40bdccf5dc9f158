"""Event times of records that are not decoded yet, where a TIMESTAMP column holds them: for cutting slices at the horizon."""

from collections.abc import Callable, Sequence
from typing import Any

from headrace.engine.catalog.source import Source, TimestampColumn
from headrace.engine.codegen.builder import StageBuilder
from headrace.engine.codegen.serde import Reader
from headrace.engine.types.sqltype import STRING

ParseTimestamp = Callable[[str, str], int]
"""Milliseconds of a text by a java.time pattern; raises where it does not match."""


def event_times(
    source: Source, stamp: TimestampColumn, key_reader: Reader, value_reader: Reader, parse: ParseTimestamp
) -> Callable[[Sequence[Any]], list[int]]:
    """A generated function from undecoded records to their event times; a record without one repeats the one before it."""
    builder = StageBuilder(f"{source.name} event time")
    code = builder.code
    column = source.schema.find(stamp.column)
    is_key = column in source.schema.key
    with code.block("def times(records):"):
        code.line("found = []")
        code.line("last = -1")
        reader, data = (key_reader, "r.key") if is_key else (value_reader, "r.value")
        reader.prologue(code)
        with code.block("for r in records:"):
            code.line(f"v = {data}")
            with code.block("if v is None:"):
                code.line("found.append(last)")
                code.line("continue")

            def repeat(_error: str) -> None:
                code.line("found.append(last)")
                code.line("continue")

            reader.write(code, "v", {stamp.column: "t"}, repeat)
            if column is not None and column.type == STRING:
                with code.block("try:"):
                    code.line(
                        f"t = None if t is None else {code.bind('parse', parse)}(t, {code.bind('pattern', stamp.format)})"
                    )
                with code.block("except Exception:"):
                    code.line("t = None")
            code.line("if t is not None and t >= 0: last = t")
            code.line("found.append(last)")
        code.line("return found")
    namespace: dict[str, Any] = dict(code.constants)
    exec(code.compile(builder.title), namespace)  # noqa: S102 - our own text
    function: Callable[[Sequence[Any]], list[int]] = namespace["times"]
    return function
