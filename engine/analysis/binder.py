"""From written to bound expressions: `bind` settles names, types, overloads and coercions, or says why it cannot.

The law: what ksqlDB refuses when a statement is read is refused here, with the place; what it finds out for each row is
left to the generated code.
"""

from collections.abc import Mapping

from headrace.engine.analysis import bound as b
from headrace.engine.analysis.arithmetic import compute, negate
from headrace.engine.analysis.bound import Bound
from headrace.engine.analysis.calls import CallBinder, Functions
from headrace.engine.analysis.cases import bind_case
from headrace.engine.analysis.comparisons import Operand, between, compare
from headrace.engine.analysis.constructors import bind_array, bind_field, bind_map, bind_struct, bind_subscript
from headrace.engine.analysis.like import LikeError, like_matcher
from headrace.engine.analysis.lists import common_list
from headrace.engine.analysis.literals import bind_literal, is_null
from headrace.engine.analysis.scope import Scope
from headrace.engine.analysis.text import expression_text
from headrace.engine.types.cast import conversion
from headrace.engine.types.decimals import as_decimal
from headrace.engine.types.naming import resolve_type
from headrace.engine.types.sqltype import BOOLEAN, STRING, SqlType
from headrace.parser.errors import SqlError
from headrace.parser.expressions import (
    Arithmetic,
    ArrayConstructor,
    AtTimeZone,
    Between,
    Case,
    Cast,
    ColumnRef,
    Comparison,
    Dereference,
    Expression,
    FunctionCall,
    InList,
    IsNull,
    Lambda,
    Like,
    Logical,
    MapConstructor,
    Negate,
    Not,
    StructConstructor,
    Subscript,
)


def bind(
    expression: Expression,
    scope: Scope,
    registry: Functions,
    *,
    types: Mapping[str, SqlType] | None = None,
    replace: Mapping[Expression, Bound] | None = None,
) -> Bound:
    """Bind an expression; raises SqlError.

    `types` are the custom types that a CAST may name; expressions found in `replace` are taken as bound already.
    """
    binder = _Binder(scope, registry, types or {}, replace or {})
    try:
        return binder.bind(expression, is_whole=True)
    except RecursionError:
        raise SqlError("The expression is nested too deeply.", span=expression.span, kind="unsupported") from None
    except SqlError as error:
        if error.span is None:
            error.span = expression.span
        raise


