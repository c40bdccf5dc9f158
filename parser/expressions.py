"""Expressions as written in SQL: frozen dataclasses, each knowing its place in the text.

Names are normalised: unquoted ones upper-cased, quoted ones verbatim. Spans take no part in equality.
"""

from dataclasses import dataclass, field
from typing import Literal

from headrace.parser.errors import Span
from headrace.parser.types import TypeName

ArithmeticOperator = Literal["+", "-", "*", "/", "%", "||"]
ComparisonOperator = Literal["=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"]


@dataclass(frozen=True, slots=True)
class Expression:
    """Base of all expressions."""

    span: Span | None = field(default=None, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class NullLiteral(Expression):
    """`NULL`."""


@dataclass(frozen=True, slots=True)
class BooleanLiteral(Expression):
    """`TRUE` or `FALSE`."""

    value: bool


@dataclass(frozen=True, slots=True)
class IntegerLiteral(Expression):
    """Digits; INTEGER if the value fits 32 bits, else BIGINT, else an error. A sign before a bare literal is folded in."""

    value: int


@dataclass(frozen=True, slots=True)
class DecimalLiteral(Expression):
    """`1.5`, `.5`, `1.`: exact, so the text is kept (a folded sign included)."""

    text: str


@dataclass(frozen=True, slots=True)
class DoubleLiteral(Expression):
    """A number with an exponent; infinite values are refused by the parser."""

    value: float


@dataclass(frozen=True, slots=True)
class StringLiteral(Expression):
    """`'text'`, the doubled quotes undone."""

    value: str


@dataclass(frozen=True, slots=True)
class TypedLiteral(Expression):
    """`DECIMAL '1.23'`: a type word and a text; only DECIMAL is accepted later."""

    type: str
    text: str


@dataclass(frozen=True, slots=True)
class ColumnRef(Expression):
    """`name` or `source.name`."""

    name: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Dereference(Expression):
    """`base->field`."""

    base: Expression
    field_name: str


@dataclass(frozen=True, slots=True)
class Subscript(Expression):
    """`base[index]`."""

    base: Expression
    index: Expression


@dataclass(frozen=True, slots=True)
class FunctionCall(Expression):
    """`NAME(arguments)`; `star` is true for `COUNT(*)` alone. The name is upper case."""

    name: str
    arguments: tuple[Expression, ...]
    star: bool = False


@dataclass(frozen=True, slots=True)
class TimeUnit(Expression):
    """A unit word given as a function argument: `DATEADD(DAYS, 1, d)`. Upper case, plural ("DAYS")."""

    unit: str


@dataclass(frozen=True, slots=True)
class Lambda(Expression):
    """`x => body` or `(x, y) => body`."""

    parameters: tuple[str, ...]
    body: Expression


@dataclass(frozen=True, slots=True)
class Cast(Expression):
    """`CAST(value AS type)`."""

    value: Expression
    type: TypeName


@dataclass(frozen=True, slots=True)
class Negate(Expression):
    """Unary minus before anything but a bare literal."""

    value: Expression


@dataclass(frozen=True, slots=True)
class AtTimeZone(Expression):
    """`value AT TIME ZONE zone`: parsed, refused later."""

    value: Expression
    zone: Expression


@dataclass(frozen=True, slots=True)
class Arithmetic(Expression):
    """`left op right`; `||` is here too."""

    operator: ArithmeticOperator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Comparison(Expression):
    """`left op right`; `!=` is written `<>`."""

    operator: ComparisonOperator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Between(Expression):
    """`value [NOT] BETWEEN low AND high`, inclusive."""

    value: Expression
    low: Expression
    high: Expression
    negated: bool = False


@dataclass(frozen=True, slots=True)
class InList(Expression):
    """`value [NOT] IN (items)`."""

    value: Expression
    items: tuple[Expression, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Like(Expression):
    """`value [NOT] LIKE pattern [ESCAPE 'c']`."""

    value: Expression
    pattern: Expression
    escape: str | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsNull(Expression):
    """`value IS [NOT] NULL`."""

    value: Expression
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Not(Expression):
    """`NOT value`."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Logical(Expression):
    """`left AND right` or `left OR right`."""

    operator: Literal["AND", "OR"]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class When(Expression):
    """One branch of a CASE."""

    condition: Expression
    result: Expression


@dataclass(frozen=True, slots=True)
class Case(Expression):
    """`CASE [operand] WHEN … THEN … [ELSE default] END`; with an operand it is parsed and refused later."""

    whens: tuple[When, ...]
    default: Expression | None = None
    operand: Expression | None = None


@dataclass(frozen=True, slots=True)
class ArrayConstructor(Expression):
    """`ARRAY[items]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class MapConstructor(Expression):
    """`MAP(key := value, …)`."""

    entries: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class StructConstructor(Expression):
    """`STRUCT(name := value, …)`."""

    fields: tuple[tuple[str, Expression], ...]
