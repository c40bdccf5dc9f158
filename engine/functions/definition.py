"""How functions are written: a plain Python function, decorated with its signatures.

    family = Family("STRING")

    @family.scalar("LCASE(value STRING) -> STRING", can_fail=False, examples=(("LCASE('Ab')", "ab"),))
    def lcase(value: str) -> str:
        '''Returns the text in lower case.'''
        return value.lower()

The first line of the docstring is the description that users see. Overloads whose values differ in Python are functions
of their own under the same name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from headrace.engine.functions.clock import FunctionClock
from headrace.engine.functions.signature import Signature, parse_signatures
from headrace.engine.types.sqltype import SqlType

F = TypeVar("F", bound=Callable[..., Any])

Kind = Literal["SCALAR", "TABLE"]


@dataclass(frozen=True, slots=True)
class Call:
    """The call that is being bound: what an overload that is made to measure may look at."""

    types: tuple[SqlType, ...]
    clock: FunctionClock


@dataclass(frozen=True, slots=True)
class Overload:
    """One signature, and the Python function behind it.

    `made` overloads are not called with values: they get the `Call` and return what is. `result`, where given, computes
    the result type from the argument types.
    """

    signature: Signature
    function: Callable[..., Any]
    kind: Kind
    category: str
    result: Callable[[Sequence[SqlType]], SqlType] | None
    null_strict: bool
    can_fail: bool
    deterministic: bool
    made: bool
    examples: tuple[tuple[str, str], ...]

    @property
    def description(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").strip().split("\n", 1)[0]

    def callable(self, types: tuple[SqlType, ...], clock: FunctionClock) -> Callable[..., Any]:
        """What is called with values."""
        made: Callable[..., Any] = self.function(Call(types, clock)) if self.made else self.function
        return made


@dataclass(slots=True)
class Family:
    """Functions that belong together and share a category."""

    category: str
    functions: dict[str, list[Overload]] = field(default_factory=dict)
    """Overloads by upper-case function name."""

    def scalar(
        self,
        *signatures: str,
        result: Callable[[Sequence[SqlType]], SqlType] | None = None,
        null_strict: bool = True,
        can_fail: bool = True,
        deterministic: bool = True,
        made: bool = False,
        category: str | None = None,
        examples: tuple[tuple[str, str], ...] = (),
    ) -> Callable[[F], F]:
        """Declare the decorated function as a scalar function.

        `null_strict`: any NULL argument makes the call NULL without calling. `can_fail`: it may raise. `made`: see `Overload`.
        `examples` are pairs of an expression and its value as text.
        """
        return self._declare(
            signatures, "SCALAR", result, null_strict, can_fail, deterministic, made, category, examples
        )

    def table_function(self, *signatures: str, examples: tuple[tuple[str, str], ...] = ()) -> Callable[[F], F]:
        """Declare the decorated function as a table function: it returns the list of its rows' values."""
        return self._declare(signatures, "TABLE", None, True, True, True, False, "TABLE", examples)

    def _declare(
        self,
        signatures: tuple[str, ...],
        kind: Kind,
        result: Callable[[Sequence[SqlType]], SqlType] | None,
        null_strict: bool,
        can_fail: bool,
        deterministic: bool,
        made: bool,
        category: str | None,
        examples: tuple[tuple[str, str], ...],
    ) -> Callable[[F], F]:
        def decorate(function: F) -> F:
            for text in signatures:
                for signature in parse_signatures(text):
                    overload = Overload(
                        signature,
                        function,
                        kind,
                        category or self.category,
                        result,
                        null_strict,
                        can_fail,
                        deterministic,
                        made,
                        examples,
                    )
                    self.functions.setdefault(signature.name.upper(), []).append(overload)
            return function

        return decorate
