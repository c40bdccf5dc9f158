"""Fitting argument types to the patterns of a signature.

The law: without `cast` an argument fits only its own type (any DECIMAL fits DECIMAL, an untyped NULL fits everything);
with `cast` numbers widen INTEGER → BIGINT → DECIMAL → DOUBLE, and text fits the temporal types and BYTES.
"""

from headrace.engine.functions.base import Argument, LambdaArgument, LambdaType
from headrace.engine.functions.signature import AnyDecimal, ArrayOf, LambdaOf, MapOf, Pattern, StructOf, Variable
from headrace.engine.types.coercion import common_type, widens
from headrace.engine.types.decimals import as_decimal
from headrace.engine.types.sqltype import (
    BYTES,
    DATE,
    STRING,
    TIME,
    TIMESTAMP,
    Array,
    Decimal,
    Map,
    SqlType,
    Struct,
    is_numeric,
)

_DECIMAL = "DECIMAL"
_FROM_TEXT = (DATE, TIME, TIMESTAMP, BYTES)


class Unifier:
    """What the holes of one signature are filled with, while its arguments are matched one by one."""

    def __init__(self, *, cast: bool) -> None:
        self._cast = cast
        self._bound: dict[str, SqlType] = {}

    def fits(self, pattern: Pattern, argument: Argument) -> bool:
        """Match one argument that is no lambda; fills holes."""
        if isinstance(argument, LambdaArgument):
            return False
        if argument is None:
            return not isinstance(pattern, LambdaOf)
        match pattern:
            case Variable(name):
                return self._fill(name, argument)
            case AnyDecimal():
                number = as_decimal(argument) if self._cast or isinstance(argument, Decimal) else None
                return number is not None and self._fill(_DECIMAL, number, widen=True)
            case ArrayOf(item):
                return isinstance(argument, Array) and self.fits(item, argument.item)
            case MapOf(key, value):
                return isinstance(argument, Map) and self.fits(key, argument.key) and self.fits(value, argument.value)
            case StructOf(fields):
                return (
                    isinstance(argument, Struct)
                    and [n for n, _ in argument.fields] == [n for n, _ in fields]
                    and all(self.fits(f, t) for (_, f), (_, t) in zip(fields, argument.fields))
                )
            case LambdaOf():
                return False
            case _:
                return pattern == argument or (self._cast and can_widen(argument, pattern))

    def fits_lambda(self, pattern: Pattern, argument: LambdaArgument) -> bool:
        """Match a lambda once all other arguments are matched: its body is typed with what its parameters turned out to be."""
        if not isinstance(pattern, LambdaOf) or len(pattern.parameters) != argument.parameters:
            return False
        parameters = [type for p in pattern.parameters if (type := self.fill(p)) is not None]
        if len(parameters) < argument.parameters:
            return False
        return self.fits(pattern.result, argument.body(parameters))

    def fill(self, pattern: Pattern) -> SqlType | None:
        """The type that the pattern stands for now, None while it has open holes."""
        match pattern:
            case Variable(name):
                return self._bound.get(name)
            case AnyDecimal():
                return self._bound.get(_DECIMAL)
            case ArrayOf(item):
                filled = self.fill(item)
                return None if filled is None else Array(filled)
            case MapOf(key, value):
                filled_key, filled_value = self.fill(key), self.fill(value)
                return None if filled_key is None or filled_value is None else Map(filled_key, filled_value)
            case StructOf(fields):
                filled_fields = [(name, self.fill(field)) for name, field in fields]
                whole = tuple((name, type) for name, type in filled_fields if type is not None)
                return Struct(whole) if len(whole) == len(fields) else None
            case LambdaOf(parameters, result):
                types = tuple(type for p in parameters if (type := self.fill(p)) is not None)
                returned = self.fill(result)
                return None if returned is None or len(types) < len(parameters) else LambdaType(types, returned)
            case _:
                return pattern

    def _fill(self, name: str, argument: SqlType, *, widen: bool = False) -> bool:
        bound = self._bound.get(name)
        if bound is None or bound == argument:
            self._bound[name] = argument
            return True
        common = common_argument_type(bound, argument) if self._cast or widen else None
        if common is None:
            return False
        self._bound[name] = common
        return True


def matched(patterns: tuple[Pattern, ...], arguments: tuple[Argument, ...], *, cast: bool) -> "Unifier | None":
    """The filled holes where all arguments fit, else None. Lambdas come last: their parameters depend on the others."""
    unifier = Unifier(cast=cast)
    pairs = list(zip(patterns, arguments))
    plain = all(unifier.fits(p, a) for p, a in pairs if not isinstance(a, LambdaArgument))
    if not plain:
        return None
    if all(unifier.fits_lambda(p, a) for p, a in pairs if isinstance(a, LambdaArgument)):
        return unifier
    return None


def can_widen(source: SqlType, target: SqlType) -> bool:
    """Whether an argument of type `source` may stand where the primitive type `target` is declared."""
    return (source == STRING and target in _FROM_TEXT) or (is_numeric(target) and widens(source, target))


def common_argument_type(left: SqlType, right: SqlType) -> SqlType | None:
    """The type that arguments of both types can be coerced to, or None."""
    if STRING in (left, right):
        other = right if left == STRING else left
        return other if other == STRING or other in _FROM_TEXT else None
    return common_type(left, right)


def argument_text(argument: Argument) -> str:
    """An argument's type as error messages show it."""
    if argument is None:
        return "null"
    return "LAMBDA" if isinstance(argument, LambdaArgument) else str(argument)
