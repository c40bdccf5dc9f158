"""Deeply nested parts moved into functions of their own, as CPython allows only 20 nested blocks and 100 indents.

The law: what a part reads from outside is passed as arguments; it assigns nothing that is read outside.
"""

import ast
import builtins
from typing import Any

from headrace.engine.codegen.region import Region, Value
from headrace.engine.codegen.source import Code

MAX_HEIGHT = 5
"""Nested blocks of a part before it is moved."""


def outline(code: Code, region: Region, value: Value) -> Value:
    """Compile the statements and the value as a function; returns its call."""
    body = Code()
    region.write(body)
    body.line(f"return {value.text}")
    arguments = sorted(_free_names(body.text, known=code.constants))
    whole = Code()
    with whole.block(f"def part({', '.join(arguments)}):"):
        region.write(whole)
        whole.line(f"return {value.text}")
    namespace: dict[str, Any] = dict(code.constants)
    exec(whole.compile("part"), namespace)  # noqa: S102 - our own text; what users wrote are bound constants
    name = code.bind("part", namespace["part"])
    return Value(f"{name}({', '.join(arguments)})", value.nullable, region.raises or value.raises, nesting=1)


def _free_names(text: str, *, known: dict[str, object]) -> set[str]:
    tree = ast.parse(text)
    read: set[str] = set()
    made: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(name, ast.Load()):
                read.add(name)
            case ast.Name(name) | ast.arg(name):
                made.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.FunctionDef(name):
                made.add(name)
    return {name for name in read - made if name not in known and not hasattr(builtins, name)}
