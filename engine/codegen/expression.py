"""Bound expressions become flat Python text in the record loop.

The law: what is written never raises. A node's contained error makes the node NULL, any other the whole expression (a
predicate then is not true); both are reported. NULL is tested for before the expression where a plain column operand
would make it fail, as a test costs a tenth of an exception.
"""

from collections.abc import Callable, Mapping
from typing import Any

from headrace.engine.analysis import bound as b
from headrace.engine.analysis.bound import Bound
from headrace.engine.codegen import arithmetic, call, collection, comparison, conditional
from headrace.engine.codegen.emitter import NULL_OPERAND, Emitter
from headrace.engine.codegen.region import Region, Value, bare, lines
from headrace.engine.codegen.required import required_columns
from headrace.engine.codegen.source import Code
from headrace.engine.types.schema import PSEUDO_COLUMNS, WINDOW_BOUNDS
from headrace.parser.errors import SqlError

_NEVER_NULL = dict.fromkeys([*PSEUDO_COLUMNS, *WINDOW_BOUNDS], False)


class ExpressionWriter:
    """Writes expressions over the columns of one row."""

    def __init__(
        self,
        code: Code,
        columns: Mapping[str, str],
        *,
        nullable: Mapping[str, bool] | None,
        site: Callable[[str], int],
        record: str,
        problems: str,
    ) -> None:
        self._code = code
        self._columns = columns
        self._nullable = {**_NEVER_NULL, **(nullable or {})}
        self._site = site
        self._record = record
        self._problems = problems

    def column(self, bound: Bound, text: str) -> str:
        """Write the statements that compute an expression; returns the variable or constant that holds it then.

        `text` is its SQL, for reports. A column reference writes nothing.
        """
        if isinstance(bound, b.Column):
            return self._columns[bound.key]
        value = self._write(bound, text)
        return value.text if value.atom else self._assign(value)

    def predicate(self, bound: Bound, text: str) -> str:
        """Write what a condition needs; returns an expression that is truthy only where it is TRUE."""
        return self._write(bound, text).text

    def _assign(self, value: Value) -> str:
        variable = self._code.fresh("o")
        self._code.line(f"{variable} = {bare(value.text)}")
        return variable

    def _write(self, bound: Bound, text: str) -> Value:
        required = sorted(key for key in required_columns(bound) if self._nullable.get(key, True))
        emitter = self._emitter(text, frozenset(required))
        try:
            value = emitter.emit(bound)
        except RecursionError:
            raise SqlError("The expression is nested too deeply.", kind="unsupported") from None
        if not required and not value.raises and not emitter.region.raises:
            emitter.region.write(self._code)
            return value
        return self._contained(emitter, value, [self._columns[key] for key in required])

    def _emitter(self, text: str, guarded: frozenset[str]) -> Emitter:
        def not_null(key: str) -> bool:
            return key in guarded or not self._nullable.get(key, True)

        return Emitter(
            self._code,
            WRITERS,
            self._columns,
            not_null=not_null,
            site=self._site(text),
            record=self._record,
            problems=self._problems,
        )

    def _contained(self, emitter: Emitter, value: Value, required: list[str]) -> Value:
        """The value where it can be computed, else None and a report."""
        result = self._code.fresh("o")
        missing = emitter.report(emitter.constant(NULL_OPERAND, "null_operand")) if required else ""
        tests = [f"{variable} is {{}}" for variable in dict.fromkeys(required)]
        raises = value.raises or emitter.region.raises
        if emitter.region.is_empty and not raises:
            present = " and ".join(tests).format(*["not None"] * len(tests))
            text = value.text if " if " in value.text else bare(value.text)
            self._code.line(f"{result} = {text} if {present} else {missing}")
            return Value(result, atom=True)
        body = emitter.region
        body.line(f"{result} = {bare(value.text)}", raises=value.raises)
        if raises:
            attempt = Region()
            attempt.block("try:", body, catches=True)
            attempt.block("except Exception as error:", lines(f"{result} = {emitter.report('error')}"))
            body = attempt
        if tests:
            whole = Region()
            absent = " or ".join(tests).format(*["None"] * len(tests))
            whole.block(f"if {absent}:", lines(f"{result} = {missing}"))
            whole.block("else:", body)
            body = whole
        body.write(self._code)
        return Value(result, atom=True)


def _write_literal(emitter: Emitter, bound: b.Literal) -> Value:
    if bound.value is None or isinstance(bound.value, bool):
        return Value(str(bound.value), bound.value is None, atom=True)
    return Value(emitter.constant(bound.value), False, atom=True)


def _write_column(emitter: Emitter, bound: b.Column) -> Value:
    return Value(emitter.column(bound.key), not emitter.not_null(bound.key), atom=True)


def _write_parameter(emitter: Emitter, bound: b.LambdaParameter) -> Value:
    return Value(emitter.parameter(bound.name), atom=True)


WRITERS: Mapping[type[Bound], Callable[[Emitter, Any], Value]] = {
    b.Literal: _write_literal,
    b.Column: _write_column,
    b.LambdaParameter: _write_parameter,
    b.Arithmetic: arithmetic.write_arithmetic,
    b.Negate: arithmetic.write_negate,
    b.Compare: comparison.write_compare,
    b.Between: comparison.write_between,
    b.InList: comparison.write_in,
    b.Like: comparison.write_like,
    b.IsNull: comparison.write_is_null,
    b.Logical: conditional.write_logical,
    b.Not: conditional.write_not,
    b.Case: conditional.write_case,
    b.Cast: call.write_cast,
    b.Call: call.write_call,
    b.Lambda: call.write_lambda,
    b.Field: collection.write_field,
    b.Element: collection.write_element,
    b.Entry: collection.write_entry,
    b.ArrayOf: collection.write_array,
    b.MapOf: collection.write_map,
    b.StructOf: collection.write_struct,
}
