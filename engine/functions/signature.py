"""Signatures of functions: `SUBSTRING(value STRING, pos INT[, len INT]) -> STRING`.

Grammar: `name(parameter, …[, optional…]) -> type`, where a parameter is `name type`, with `...` after it when it may be
repeated. Types are SQL's, single capital letters for any type (`T`), `DECIMAL` for any precision and scale, and
`(T, U) => R` for lambdas. `N` stands for INT, BIGINT and DOUBLE in turn, the same in the whole signature.
"""

import re
from dataclasses import dataclass
from itertools import accumulate

from headrace.engine.functions.base import INTERVAL_UNIT
from headrace.engine.types.sqltype import (
    BIGINT,
    BOOLEAN,
    BYTES,
    DATE,
    DOUBLE,
    INTEGER,
    STRING,
    TIME,
    TIMESTAMP,
    SqlType,
)


@dataclass(frozen=True, slots=True)
class Variable:
    """Any type, the same one wherever the letter stands."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class AnyDecimal:
    """DECIMAL of any precision and scale; the widest of a call's decimals."""

    def __str__(self) -> str:
        return "DECIMAL"


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """ARRAY<item>."""

    item: "Pattern"

    def __str__(self) -> str:
        return f"ARRAY<{self.item}>"


@dataclass(frozen=True, slots=True)
class MapOf:
    """MAP<key, value>."""

    key: "Pattern"
    value: "Pattern"

    def __str__(self) -> str:
        return f"MAP<{self.key}, {self.value}>"


@dataclass(frozen=True, slots=True)
class StructOf:
    """STRUCT<name type, …>."""

    fields: tuple[tuple[str, "Pattern"], ...]

    def __str__(self) -> str:
        return "STRUCT<" + ", ".join(f"{name} {pattern}" for name, pattern in self.fields) + ">"


@dataclass(frozen=True, slots=True)
class LambdaOf:
    """A lambda: what it is given, and what it returns."""

    parameters: tuple["Pattern", ...]
    result: "Pattern"

    def __str__(self) -> str:
        return f"LAMBDA ({', '.join(map(str, self.parameters))}) => {self.result}"


Pattern = SqlType | Variable | AnyDecimal | ArrayOf | MapOf | StructOf | LambdaOf
"""A type with holes."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; a variadic one takes any number of arguments."""

    name: str
    pattern: Pattern
    variadic: bool = False

    def __str__(self) -> str:
        return f"{self.pattern}{'...' if self.variadic else ''} {self.name}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function."""

    name: str
    parameters: tuple[Parameter, ...]
    result: Pattern

    @property
    def is_variadic(self) -> bool:
        """Whether a parameter may be repeated."""
        return any(p.variadic for p in self.parameters)

    @property
    def variables(self) -> int:
        """In how many parameters any type may stand: fewer means more specific."""
        return sum(has_variables(p.pattern) for p in self.parameters)

    def patterns(self, count: int) -> tuple[Pattern, ...] | None:
        """The patterns for `count` arguments, or None where it takes another number of them."""
        patterns: list[Pattern] = []
        spare = count - len(self.parameters)
        for parameter in self.parameters:
            patterns.extend([parameter.pattern] * (1 + spare if parameter.variadic else 1))
        # A variadic parameter may stand for no argument at all: one fewer than declared.
        return tuple(patterns) if len(patterns) == count and (spare >= 0 or self.is_variadic) else None

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.parameters))})"


_NAMED: dict[str, Pattern] = {
    "BOOLEAN": BOOLEAN,
    "INT": INTEGER,
    "INTEGER": INTEGER,
    "BIGINT": BIGINT,
    "DOUBLE": DOUBLE,
    "DECIMAL": AnyDecimal(),
    "STRING": STRING,
    "BYTES": BYTES,
    "DATE": DATE,
    "TIME": TIME,
    "TIMESTAMP": TIMESTAMP,
    "INTERVALUNIT": INTERVAL_UNIT,
}

_TOKEN = re.compile(r"\s*(->|=>|\.\.\.|…|\w+|[()<>,\[\]])")


def has_variables(pattern: Pattern) -> bool:
    """Whether any type may stand somewhere in the pattern."""
    match pattern:
        case Variable():
            return True
        case ArrayOf(item):
            return has_variables(item)
        case MapOf(key, value):
            return has_variables(key) or has_variables(value)
        case StructOf(fields):
            return any(has_variables(field) for _, field in fields)
        case LambdaOf():
            return True
        case _:
            return False


def parse_signatures(text: str) -> tuple[Signature, ...]:
    """All signatures that the text stands for: one per optional parameter left out, one per numeric type for `N`."""
    if re.search(r"\bN\b", text):
        return tuple(s for name in ("INT", "BIGINT", "DOUBLE") for s in parse_signatures(re.sub(r"\bN\b", name, text)))
    return _Reader(text).signatures()


class _Reader:
    """A recursive descent over the tokens of one signature."""

    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.findall(text)
        self._text = text
        self._position = 0

    def signatures(self) -> tuple[Signature, ...]:
        name = self._take()
        groups: list[tuple[Parameter, ...]] = [()]
        self._expect("(")
        while self._peek() != ")":
            match self._peek():
                case "[":
                    self._take()
                    groups.append(())
                case "," | "]":
                    self._take()
                case _:
                    groups[-1] += (self._parameter(),)
        self._expect(")")
        self._expect("->")
        result = self._pattern()
        return tuple(Signature(name, parameters, result) for parameters in accumulate(groups))

    def _parameter(self) -> Parameter:
        name = self._take()
        pattern = self._pattern()
        variadic = self._peek() in ("...", "…")
        if variadic:
            self._take()
        return Parameter(name, pattern, variadic)

    def _pattern(self) -> Pattern:
        token = self._take()
        match token:
            case "(":
                return self._lambda()
            case "ARRAY":
                self._expect("<")
                item = self._pattern()
                self._expect(">")
                return ArrayOf(item)
            case "MAP":
                self._expect("<")
                key = self._pattern()
                self._expect(",")
                value = self._pattern()
                self._expect(">")
                return MapOf(key, value)
            case "STRUCT":
                return StructOf(self._fields())
            case _ if len(token) == 1:
                return Variable(token)
            case _:
                return _NAMED[token]

    def _fields(self) -> tuple[tuple[str, Pattern], ...]:
        self._expect("<")
        fields: list[tuple[str, Pattern]] = []
        while self._peek() != ">":
            if self._peek() == ",":
                self._take()
            fields.append((self._take(), self._pattern()))
        self._expect(">")
        return tuple(fields)

    def _lambda(self) -> LambdaOf:
        parameters: list[Pattern] = []
        while self._peek() != ")":
            if self._peek() == ",":
                self._take()
            parameters.append(self._pattern())
        self._expect(")")
        self._expect("=>")
        return LambdaOf(tuple(parameters), self._pattern())

    def _peek(self) -> str | None:
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def _take(self) -> str:
        token = self._peek()
        if token is None:
            raise ValueError(f'Signature "{self._text}" ends too early')
        self._position += 1
        return token

    def _expect(self, token: str) -> None:
        found = self._take()
        if found != token:
            raise ValueError(f'Signature "{self._text}" has "{found}" where "{token}" belongs')
