"""Computing an expression once, outside of the record loop: INSERT VALUES, keys of pull queries."""

from collections.abc import Mapping
from typing import Any, NoReturn

from headrace.engine.analysis.bound import Bound, columns_of
from headrace.engine.codegen.expression import ExpressionWriter
from headrace.engine.codegen.source import Code


class _Strict:
    """Problems that are raised, not kept."""

    def failed(self, site: int, record: object, error: BaseException) -> NoReturn:
        raise error


def evaluate(bound: Bound, columns: Mapping[str, object] | None = None) -> object:
    """The value of an expression over the given columns; raises what a query would report."""
    keys = sorted(columns_of(bound))
    variables = {key: f"c{number}" for number, key in enumerate(keys)}
    code = Code()
    with code.block(f"def compute({', '.join([*variables.values(), 'problems', 'record'])}):"):
        writer = ExpressionWriter(
            code, variables, nullable=None, site=lambda text: 0, record="record", problems="problems"
        )
        code.line(f"return {writer.column(bound, '')}")
    namespace: dict[str, Any] = dict(code.constants)
    exec(code.compile("expression"), namespace)  # noqa: S102 - our own text; what users wrote are bound constants
    values = columns or {}
    result: object = namespace["compute"](*(values[key] for key in keys), _Strict(), None)
    return result
