"""What kind of value an expression has, as far as its text tells."""

from collections.abc import Iterable
from typing import Literal

from headrace.parser.expressions import (
    Arithmetic,
    Cast,
    ColumnRef,
    DecimalLiteral,
    DoubleLiteral,
    Expression,
    FunctionCall,
    IntegerLiteral,
    Negate,
    StringLiteral,
    TypedLiteral,
)
from headrace.parser.statements import ColumnDefinition
from headrace.parser.types import DecimalType, NamedType, TypeName

Kind = Literal["whole", "fraction", "text", "other"]

_NAMES: dict[str, Kind] = {
    "INT": "whole",
    "INTEGER": "whole",
    "BIGINT": "whole",
    "DOUBLE": "fraction",
    "STRING": "text",
    "VARCHAR": "text",
}
_PSEUDO_COLUMNS = frozenset({"ROWTIME", "WINDOWSTART", "WINDOWEND", "ROWPARTITION", "ROWOFFSET"})
_OF_ARGUMENT = frozenset({"ABS", "MAX", "MIN", "SUM", "COALESCE", "IFNULL", "NULLIF", "GREATEST", "LEAST"})
_FUNCTIONS: dict[str, Kind] = {
    "COUNT": "whole",
    "COUNT_DISTINCT": "whole",
    "LEN": "whole",
    "AVG": "fraction",
    "SQRT": "fraction",
    "LN": "fraction",
    "EXP": "fraction",
    "SUBSTRING": "text",
    "UCASE": "text",
    "LCASE": "text",
    "TRIM": "text",
    "REPLACE": "text",
    "CONCAT": "text",
}


class Kinds:
    """Kinds of expressions over declared columns; columns of one name and several kinds are "other"."""

    def __init__(self, columns: Iterable[ColumnDefinition]) -> None:
        self._columns: dict[str, Kind] = {}
        for column in columns:
            kind = kind_of_type(column.type)
            self._columns[column.name] = kind if self._columns.get(column.name, kind) == kind else "other"

    def of(self, expression: Expression) -> Kind | None:
        """The kind of the value of `expression`; None where it cannot be told."""
        match expression:
            case IntegerLiteral():
                return "whole"
            case DecimalLiteral() | DoubleLiteral() | TypedLiteral(type="DECIMAL"):
                return "fraction"
            case StringLiteral() | Arithmetic(operator="||"):
                return "text"
            case ColumnRef(name=name):
                return self._columns.get(name, "whole" if name in _PSEUDO_COLUMNS else None)
            case Cast(type=type_name):
                return kind_of_type(type_name)
            case Negate(value=value):
                return self.of(value)
            case Arithmetic(left=left, right=right):
                return self._of_both(left, right)
            case FunctionCall(name=name, arguments=(first, *_)) if name in _OF_ARGUMENT:
                return self.of(first)
            case FunctionCall(name=name):
                return _FUNCTIONS.get(name)
            case _:
                return None

    def _of_both(self, left: Expression, right: Expression) -> Kind | None:
        kinds = {self.of(left), self.of(right)}
        if "fraction" in kinds:
            return "fraction"
        return kinds.pop() if len(kinds) == 1 else None


def kind_of_type(type_name: TypeName) -> Kind:
    """The kind of a type's values."""
    match type_name:
        case NamedType(name=name):
            return _NAMES.get(name, "other")
        case DecimalType():
            return "fraction"
        case _:
            return "other"
