"""Our expressions as sqlglot's, for one target.

Law: `condition` is for places where NULL counts as FALSE (WHERE, ON, WHEN); `value` is for all others, where a predicate is
completed so that it is never NULL.
"""

import re
from collections.abc import Callable
from functools import singledispatchmethod

from sqlglot import exp

from headrace.parser import expressions as e
from headrace.parser.dialect.kinds import Kinds
from headrace.parser.dialect.targets import Abilities, Target, cannot_say
from headrace.parser.keywords import KEYWORDS, word_set
from headrace.parser.types import ArrayType, DecimalType, MapType, NamedType, StructType, TypeName

_PLAIN = re.compile(r"[A-Z_][A-Z0-9_]*", re.ASCII)

# Words that one of the targets reserves and we do not.
_RESERVED_ELSEWHERE = word_set(
    """
    ABORT ANALYSE ANY ASC ASYMMETRIC BEGIN BOTH CHECK COLLATE COMMIT CONSTRAINT CROSS DEFAULT DEFERRABLE DESC DO EXCEPT
    FETCH FOR FOREIGN GLOB GRANT INDEX INITIALLY INTERSECT ISNULL LATERAL LEADING LOCALTIME LOCALTIMESTAMP NATURAL NOTHING
    NOTNULL OFFSET ONLY ORDER PIVOT PLACING PRAGMA QUALIFY REFERENCES RETURNING ROW SOME SYMMETRIC TRAILING TRIGGER UNION
    UNIQUE UNPIVOT UPDATE USER USING VARIADIC
    """
)
# Keywords of ours that are plain names for all targets.
_PLAIN_ELSEWHERE = word_set(
    "DAY HOUR ID KEY MINUTE MONTH SECOND SINK SIZE SOURCE STREAM STREAMS SUBJECT TOPIC TYPE YEAR"
)
_IN_QUOTES = (KEYWORDS | _RESERVED_ELSEWHERE) - _PLAIN_ELSEWHERE
_COMPARISONS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
    "IS DISTINCT FROM": exp.NullSafeNEQ,
    "IS NOT DISTINCT FROM": exp.NullSafeEQ,
}
_ARITHMETIC: dict[str, type[exp.Binary]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul, "%": exp.Mod}
_WHOLE_TYPES = frozenset({"INT", "INTEGER", "BIGINT"})
_NEEDS_TYPES = "give the types of the columns, or CAST its operands"


