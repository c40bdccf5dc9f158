"""What an aggregate function is to the generator of stages: state fields, and writers of the code that updates them.

The law: state fields are plain values that msgspec encodes (numbers, text, lists, dicts), so that state is encoded,
copied and restored without knowing the function; generated code touches them in place, by assignment or method call.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from headrace.engine.codegen.source import Code
from headrace.engine.functions.signature import Signature, parse_signatures
from headrace.engine.functions.unify import argument_text, matched
from headrace.engine.types.sqltype import SqlType
from headrace.parser.errors import Span, SqlError

StateField = tuple[str, Any, object]
"""Suffix of the name, Python type for msgspec, initial value; a callable initial value is a factory (`list`, `dict`)."""

ValueWriter = Callable[[Code, Sequence[str], Sequence[str]], None]
"""`(code, state, arguments)`: writes statements that change the state fields given as assignable expressions (`s.a0`).

Arguments are names of local variables, which may hold None."""

MergeWriter = Callable[[Code, Sequence[str], Sequence[str]], None]
"""`(code, target, other)`: writes statements that take the state `other` into `target`; `other` is the later one."""

ResultWriter = Callable[[Code, Sequence[str]], str]
"""`(code, state)`: returns an expression for the result, after writing what it needs. It must not change the state and
must not share a mutable value with it."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate function bound to argument types."""

    name: str
    arguments: tuple[SqlType, ...]
    """What the arguments are to be coerced to; empty for `COUNT(*)`."""
    result: SqlType
    fields: tuple[StateField, ...]
    write_add: ValueWriter
    write_merge: MergeWriter
    write_result: ResultWriter
    write_undo: ValueWriter | None = None
    """None where rows cannot be taken back, so that the function is not allowed over tables."""
    mutable: tuple[bool, ...] = field(default=())
    """Per field, whether its value is changed in place and has to be copied to keep an old state."""

    @property
    def supports_tables(self) -> bool:
        """Whether rows can be taken back."""
        return self.write_undo is not None

    @property
    def has_nested_state(self) -> bool:
        """Whether ksqlDB keeps the state as a struct, array or map, which formats of flat rows (DELIMITED) cannot hold."""
        return len(self.fields) > 1 or callable(self.fields[0][2])


Binder = Callable[[tuple[SqlType, ...], tuple[Any, ...], Mapping[str, str]], Aggregate]
"""`(argument types, constants, properties)`."""


@dataclass(frozen=True, slots=True)
class AggregateFunction:
    """An aggregate function: its signatures (constants included) and how it is bound."""

    name: str
    description: str
    signatures: tuple[Signature, ...]
    binder: Binder
    constants: int | None = 0
    """How many trailing arguments are literals; None: all but the first are."""
    star: bool = False
    """Whether `F(*)` counts rows."""

    def columns(self, arguments: int) -> int:
        """How many of a call's leading arguments are columns."""
        return min(arguments, 1) if self.constants is None else max(arguments - self.constants, 0)

    def bind(
        self,
        arguments: tuple[SqlType | None, ...],
        star: bool,
        constants: tuple[Any, ...],
        properties: Mapping[str, str],
        span: Span | None,
    ) -> Aggregate:
        """The aggregate for these argument types and constants."""
        if star and self.star:
            return self.binder((), constants, properties)
        types = self._coerced(arguments, constants)
        if types is None:
            raise self._no_overload(arguments, constants, span)
        try:
            return self.binder(types, constants, properties)
        except ValueError as error:
            raise SqlError(str(error), span=span, kind="invalid argument") from error

    def _coerced(self, arguments: tuple[SqlType | None, ...], constants: tuple[Any, ...]) -> tuple[SqlType, ...] | None:
        for cast in (False, True):
            for signature in self.signatures:
                patterns = signature.patterns(len(arguments) + len(constants))
                if patterns is None or [_literal_type(c) for c in constants] != list(
                    map(str, patterns[len(arguments) :])
                ):
                    continue
                columns = patterns[: len(arguments)]
                unifier = matched(columns, arguments, cast=cast)
                types = () if unifier is None else tuple(t for p in columns if (t := unifier.fill(p)) is not None)
                if unifier is not None and len(types) == len(columns):
                    return types
        return None

    def _no_overload(
        self, arguments: tuple[SqlType | None, ...], constants: tuple[Any, ...], span: Span | None
    ) -> SqlError:
        texts = [argument_text(a) for a in arguments] + [_literal_type(c) for c in constants]
        alternatives = "\n".join(str(s) for s in self.signatures)
        return SqlError(
            f"Function '{self.name}' does not accept parameters ({', '.join(texts)}).\n"
            f"Valid alternatives are:\n{alternatives}",
            span=span,
            kind="type mismatch",
        )


def signatures(*texts: str) -> tuple[Signature, ...]:
    """All signatures of the texts."""
    return tuple(s for text in texts for s in parse_signatures(text))


def _literal_type(constant: object) -> str:
    match constant:
        case None:
            return "null"
        case bool():
            return "BOOLEAN"
        case int():
            return "INTEGER" if -(2**31) <= constant < 2**31 else "BIGINT"
        case float():
            return "DOUBLE"
        case _:
            return "STRING"
