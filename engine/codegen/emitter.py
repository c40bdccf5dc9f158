"""What the writers of all kinds of expressions share: the current region, variables, constants, errors.

The law: an error that is contained at a node makes that node None and is reported; any other is raised by the text or
statement that carries `raises`, and ends at the nearest `contain`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import singledispatchmethod

from headrace.engine.analysis import bound as b
from headrace.engine.analysis.bound import Bound
from headrace.engine.codegen.region import MAX_NESTING, NONE, Region, Value, lines
from headrace.engine.codegen.source import Code


class EvaluationError(ValueError):
    """An expression has no value, as an operand is NULL."""


NULL_OPERAND = EvaluationError("an operand is NULL")


def null_truth() -> bool:
    """Raise for a NULL where a truth value is needed."""
    raise EvaluationError("a BOOLEAN operand is NULL")


@dataclass(slots=True)
class Frame:
    """A Python function being written: what it takes over from outside, as parameters with defaults.

    Variables of the record loop must not become cells of a closure, which would slow every use of them.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    captured: dict[str, str] = field(default_factory=dict)
    outer: "Frame | None" = None


class Emitter:
    """State of writing one expression; subclasses say how each kind of node is written."""

    def __init__(
        self,
        code: Code,
        columns: Mapping[str, str],
        nullable: Mapping[str, bool],
        *,
        site: int,
        record: str,
        problems: str,
        guarded: frozenset[str] = frozenset(),
    ) -> None:
        self.code = code
        self.columns = columns
        self.nullable = nullable
        self.site = site
        self.record = record
        self.problems = problems
        self.guarded = guarded
        self.region = Region()
        self.level = 0
        self.frame = Frame()

    # Nodes

    def emit(self, bound: Bound) -> Value:
        """Write what the node needs into the region; returns its value."""
        value = self.node(bound)
        if value.nesting > MAX_NESTING:
            return self.named(value)
        return value

    @singledispatchmethod
    def node(self, bound: Bound) -> Value:
        """Write one kind of node; registered by the modules of the kinds."""
        raise AssertionError(bound)

    # Pieces

    @contextmanager
    def inner(self) -> Iterator[Region]:
        """Collect statements in a region of their own."""
        outer, self.region = self.region, Region()
        self.level += 1
        try:
            yield self.region
        finally:
            self.region = outer
            self.level -= 1

    def collect(self, bound: Bound) -> tuple[Region, Value]:
        """The statements and the value of a part that may not be evaluated here."""
        with self.inner() as region:
            value = self.emit(bound)
        return region, value

    def constant(self, value: object, hint: str = "k") -> str:
        """The name of a constant."""
        return self.code.bind(hint, value)

    def function(self, call: Callable[..., object]) -> str:
        """The name of a function that the generated code calls."""
        name = getattr(call, "__name__", "")
        return self.code.bind(name if name.isidentifier() and name.isascii() else "call", call)

    def named(self, value: Value) -> Value:
        """The value in a variable."""
        variable = self.code.fresh("t")
        self.region.line(f"{variable} = {bare(value.text)}", raises=value.raises)
        return Value(variable, value.nullable, atom=True)

    def atom(self, value: Value) -> Value:
        """The value as text that may be repeated."""
        return value if value.atom else self.named(value)

    def operand(self, bound: Bound) -> Value:
        """The value of a node that is tested for NULL: an atom if it may be NULL."""
        value = self.emit(bound)
        return self.atom(value) if value.nullable else value

    def truth(self, bound: Bound) -> Value:
        """The value of a BOOLEAN that must not be NULL."""
        return self.checked(self.emit(bound))

    def checked(self, value: Value) -> Value:
        """A truth value that raises where it is NULL."""
        if not value.nullable:
            return value
        atom = self.atom(value)
        text = f"({atom.text} if {atom.text} is not None else {self.function(null_truth)}())"
        return Value(text, False, True, nesting=1)

    # Errors

    def report(self, error: str) -> str:
        """The call that reports an error of this expression; its value is None."""
        return f"{self.captured(self.problems)}.failed({self.site}, {self.captured(self.record)}, {error})"

    def contain(self, arguments: Region, value: Value) -> Value:
        """The value in a variable, None and reported where evaluation fails."""
        variable = self.code.fresh("t")
        attempt = Region()
        if arguments.raises:
            attempt.extend(arguments)
        else:
            self.region.extend(arguments)
        attempt.line(f"{variable} = {bare(value.text)}", raises=True)
        self.region.block("try:", attempt, catches=True)
        self.region.block("except Exception as error:", lines(f"{variable} = {self.report('error')}"))
        return Value(variable, True, atom=True)

    # Functions within the expression

    def captured(self, text: str) -> str:
        """The local name of a variable from outside the function that is being written."""
        return self._capture(text, self.frame)

    def _capture(self, text: str, frame: Frame) -> str:
        if frame.outer is None or text in frame.parameters.values() or text in ("None", "True", "False"):
            return text
        if text not in frame.captured:
            self._capture(text, frame.outer)
            frame.captured[text] = self.code.fresh("v")
        return frame.captured[text]

    def is_nullable(self, key: str) -> bool:
        """Whether the column may be None here."""
        return key not in self.guarded and self.nullable.get(key, True)


def bare(text: str) -> str:
    """The text without parentheses around the whole of it."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and position < len(text) - 1:
            return text
    return text[1:-1] if ":=" not in text.partition("(")[2].partition("(")[0] and "," not in text else text


def nesting(*values: Value) -> int:
    """The nesting of a text made of these."""
    return 1 + max((value.nesting for value in values), default=0)


__unused = NONE, b