class _Binder:
    """Binds the parts of one expression in one scope."""

    def __init__(
        self, scope: Scope, registry: Functions, types: Mapping[str, SqlType], replace: Mapping[Expression, Bound]
    ) -> None:
        self._scope = scope
        self._registry = registry
        self._types = types
        self._replace = replace
        self._calls = CallBinder(registry, scope, self._bind_in)

    def bind(self, expression: Expression, *, is_whole: bool = False) -> Bound:
        """Bind a part."""
        if self._replace and (known := self._replace.get(expression)) is not None:
            return known
        literal = bind_literal(expression)
        if literal is not None:
            return literal
        match expression:
            case ColumnRef():
                return self._scope.resolve(expression)
            case Arithmetic():
                return self._arithmetic(expression)
            case Comparison(operator, left, right):
                return compare(operator, self._operand(left), self._operand(right), span=expression.span)
            case Logical():
                return self._logical(expression)
            case FunctionCall():
                return self._calls.call(expression, is_whole=is_whole)
            case Dereference():
                return bind_field(expression, self.bind)
            case Subscript():
                return bind_subscript(expression, self.bind)
            case ArrayConstructor():
                return bind_array(expression, self.bind)
            case MapConstructor():
                return bind_map(expression, self.bind)
            case StructConstructor():
                return bind_struct(expression, self.bind)
        return self._rare(expression)

    def _rare(self, expression: Expression) -> Bound:
        match expression:
            case Cast():
                return self._cast(expression)
            case Case():
                return bind_case(expression, self.bind)
            case Not(value):
                return b.Not(BOOLEAN, self._truth(value, "NOT"))
            case IsNull(value, negated):
                return b.IsNull(BOOLEAN, self.bind(value), negated)
            case Negate(value):
                return negate(expression, self.bind(value))
            case Between(value, low, high, negated):
                found = between(self._operand(value), self._operand(low), self._operand(high), span=expression.span)
                return b.Not(BOOLEAN, found) if negated else found
            case InList():
                return self._in(expression)
            case Like():
                return self._like(expression)
            case AtTimeZone():
                raise SqlError(
                    "AT TIME ZONE is not supported.",
                    span=expression.span,
                    hint="CONVERT_TZ converts between zones",
                    kind="unsupported",
                )
            case Lambda():
                raise SqlError(
                    "A lambda can only be an argument of a function.", span=expression.span, kind="unsupported"
                )
        raise SqlError(
            f"{type(expression).__name__} is not an expression that can be computed.",
            span=expression.span,
            kind="unsupported",
        )

    def _bind_in(self, expression: Expression, scope: Scope) -> Bound:
        if scope is self._scope:
            return self.bind(expression)
        return _Binder(scope, self._registry, self._types, self._replace).bind(expression)

    def _is_replaced(self, expression: Expression) -> bool:
        """Looking an expression up hashes all of it, so an empty table is not asked."""
        return bool(self._replace) and expression in self._replace

    def _operand(self, expression: Expression) -> Operand:
        return Operand(expression, self.bind(expression))

    # Arithmetic: chains lean left and may be long, so they are walked and not recursed into.

    def _arithmetic(self, expression: Arithmetic) -> Bound:
        chain = [expression]
        while isinstance(left := chain[-1].left, Arithmetic) and not self._is_replaced(left):
            chain.append(left)
        chain.reverse()
        found = self.bind(chain[0].left)
        position = 0
        while position < len(chain):
            node = chain[position]
            position += 1
            if node.operator != "||":
                found = compute(node, found, self.bind(node.right))
                continue
            operands = [found, self.bind(node.right)]
            while position < len(chain) and chain[position].operator == "||":
                operands.append(self.bind(chain[position].right))
                position += 1
            found = self._calls.concat(operands, span=node.span)
        return found

    # Logic

    def _logical(self, expression: Logical) -> Bound:
        operator = expression.operator
        operands: list[Bound] = []
        pending: list[Expression] = [expression]
        while pending:
            part = pending.pop()
            if isinstance(part, Logical) and part.operator == operator and not self._is_replaced(part):
                pending += [part.right, part.left]
            else:
                operands.append(self._truth(part, operator))
        return b.Logical(BOOLEAN, operator, tuple(operands))

    def _truth(self, expression: Expression, operator: str) -> Bound:
        bound = self.bind(expression)
        if bound.type == BOOLEAN:
            return bound
        if is_null(bound):
            return b.Literal(BOOLEAN, None)
        raise SqlError(
            f"{operator} takes BOOLEAN, but {expression_text(expression)} is {bound.type}.",
            span=expression.span,
            hint="compare it with something",
            kind="type mismatch",
        )

    def _in(self, expression: InList) -> Bound:
        written = [expression.value, *expression.items]
        try:
            coerced, _ = common_list([(e, self.bind(e)) for e in written])
        except SqlError as error:
            if error.kind != "type mismatch" or error.message.startswith("Function"):
                raise
            raise SqlError(
                f"Invalid Predicate: {error.message}", span=error.span, hint=error.hint, kind=error.kind
            ) from error
        value, *items = [_without_widening(c) for c in coerced]
        found = b.InList(BOOLEAN, value, tuple(items))
        return b.Not(BOOLEAN, found) if expression.negated else found

    def _like(self, expression: Like) -> Bound:
        value, pattern = self.bind(expression.value), self.bind(expression.pattern)
        if value.type not in (STRING, b.NULL):
            raise SqlError(
                f"The column type for Like condition must be VARCHAR. The column type is {value.type}",
                span=expression.span,
                kind="type mismatch",
            )
        if pattern.type not in (STRING, b.NULL):
            raise SqlError("Like condition must be between strings", span=expression.span, kind="type mismatch")
        if expression.escape is not None and len(expression.escape) != 1:
            raise SqlError(
                f"Expected single character escape but got: {expression.escape}",
                span=expression.span,
                hint="ESCAPE takes one character",
            )
        self._check_pattern(pattern, expression)
        found = b.Like(BOOLEAN, value, pattern, expression.escape)
        return b.Not(BOOLEAN, found) if expression.negated else found

    def _check_pattern(self, pattern: Bound, expression: Like) -> None:
        if isinstance(pattern, b.Literal) and isinstance(pattern.value, str):
            try:
                like_matcher(pattern.value, expression.escape)
            except LikeError as error:
                raise SqlError(str(error), span=expression.span, hint="double the escape character") from error

    def _cast(self, expression: Cast) -> Bound:
        target = resolve_type(expression.type, self._types)
        value = self.bind(expression.value)
        if is_null(value):
            return b.Literal(target, None)
        if value.type == target:
            return value
        found = conversion(value.type, target)
        if found is None:
            prefix = "Invalid Select: " if self._scope.clause == "SELECT" else ""
            raise SqlError(
                f"{prefix}Cast of {value.type} to {target} is not supported", span=expression.span, kind="type mismatch"
            )
        if isinstance(value, b.Literal) and not found.can_fail:
            return b.Literal(
                target, value.value if found.call is None or value.value is None else found.call(value.value)
            )
        return b.Cast(target, value, contained=True)


def _without_widening(bound: Bound) -> Bound:
    """Exact numbers compare by value whatever their type, so that they need no conversion."""
    if isinstance(bound, b.Cast) and not bound.contained and as_decimal(bound.value.type) and as_decimal(bound.type):
        return bound.value
    return bound