class Translator:
    """Expressions for one target."""

    def __init__(self, target: Target, abilities: Abilities, kinds: Kinds, window: tuple[exp.Expr, int] | None) -> None:
        self.title = abilities.title
        self.window_start = None if window is None else window[0]
        self._window_size = 0 if window is None else window[1]
        self._target = target
        self._can = abilities
        self._kinds = kinds

    def name(self, name: str) -> exp.Identifier:
        """A name, in quotes where the target would take it for another."""
        if _PLAIN.fullmatch(name):
            if name not in _IN_QUOTES:
                return exp.to_identifier(name, quoted=False)
            name = name.lower() if self._can.folds_to_lower else name
        return exp.to_identifier(name, quoted=True)

    def condition(self, expression: e.Expression) -> exp.Expr:
        """The expression where NULL counts as FALSE."""
        if isinstance(expression, e.Logical):
            return self._logical(expression, self.condition)
        if isinstance(expression, _PREDICATES):
            return self._predicate(expression)
        return self.value(expression)

    def value(self, expression: e.Expression) -> exp.Expr:
        """The expression as a value."""
        if isinstance(expression, e.Logical):
            return self._logical(expression, self.value)
        if isinstance(expression, _PREDICATES):
            made = self._predicate(expression)
            return made if isinstance(made, exp.Not) else _false_for_null(made)
        return self._translate(expression)

    def _logical(self, expression: e.Logical, part: Callable[[e.Expression], exp.Expr]) -> exp.Expr:
        operands = []
        left: e.Expression = expression
        while isinstance(left, e.Logical) and left.operator == expression.operator:
            operands.append(part(left.right))
            left = left.left
        operands.append(part(left))
        join = exp.and_ if expression.operator == "AND" else exp.or_
        return join(*reversed(operands))

    def _predicate(self, expression: e.Expression) -> exp.Expr:
        """A predicate that is NULL where the target says so; a negated one is complete."""
        match expression:
            case e.Comparison(operator=operator, left=left, right=right):
                return _COMPARISONS[operator](this=self._operand(left), expression=self._operand(right))
            case e.Between(value=value, low=low, high=high, negated=negated):
                made = exp.Between(this=self._operand(value), low=self._operand(low), high=self._operand(high))
                return _negated(made) if negated else made
            case e.InList(value=value, items=items, negated=negated):
                listed = exp.In(this=self._operand(value), expressions=[self.value(item) for item in items])
                return _negated(listed) if negated else listed
            case e.Like(negated=negated):
                like = self._like(expression)
                return _negated(like) if negated else like
            case _:
                raise TypeError(expression)

    def _like(self, like: e.Like) -> exp.Expr:
        value = self._operand(like.value)
        if self._can.like_ignores_case:
            if not isinstance(like.pattern, e.StringLiteral):
                raise cannot_say(
                    self.title, "LIKE with a pattern that is no literal", like.span, "its LIKE ignores case"
                )
            return exp.Glob(this=value, expression=exp.Literal.string(_as_glob(like.pattern.value, like.escape)))
        made = exp.Like(this=value, expression=self._operand(like.pattern))
        if like.escape is not None:
            return exp.Escape(this=made, expression=exp.Literal.string(like.escape))
        is_plain = isinstance(like.pattern, e.StringLiteral) and "\\" not in like.pattern.value
        if self._can.like_has_escape and not is_plain:
            return exp.Escape(this=made, expression=exp.Literal.string(""))
        return made

    def _operand(self, expression: e.Expression) -> exp.Expr:
        """A value, in parentheses where it is more than a word."""
        made = self.value(expression)
        is_word = isinstance(made, exp.Paren | exp.Dot | exp.Column | exp.Func) and not isinstance(made, exp.Connector)
        return exp.paren(made) if isinstance(made, _COMPOUND) and not is_word else made

    @singledispatchmethod
    def _translate(self, expression: e.Expression) -> exp.Expr:
        raise cannot_say(self.title, _NAMES.get(type(expression), type(expression).__name__), expression.span)

    @_translate.register
    def _(self, expression: e.NullLiteral) -> exp.Expr:
        return exp.Null()

    @_translate.register
    def _(self, expression: e.BooleanLiteral) -> exp.Expr:
        return exp.Boolean(this=expression.value)

    @_translate.register
    def _(self, expression: e.IntegerLiteral) -> exp.Expr:
        return _number(str(expression.value))

    @_translate.register
    def _(self, expression: e.DecimalLiteral) -> exp.Expr:
        return _number(expression.text)

    @_translate.register
    def _(self, expression: e.DoubleLiteral) -> exp.Expr:
        text = repr(expression.value).upper()
        made = _number(text if "E" in text else f"{text}E0")
        return exp.cast(made, "DOUBLE") if self._can.exponent_is_exact else made

    @_translate.register
    def _(self, expression: e.StringLiteral) -> exp.Expr:
        return exp.Literal.string(expression.value)

    @_translate.register
    def _(self, expression: e.ColumnRef) -> exp.Expr:
        if self.window_start is not None and expression.name in ("WINDOWSTART", "WINDOWEND"):
            start = self.window_start.copy()
            return (
                start
                if expression.name == "WINDOWSTART"
                else exp.Add(this=start, expression=_number(str(self._window_size)))
            )
        source = None if expression.source is None else self.name(expression.source)
        return exp.Column(this=self.name(expression.name), table=source)

    @_translate.register
    def _(self, expression: e.Not) -> exp.Expr:
        return exp.Not(this=self._operand(expression.value))

    @_translate.register
    def _(self, expression: e.IsNull) -> exp.Expr:
        made = exp.Is(this=self._operand(expression.value), expression=exp.Null())
        return exp.Not(this=made) if expression.negated else made

    @_translate.register
    def _(self, expression: e.Negate) -> exp.Expr:
        return exp.Neg(this=exp.paren(self.value(expression.value)))

    @_translate.register
    def _(self, expression: e.Arithmetic) -> exp.Expr:
        operator, left, right = expression.operator, expression.left, expression.right
        kinds = {self._kinds.of(left), self._kinds.of(right)}
        if operator == "||" or (operator == "+" and "text" in kinds):
            return exp.DPipe(this=self._text(left), expression=self._text(right))
        if operator == "/":
            return self._quotient(expression)
        if operator == "%" and self._target == "sqlite" and "fraction" in kinds:
            raise cannot_say(self.title, '"%" of fractions', expression.span)
        return _ARITHMETIC[operator](this=self._operand(left), expression=self._operand(right))

    def _quotient(self, expression: e.Arithmetic) -> exp.Expr:
        kind = self._kinds.of(expression)
        left, right = self._operand(expression.left), self._operand(expression.right)
        if self._can.divides_exactly and kind is None:
            raise cannot_say(
                self.title, '"/" without knowing whether it is of whole numbers', expression.span, _NEEDS_TYPES
            )
        if self._can.divides_exactly and kind == "whole":
            return exp.IntDiv(this=left, expression=right)
        return exp.Div(this=left, expression=right, typed=True, safe=kind != "fraction")

    def _text(self, expression: e.Expression) -> exp.Expr:
        """An operand of `||`, to which NULL is no text."""
        made = self._operand(expression)
        is_text = isinstance(expression, e.StringLiteral | e.Arithmetic)
        return made if is_text else exp.Coalesce(this=made, expressions=[exp.Literal.string("")])

    @_translate.register
    def _(self, expression: e.Cast) -> exp.Expr:
        to = exp.DataType.build(self._type(expression.type, expression))
        made = self.value(expression.value)
        kind = self._kinds.of(expression.value)
        is_whole = isinstance(expression.type, NamedType) and expression.type.name in _WHOLE_TYPES
        if is_whole and self._can.rounds_casts:
            if kind is None:
                raise cannot_say(
                    self.title, "a CAST without knowing whether it is of a fraction", expression.span, _NEEDS_TYPES
                )
            made = exp.Anonymous(this="TRUNC", expressions=[made]) if kind == "fraction" else made
        return (exp.TryCast if self._can.has_try_cast else exp.Cast)(this=made, to=to)

    def _type(self, type_name: TypeName, within: e.Expression) -> str:
        match type_name:
            case NamedType(name=name) if name in self._can.types:
                return self._can.types[name]
            case DecimalType(precision=precision, scale=scale) if self._target != "sqlite":
                return f"DECIMAL({precision}, {scale})"
            case ArrayType(item=item) if self._can.has_arrays:
                return f"ARRAY<{self._type(item, within)}>"
            case MapType(key=key, value=value) if self._can.has_maps:
                return f"MAP<{self._type(key, within)}, {self._type(value, within)}>"
            case StructType(fields=fields) if self._can.has_maps:
                parts = (f"{self.name(name).sql()} {self._type(part, within)}" for name, part in fields)
                return f"STRUCT<{', '.join(parts)}>"
            case _:
                raise cannot_say(self.title, "that type", type_name.span or within.span)

    @_translate.register
    def _(self, expression: e.TypedLiteral) -> exp.Expr:
        if expression.type != "DECIMAL":
            raise cannot_say(self.title, f"{expression.type} literals", expression.span)
        return _number(expression.text.strip())

    @_translate.register
    def _(self, expression: e.Case) -> exp.Expr:
        operand, default = expression.operand, expression.default
        case = exp.Case(this=None if operand is None else self.value(operand))
        part = self.condition if operand is None else self.value
        for when in expression.whens:
            case = case.when(part(when.condition), self.value(when.result), copy=False)
        return case if default is None else case.else_(self.value(default), copy=False)

    @_translate.register
    def _(self, expression: e.FunctionCall) -> exp.Expr:
        name = expression.name
        if expression.star:
            return exp.Count(this=exp.Star())
        if name == "CONCAT":
            parts = [self._text(argument) for argument in expression.arguments]
            return (
                exp.paren(exp.DPipe(this=parts[0], expression=parts[1]))
                if len(parts) == 2
                else self._unknown(expression)
            )
        arguments = [self.value(argument) for argument in expression.arguments]
        if name == "COUNT_DISTINCT":
            return exp.Count(this=exp.Distinct(expressions=arguments))
        if name not in self._can.functions:
            return self._unknown(expression)
        return exp.Anonymous(this=self._can.functions[name], expressions=arguments)

    def _unknown(self, expression: e.FunctionCall) -> exp.Expr:
        raise cannot_say(self.title, f'the function "{expression.name}"', expression.span)

    @_translate.register
    def _(self, expression: e.Dereference) -> exp.Expr:
        if not self._can.has_fields:
            raise cannot_say(self.title, "fields of a STRUCT", expression.span)
        base = self.value(expression.base)
        base = base if isinstance(base, exp.Dot) else exp.paren(base)
        return exp.Dot(this=base, expression=self.name(expression.field_name))

    @_translate.register
    def _(self, expression: e.Subscript) -> exp.Expr:
        index = expression.index
        if not self._can.has_arrays:
            raise cannot_say(self.title, "elements of an ARRAY or MAP", expression.span)
        is_position = isinstance(index, e.IntegerLiteral) and index.value > 0
        if not self._can.has_maps and not is_position:
            raise cannot_say(self.title, "an element but by its positive number", expression.span)
        return exp.Bracket(this=self._operand(expression.base), expressions=[self.value(index)], offset=1)

    @_translate.register
    def _(self, expression: e.ArrayConstructor) -> exp.Expr:
        if not self._can.has_arrays:
            raise cannot_say(self.title, "an ARRAY", expression.span)
        return exp.Array(expressions=[self.value(item) for item in expression.items])

    @_translate.register
    def _(self, expression: e.MapConstructor) -> exp.Expr:
        if not self._can.has_maps:
            raise cannot_say(self.title, "a MAP", expression.span)
        keys = exp.Array(expressions=[self.value(key) for key, _ in expression.entries])
        return exp.Map(keys=keys, values=exp.Array(expressions=[self.value(value) for _, value in expression.entries]))

    @_translate.register
    def _(self, expression: e.StructConstructor) -> exp.Expr:
        if not self._can.has_maps or not expression.fields:
            raise cannot_say(self.title, "that STRUCT", expression.span)
        return exp.Struct(
            expressions=[
                exp.PropertyEQ(this=self.name(name), expression=self.value(part)) for name, part in expression.fields
            ]
        )


