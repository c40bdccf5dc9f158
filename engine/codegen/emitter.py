"""What the writers of all kinds of expressions share: the current region, variables, constants, errors, functions.

The law: an error that is contained at a node makes that node None and is reported; any other is raised by the text or
statement that carries `raises`, and ends at the nearest `contain`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from headrace.engine.analysis.bound import Bound
from headrace.engine.codegen.outline import MAX_HEIGHT, outline
from headrace.engine.codegen.region import Region, Value, bare, lines, nested
from headrace.engine.codegen.source import Code

MAX_NESTING = 8
"""Parentheses within a text before it gets a variable of its own (CPython refuses 200; readers give up earlier)."""


class EvaluationError(ValueError):
    """An expression has no value, as an operand is NULL."""


NULL_OPERAND = EvaluationError("an operand is NULL")


def null_truth() -> bool:
    """Raise for a NULL where a truth value is needed."""
    raise EvaluationError("a BOOLEAN operand is NULL")


@dataclass(slots=True)
class Frame:
    """A Python function being written. What it takes over from outside are parameters with defaults: variables of the
    record loop must not become cells of a closure, which would slow every use of them."""

    outer: "Frame | None" = None
    parameters: dict[str, str] = field(default_factory=dict)
    captured: dict[str, str] = field(default_factory=dict)


class Emitter:
    """State of writing one expression; `writers` say how each kind of node is written."""

    def __init__(
        self,
        code: Code,
        writers: "Mapping[type[Bound], Callable[[Emitter, Any], Value]]",
        columns: Mapping[str, str],
        *,
        not_null: Callable[[str], bool],
        site: int,
        record: str,
        problems: str,
    ) -> None:
        self.code = code
        self.region = Region()
        self.not_null = not_null
        self._writers = writers
        self._columns = columns
        self._site = site
        self._record = record
        self._problems = problems
        self._frame = Frame()

    # Nodes

    def emit(self, bound: Bound) -> Value:
        """Write what a node needs into the region; returns its value."""
        value = self._writers[type(bound)](self, bound)
        return self.named(value) if value.nesting > MAX_NESTING else value

    def collect(self, bound: Bound) -> tuple[Region, Value]:
        """The statements and the value of a part that is not to be evaluated here."""
        with self.inner() as region:
            value = self.emit(bound)
        if region.height > MAX_HEIGHT:
            return Region(), outline(self.code, region, value)
        return region, value

    @contextmanager
    def inner(self) -> Iterator[Region]:
        """Collect statements in a region of their own."""
        outer, self.region = self.region, Region()
        try:
            yield self.region
        finally:
            self.region = outer

    # Values

    def constant(self, value: object, hint: str = "k") -> str:
        """The name of a constant."""
        return self.code.bind(hint, value)

    def function(self, call: Callable[..., object], hint: str | None = None) -> str:
        """The name of a function that the generated code calls."""
        name = hint or str(getattr(call, "__name__", ""))
        return self.code.bind(name if name.isidentifier() and name.isascii() else "call", call)

    def variable(self) -> str:
        """A fresh variable."""
        return self.code.fresh("t")

    def named(self, value: Value) -> Value:
        """The value in a variable."""
        variable = self.variable()
        self.region.line(f"{variable} = {bare(value.text)}", raises=value.raises)
        return Value(variable, value.nullable, atom=True)

    def atom(self, value: Value) -> Value:
        """The value as text that may be repeated."""
        return value if value.atom else self.named(value)

    def operand(self, bound: Bound) -> Value:
        """The value of a node that is tested for NULL: an atom if it may be NULL."""
        value = self.emit(bound)
        return self.atom(value) if value.nullable else value

    def truth(self, value: Value) -> Value:
        """A truth value that raises where it is NULL."""
        if not value.nullable:
            return value
        atom = self.atom(value)
        return nested(f"({atom.text} if {atom.text} is not None else {self.function(null_truth)}())", atom, raises=True)

    # Errors

    def report(self, error: str) -> str:
        """The call that reports an error of this expression; its value is None."""
        return f"{self.captured(self._problems)}.failed({self._site}, {self.captured(self._record)}, {error})"

    def contain(self, before: Region, value: Value) -> Value:
        """The value in a variable, None and reported where it or what is before it fails."""
        if before.raises and before.height > MAX_HEIGHT:
            before, value = Region(), outline(self.code, before, value)
        variable = self.variable()
        attempt = Region()
        (attempt if before.raises else self.region).extend(before)
        attempt.line(f"{variable} = {bare(value.text)}", raises=True)
        self.region.block("try:", attempt, catches=True)
        self.region.block("except Exception as error:", lines(f"{variable} = {self.report('error')}"))
        return Value(variable, True, atom=True)

    # Names from outside of the function that is being written

    def column(self, key: str) -> str:
        """The variable of a column."""
        return self.captured(self._columns[key])

    def captured(self, text: str) -> str:
        """The local name of a variable of the record loop."""
        return _capture(self.code, text, self._frame)

    def parameter(self, name: str) -> str:
        """The local name of a lambda's parameter."""
        return _parameter(self.code, name, self._frame)

    @contextmanager
    def frame(self, parameters: Mapping[str, str]) -> Iterator[Frame]:
        """Write a function with these parameters (variables by name)."""
        outer = self._frame
        self._frame = Frame(outer, dict(parameters))
        try:
            yield self._frame
        finally:
            self._frame = outer


def present(*values: Value) -> str:
    """The test that no value is NULL ("" where none can be); the values are atoms."""
    return " and ".join(dict.fromkeys(f"{v.text} is not None" for v in values if v.nullable))


def _capture(code: Code, text: str, frame: Frame) -> str:
    if frame.outer is None:
        return text
    outer = _capture(code, text, frame.outer)
    if outer not in frame.captured:
        frame.captured[outer] = code.fresh("v")
    return frame.captured[outer]


def _parameter(code: Code, name: str, frame: Frame) -> str:
    if name in frame.parameters:
        return frame.parameters[name]
    assert frame.outer is not None, name
    outer = _parameter(code, name, frame.outer)
    if outer not in frame.captured:
        frame.captured[outer] = code.fresh("v")
    return frame.captured[outer]
