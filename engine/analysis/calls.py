"""Function calls: arguments typed, the overload chosen by the registry, arguments coerced to it, lambdas bound.

The law: a lambda's body is typed with what the chosen overload gives its parameters; a body may read columns and the
parameters of enclosing lambdas.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from headrace.engine.analysis.bound import NULL, Bound, Call, Lambda, Literal
from headrace.engine.analysis.literals import coerce, is_null
from headrace.engine.analysis.scope import Scope
from headrace.engine.functions.base import Argument, BoundFunction, LambdaArgument, LambdaType
from headrace.engine.types.sqltype import Array, SqlType
from headrace.parser.errors import Span, SqlError
from headrace.parser.expressions import Expression, FunctionCall
from headrace.parser.expressions import Lambda as WrittenLambda

BindIn = Callable[[Expression, Scope], Bound]


class Functions(Protocol):
    """What binding asks of the function registry."""

    def scalar(self, name: str, arguments: Sequence[Argument], *, span: Span | None = None) -> BoundFunction: ...

    def table(self, name: str, arguments: Sequence[Argument], *, span: Span | None = None) -> BoundFunction: ...

    def is_aggregate(self, name: str) -> bool: ...

    def is_table_function(self, name: str) -> bool: ...


class CallBinder:
    """Binds calls in one scope."""

    def __init__(self, functions: Functions, scope: Scope, bind_in: BindIn) -> None:
        self._functions = functions
        self._scope = scope
        self._bind_in = bind_in

    def call(self, written: FunctionCall, *, is_whole: bool) -> Bound:
        """Bind a call; table functions only where `is_whole` says that it is a whole selected expression."""
        if self._functions.is_aggregate(written.name):
            raise SqlError(
                f"Aggregate function {written.name} is not allowed here.", span=written.span, kind="unsupported"
            )
        choose, is_table = self._functions.scalar, self._functions.is_table_function(written.name)
        if is_table:
            if self._scope.clause != "SELECT":
                raise SqlError(
                    f"Table function {written.name} is not allowed in {self._scope.clause}.",
                    span=written.span,
                    hint="table functions belong into the SELECT list",
                    kind="unsupported",
                )
            if not is_whole:
                raise SqlError(
                    f"Table function {written.name} cannot be nested in another expression.",
                    span=written.span,
                    hint="select it as a column of its own in a query before this one",
                    kind="unsupported",
                )
            choose = self._functions.table
        parts = [self._argument(a) for a in written.arguments]
        function = choose(written.name, [argument for argument, _ in parts], span=written.span)
        arguments = tuple(finish(type) for (_, finish), type in zip(parts, function.arguments, strict=True))
        return Call(Array(function.result) if is_table else function.result, function, arguments)

    def concat(self, operands: Sequence[Bound], *, span: Span | None) -> Bound:
        """`a || b || …`."""
        function = self._functions.scalar("CONCAT", [None if is_null(o) else o.type for o in operands], span=span)
        arguments = tuple(coerce(o, type, span=span) for o, type in zip(operands, function.arguments, strict=True))
        return Call(function.result, function, arguments)

    def _argument(self, written: Expression) -> tuple[Argument, Callable[[SqlType], Bound]]:
        """What the registry sees of an argument, and how to finish it once its type is settled."""
        if isinstance(written, WrittenLambda):
            return self._lambda(written)
        bound = self._bind_in(written, self._scope)
        if is_null(bound):
            return None, lambda type: Literal(type, None)
        return bound.type, lambda type: coerce(bound, type, span=written.span)

    def _lambda(self, written: WrittenLambda) -> tuple[Argument, Callable[[SqlType], Bound]]:
        # Overloads ask for the type of the same body again and again, nested lambdas multiply that.
        bodies: dict[tuple[SqlType, ...], Bound] = {}

        def body(types: Sequence[SqlType]) -> Bound:
            key = tuple(types)
            if key not in bodies:
                scope = self._scope.inside_lambda(written.parameters, key, span=written.span)
                bodies[key] = self._bind_in(written.body, scope)
            return bodies[key]

        def finish(type: SqlType) -> Bound:
            assert isinstance(type, LambdaType)
            found = body(type.parameters)
            result = found if type.result == NULL else coerce(found, type.result, span=written.body.span)
            return Lambda(type, written.parameters, result)

        return LambdaArgument(len(written.parameters), lambda types: body(types).type), finish
