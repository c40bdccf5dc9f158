"""Random expressions of a wanted type, as SQL text.

The law: what is written is what Headrace and the oracles mean the same by. docs/differences.md lists what is left out and why;
`total` marks places where an operand that is NULL would fail the whole column in Headrace and only its part elsewhere.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]

NUMBERS = ("INT", "BIGINT", "DOUBLE")
EXTREME = {"INT": "I", "BIGINT": "L", "DOUBLE": "D", "STRING": "S", "DECIMAL": "P"}
TAME = {"INT": "J", "BIGINT": "K", "DOUBLE": "E", "STRING": "T", "DECIMAL": "Q", "BOOLEAN": "B"}
_LETTERS = "abcABC xyz_%42Üñß"
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


class Writer:
    """Writes expressions; `rich` adds the types that only DuckDB has."""

    def __init__(self, draw: Draw, *, rich: bool) -> None:
        self._draw = draw
        self._rich = rich
        self.types = (*NUMBERS, "STRING", "BOOLEAN", *(("DECIMAL",) if rich else ()))

    def any_type(self) -> str:
        """One of the types."""
        return self._one(self.types)

    def write(self, type: str, depth: int, *, total: bool = False) -> str:
        """An expression of the type."""
        if depth <= 0:
            return self._leaf(type, total=total)
        return self._one(self._forms(type))(type, depth - 1, total)

    def _forms(self, type: str) -> list[Callable[[str, int, bool], str]]:
        forms: list[Callable[[str, int, bool], str]] = [self._case, self._coalesce]
        if type == "BOOLEAN":
            return [
                self._compare, self._compare, self._logic, self._logic, self._not, self._is_null, self._in, self._between,
                self._like, self._distinct, *([self._temporal] if self._rich else []),
            ]  # fmt: skip
        if type == "STRING":
            return [*forms, self._text, self._text, self._concat, self._nullif]
        if type in NUMBERS or type == "DECIMAL":
            forms += [self._arithmetic, self._arithmetic, self._negate]
        if type == "INT":
            forms += [self._length, self._abs, self._truncate]
            forms += [self._element, self._field, self._sign, self._greatest] if self._rich else []
        if type == "BIGINT":
            forms += [self._widen, self._abs, self._nullif]
        if type == "DOUBLE":
            forms += [self._widen, self._abs, *([self._rounded, self._greatest] if self._rich else [])]
        return forms

    # Leaves

    def _leaf(self, type: str, *, total: bool) -> str:
        if type == "BOOLEAN":
            return self._one(["B", "TRUE", "FALSE"]) if total else self._compare(type, 0, False)
        column = TAME[type] if total or self._flip() else EXTREME[type]
        return column if self._flip() else self._literal(type)

    def _literal(self, type: str) -> str:
        match type:
            case "INT":
                return str(self._draw(st.integers(-40, 40)))
            case "BIGINT":
                return f"CAST({self._draw(st.integers(-40, 40))} AS BIGINT)"
            case "DOUBLE":
                return f"{self._draw(st.integers(-80, 80)) / 4}E0".replace(".0E0", "E0")
            case "DECIMAL":
                return f"CAST({self._draw(st.integers(-999, 999)) / 100:.2f} AS DECIMAL(6, 2))"
        text = self._draw(st.text(_LETTERS, max_size=5))
        return f"'{text}'"

    # Any type

    def _case(self, type: str, depth: int, total: bool) -> str:
        branches = " ".join(
            f"WHEN {self.write('BOOLEAN', depth)} THEN {self._branch(type, depth)}"
            for _ in range(self._draw(st.integers(1, 2)))
        )
        otherwise = f" ELSE {self._branch(type, depth)}" if total or self._flip() else ""
        return f"(CASE {branches}{otherwise} END)"

    def _branch(self, type: str, depth: int) -> str:
        """Branches have exactly one type, which arithmetic on DECIMALs changes."""
        return self.write(type, 0 if type == "DECIMAL" else depth, total=True)

    def _coalesce(self, type: str, depth: int, total: bool) -> str:
        return f"COALESCE({self._column(type)}, {self._branch(type, depth)})"

    def _nullif(self, type: str, depth: int, total: bool) -> str:
        made = f"NULLIF({self._column(type)}, {self._leaf(type, total=True)})"
        return f"COALESCE({made}, {self._leaf(type, total=True)})" if total else made

    # Numbers

    def _arithmetic(self, type: str, depth: int, total: bool) -> str:
        operator = self._one({"DOUBLE": "+-*", "DECIMAL": "+-*"}.get(type, "+-*/%"))
        if operator == "*" or type in ("DOUBLE", "DECIMAL"):
            return f"({self._leaf(type, total=True)} {operator} {self._leaf(type, total=True)})"
        left = self._tame(type, depth)
        if operator in "+-":
            return f"({left} {operator} {self._tame(type, depth)})"
        divisor = self._draw(st.integers(1, 9)) * self._one([1, -1])
        return f"({left} {operator} {f'CAST({divisor} AS BIGINT)' if type == 'BIGINT' else f'({divisor})'})"

    def _tame(self, type: str, depth: int) -> str:
        """An operand that is far from overflow."""
        return self._arithmetic(type, depth - 1, True) if depth > 0 and self._flip() else self._leaf(type, total=True)

    def _negate(self, type: str, depth: int, total: bool) -> str:
        return f"(-({TAME[type] if total else self._column(type)}))"

    def _abs(self, type: str, depth: int, total: bool) -> str:
        return f"ABS({TAME[type] if total else self._column(type)})"

    def _widen(self, type: str, depth: int, total: bool) -> str:
        narrower = self._one(NUMBERS[: NUMBERS.index(type)])
        return f"CAST({TAME[narrower] if total else self._column(narrower)} AS {type})"

    def _truncate(self, type: str, depth: int, total: bool) -> str:
        return "CAST(E AS INT)"

    def _length(self, type: str, depth: int, total: bool) -> str:
        return f"LEN({self.write('STRING', depth, total=total)})"

    def _sign(self, type: str, depth: int, total: bool) -> str:
        return f"SIGN({self._tame(self._one(['INT', 'BIGINT']), depth)})"

    def _rounded(self, type: str, depth: int, total: bool) -> str:
        return f"{self._one(['CEIL', 'FLOOR'])}({TAME[type] if total else self._column(type)})"

    def _greatest(self, type: str, depth: int, total: bool) -> str:
        return f"{self._one(['GREATEST', 'LEAST'])}({self._column(type)}, {self._leaf(type, total=True)})"

    def _element(self, type: str, depth: int, total: bool) -> str:
        made = f"ARR[{self._draw(st.integers(1, 4))}]"
        return f"COALESCE({made}, 0)" if total else made

    def _field(self, type: str, depth: int, total: bool) -> str:
        return "COALESCE(ST->X, 0)" if total else "ST->X"

    # Text

    def _text(self, type: str, depth: int, total: bool) -> str:
        value = self.write("STRING", depth, total=total)
        match self._one(["UCASE", "LCASE", "TRIM", "SUBSTRING", "REPLACE"]):
            case "SUBSTRING":
                return f"SUBSTRING({value}, {self._draw(st.integers(1, 6))}, {self._draw(st.integers(0, 4))})"
            case "REPLACE":
                return f"REPLACE({value}, '{self._one('abc4')}', '{self._one(['', 'q', 'zz'])}')"
            case "TRIM":
                return f"TRIM({value})"
            case function:
                # Letters whose other case is one letter in every engine.
                return f"{function}('{self._draw(st.text('abcXYZ 1', max_size=4))}')"

    def _concat(self, type: str, depth: int, total: bool) -> str:
        return f"({self.write('STRING', depth)} || {self.write('STRING', depth)})"

    # Predicates: never NULL

    def _compare(self, type: str, depth: int, total: bool) -> str:
        kind = self._one([t for t in self.types if t != "BOOLEAN"])
        return f"({self.write(kind, depth, total=True) if depth else self._column(kind)} {self._one(_COMPARISONS)} {self._operand(kind, depth)})"

    def _operand(self, kind: str, depth: int) -> str:
        """The other side: of the same type, or a number of another one."""
        if kind == "INT" and self._flip():
            return self._column("BIGINT")
        return self._column(kind) if self._flip() else self.write(kind, depth, total=True)

    def _distinct(self, type: str, depth: int, total: bool) -> str:
        kind = self._one([t for t in self.types if t != "BOOLEAN"])
        return f"({self._column(kind)} IS {self._one(['', 'NOT '])}DISTINCT FROM {self._column(kind)})"

    def _logic(self, type: str, depth: int, total: bool) -> str:
        operator = self._one(["AND", "OR"])
        return f"({self.write(type, depth)} {operator} {self.write(type, depth)})"

    def _not(self, type: str, depth: int, total: bool) -> str:
        return f"(NOT {self.write(type, depth)})"

    def _is_null(self, type: str, depth: int, total: bool) -> str:
        column = self._one(["I", "L", "D", "S", "N", *(["DA", "TS", "TM", "BY_", "P"] if self._rich else [])])
        return f"({column} IS {self._one(['', 'NOT '])}NULL)"

    def _in(self, type: str, depth: int, total: bool) -> str:
        kind = self._one(["INT", "BIGINT", "STRING"])
        items = ", ".join(self._literal(kind) for _ in range(self._draw(st.integers(1, 4))))
        return f"({self._column(kind)} {self._one(['', 'NOT '])}IN ({items}))"

    def _between(self, type: str, depth: int, total: bool) -> str:
        kind = self._one([t for t in self.types if t != "BOOLEAN"])
        low, high = self.write(kind, depth, total=True), self.write(kind, depth, total=True)
        return f"({self._column(kind)} {self._one(['', 'NOT '])}BETWEEN {low} AND {high})"

    def _like(self, type: str, depth: int, total: bool) -> str:
        pattern = self._draw(st.text("abAc%_ 4", max_size=4))
        return f"({self._one('ST')} {self._one(['', 'NOT '])}LIKE '{pattern}')"

    def _temporal(self, type: str, depth: int, total: bool) -> str:
        operator, day = (
            self._one(_COMPARISONS),
            f"20{self._draw(st.integers(10, 29))}-02-1{self._draw(st.integers(0, 9))}",
        )
        equality = self._one(["=", "<>", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"])
        return self._one(
            [
                f"(TM {operator} '1{self._draw(st.integers(0, 9))}:00:00')",
                f"(BY_ {equality} BY_)",
                f"(DA {operator} '{day}')",
                f"(TS {operator} '{day}T10:00:00')",
                f"(DA {operator} TS)",
            ]
        )

    def _column(self, type: str) -> str:
        return self._one([EXTREME[type], TAME[type]])

    def _one(self, options: Any) -> Any:
        return self._draw(st.sampled_from(list(options)))

    def _flip(self) -> bool:
        flipped: bool = self._draw(st.booleans())
        return flipped


@st.composite
def selections(draw: Draw, *, rich: bool) -> tuple[str, str]:
    """A type and an expression of it."""
    writer = Writer(draw, rich=rich)
    type = writer.any_type()
    return type, writer.write(type, draw(st.sampled_from([0, 1, 2, 3, 3, 4])))


@st.composite
def groupings(draw: Draw, *, rich: bool) -> str:
    """A query with GROUP BY over the rows."""
    writer = Writer(draw, rich=rich)
    numbers = [*NUMBERS, *(["DECIMAL"] if rich else [])]
    calls = ["COUNT(*) AS C0"]
    for number in range(1, draw(st.integers(2, 4))):
        function = draw(st.sampled_from(["COUNT", "MIN", "MAX", "SUM"]))
        type = draw(st.sampled_from(numbers))
        argument = TAME[type] if function == "SUM" else writer.write(type, draw(st.integers(0, 1)), total=True)
        if function in ("COUNT", "MIN", "MAX") and draw(st.booleans()):
            argument = EXTREME[type]
        calls.append(f"{function}({argument}) AS C{number}")
    where = f" WHERE {writer.write('BOOLEAN', 2)}" if draw(st.booleans()) else ""
    having = (
        f" HAVING COUNT(*) {draw(st.sampled_from(['>', '<=', '<>']))} {draw(st.integers(0, 3))}"
        if draw(st.booleans())
        else ""
    )
    return f"SELECT G, {', '.join(calls)} FROM R{where} GROUP BY G{having}"
