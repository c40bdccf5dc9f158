"""What the function registry is asked, and what it answers.

The binder describes each argument by its type alone (an `Argument`); the registry picks the overload and says how to
call it (`BoundFunction`). The law: after binding nothing is looked up by name any more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headrace.engine.types.sqltype import Primitive, SqlType

INTERVAL_UNIT = Primitive("INTERVALUNIT")
"""The type of a unit word given as an argument (`DATEADD(DAYS, 1, d)`); its value is the upper-case plural str ("DAYS")."""


@dataclass(frozen=True, slots=True)
class LambdaType(SqlType):
    """The type of a lambda argument once its overload is known: what it is given and what it returns.

    At run time the value is a Python callable of that many positional arguments; it may raise.
    """

    parameters: tuple[SqlType, ...]
    result: SqlType

    def __str__(self) -> str:
        return f"LAMBDA ({', '.join(map(str, self.parameters))}) => {self.result}"


@dataclass(frozen=True, slots=True)
class LambdaArgument:
    """A lambda before its overload is known: `body(parameter types)` types the body, raising SqlError where it cannot."""

    parameters: int
    body: Callable[[Sequence[SqlType]], SqlType]


Argument = SqlType | LambdaArgument | None
"""What the registry sees of an argument; None is an untyped NULL literal."""


@dataclass(frozen=True, slots=True)
class BoundFunction:
    """One overload chosen for given arguments.

    `arguments` are the types that the arguments must be coerced to, variadic ones expanded; a lambda's place holds a
    `LambdaType`. `null_strict` functions are never called with a None argument: the call is NULL. `can_fail` says whether
    `call` may raise (the call is then NULL, and reported). Calls of `deterministic` functions on constants may be folded.
    """

    name: str
    call: Callable[..., object]
    arguments: tuple[SqlType, ...]
    result: SqlType
    null_strict: bool
    can_fail: bool
    deterministic: bool
