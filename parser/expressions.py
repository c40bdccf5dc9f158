"""Expressions as written in SQL: frozen dataclasses, each knowing its place in the text.

Names are normalised: unquoted ones upper-cased, quoted ones verbatim. Spans take no part in equality.
"""

from dataclasses import field
from typing import Literal

from headrace.parser.errors import Span
from headrace.parser.syntax import Syntax, syntax
from headrace.parser.types import TypeName

ArithmeticOperator = Literal["+", "-", "*", "/", "%", "||"]
ComparisonOperator = Literal["=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"]


@syntax
class Expression(Syntax):
    """Base of all expressions."""

    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@syntax
class NullLiteral(Expression):
    """`NULL`."""


@syntax
class BooleanLiteral(Expression):
    """`TRUE` or `FALSE`."""

    value: bool


@syntax
class IntegerLiteral(Expression):
    """Digits; INTEGER if the value fits 32 bits, else BIGINT, else an error. A sign before a bare literal is folded in."""

    value: int


@syntax
class DecimalLiteral(Expression):
    """`1.5`, `.5`, `1.`: exact, so the text is kept (a folded sign included)."""

    text: str


@syntax
class DoubleLiteral(Expression):
    """A number with an exponent; infinite values are refused by the parser."""

    value: float


@syntax
class StringLiteral(Expression):
    """`'text'`, the doubled quotes undone."""

    value: str


@syntax
class TypedLiteral(Expression):
    """`DECIMAL '1.23'`: a type word and a text; only DECIMAL is accepted later."""

    type: str
    text: str


@syntax
class ColumnRef(Expression):
    """`name` or `source.name`."""

    name: str
    source: str | None = None


@syntax
class Dereference(Expression):
    """`base->field`."""

    base: Expression
    field_name: str


@syntax
class Subscript(Expression):
    """`base[index]`."""

    base: Expression
    index: Expression


@syntax
class FunctionCall(Expression):
    """`NAME(arguments)`; `star` is true for `COUNT(*)` alone. The name is upper case."""

    name: str
    arguments: tuple[Expression, ...]
    star: bool = False


@syntax
class TimeUnit(Expression):
    """A unit word given as a function argument: `DATEADD(DAYS, 1, d)`. Upper case, plural ("DAYS")."""

    unit: str


@syntax
class Lambda(Expression):
    """`x => body` or `(x, y) => body`."""

    parameters: tuple[str, ...]
    body: Expression


@syntax
class Cast(Expression):
    """`CAST(value AS type)`."""

    value: Expression
    type: TypeName


@syntax
class Negate(Expression):
    """Unary minus before anything but a bare literal."""

    value: Expression


@syntax
class AtTimeZone(Expression):
    """`value AT TIME ZONE zone`: parsed, refused later."""

    value: Expression
    zone: Expression


@syntax
class Arithmetic(Expression):
    """`left op right`; `||` is here too."""

    operator: ArithmeticOperator
    left: Expression
    right: Expression


@syntax
class Comparison(Expression):
    """`left op right`; `!=` is written `<>`."""

    operator: ComparisonOperator
    left: Expression
    right: Expression


@syntax
class Between(Expression):
    """`value [NOT] BETWEEN low AND high`, inclusive."""

    value: Expression
    low: Expression
    high: Expression
    negated: bool = False


@syntax
class InList(Expression):
    """`value [NOT] IN (items)`."""

    value: Expression
    items: tuple[Expression, ...]
    negated: bool = False


@syntax
class Like(Expression):
    """`value [NOT] LIKE pattern [ESCAPE 'c']`."""

    value: Expression
    pattern: Expression
    escape: str | None = None
    negated: bool = False


@syntax
class IsNull(Expression):
    """`value IS [NOT] NULL`."""

    value: Expression
    negated: bool = False


@syntax
class Not(Expression):
    """`NOT value`."""

    value: Expression


@syntax
class Logical(Expression):
    """`left AND right` or `left OR right`."""

    operator: Literal["AND", "OR"]
    left: Expression
    right: Expression


@syntax
class When(Expression):
    """One branch of a CASE."""

    condition: Expression
    result: Expression


@syntax
class Case(Expression):
    """`CASE [operand] WHEN … THEN … [ELSE default] END`; with an operand it is parsed and refused later."""

    whens: tuple[When, ...]
    default: Expression | None = None
    operand: Expression | None = None


@syntax
class ArrayConstructor(Expression):
    """`ARRAY[items]`."""

    items: tuple[Expression, ...]


@syntax
class MapConstructor(Expression):
    """`MAP(key := value, …)`."""

    entries: tuple[tuple[Expression, Expression], ...]


@syntax
class StructConstructor(Expression):
    """`STRUCT(name := value, …)`."""

    fields: tuple[tuple[str, Expression], ...]