_PREDICATES = (e.Comparison, e.Between, e.InList, e.Like)
_COMPOUND = (exp.Binary, exp.Unary, exp.Between, exp.In, exp.Escape, exp.Predicate)
_NAMES: dict[type[e.Expression], str] = {
    e.Lambda: "a lambda",
    e.TimeUnit: "a time unit as an argument",
    e.AtTimeZone: "AT TIME ZONE",
}


def _number(text: str) -> exp.Expr:
    made = exp.Literal.number(text.lstrip("+-"))
    return exp.Neg(this=made) if text.startswith("-") else made


def _negated(predicate: exp.Expr) -> exp.Expr:
    return exp.Not(this=_false_for_null(predicate))


def _false_for_null(predicate: exp.Expr) -> exp.Expr:
    if isinstance(predicate, exp.NullSafeEQ | exp.NullSafeNEQ):
        return predicate
    return exp.Coalesce(this=predicate, expressions=[exp.false()])


def _as_glob(pattern: str, escape: str | None) -> str:
    """A LIKE pattern as a GLOB pattern, which minds case."""
    parts: list[str] = []
    characters = iter(pattern)
    for character in characters:
        if character == escape:
            character = next(characters, "")
            parts.append(f"[{character}]" if character in "*?[" else character)
        elif character in "%_":
            parts.append("*" if character == "%" else "?")
        else:
            parts.append(f"[{character}]" if character in "*?[" else character)
    return "".join(parts)
