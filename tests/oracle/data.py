"""The rows that random expressions are computed over: extremes and NULLs in one column of each type, tame values in another.

Arithmetic happens on the tame columns: Headrace wraps as Java does where the oracles raise an error or turn to floating point.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

INT_MAX, BIGINT_MAX = 2**31 - 1, 2**63 - 1

COLUMNS = {
    "I": "INT", "J": "INT", "L": "BIGINT", "K": "BIGINT", "D": "DOUBLE", "E": "DOUBLE", "P": "DECIMAL(6, 2)", "Q": "DECIMAL(6, 2)",
    "S": "STRING", "T": "STRING", "N": "BOOLEAN", "B": "BOOLEAN", "DA": "DATE", "TS": "TIMESTAMP",
    "TM": "TIME", "BY_": "BYTES", "ARR": "ARRAY<INT>", "ST": "STRUCT<X INT, Y STRING>", "G": "STRING",
}  # fmt: skip
"""Nullable extremes: I L D P S N DA TS TM BY_ ARR ST. Tame and never NULL: J K E Q T B. G groups."""

FLAT = [name for name in COLUMNS if name not in ("P", "Q", "DA", "TS", "TM", "BY_", "ARR", "ST")]
"""Columns that SQLite can hold faithfully."""

ROWS = [
    dict(zip(COLUMNS, row, strict=True))
    for row in [
        (0, 0, 0, 1, 0.0, 0.5, Decimal("0.00"), Decimal("1.25"), "", "a", True, True, 0, 0, 0, b"", [], {"X": 1, "Y": "u"}, "g1"),
        (INT_MAX, 7, BIGINT_MAX, -3, 1.5e308, -2.25, Decimal("9999.99"), Decimal("-7.10"), "abc", "Abc", False, False, 18262, 1_577_872_800_123, 36_000_000, b"ab", [1, 2, 3], {"X": None, "Y": None}, "g2"),
        (-INT_MAX, -13, -BIGINT_MAX, 40, -1.5e308, 3.0, Decimal("-9999.99"), Decimal("0.01"), "a%b_c", "x y", None, True, -3652, -1, 86_399_999, b"\x00\xff", [None, 5], None, "g1"),
        (None, 100, None, 99, None, 1e3, None, Decimal("12.00"), None, "zz", True, False, None, None, None, None, None, {"X": -5, "Y": ""}, "g2"),
        (1, -1, 1, 5, 0.1, 0.1, Decimal("0.10"), Decimal("0.10"), "Abc", "abc", None, True, 1, 86_400_000, 1, b"a", [7], {"X": 0, "Y": "Abc"}, None),
        (-1, 64, -1, -5, -0.1, -7.0, Decimal("-0.10"), Decimal("55.55"), " a ", "Ünï", False, True, 365, 1, 61_000, b"b", [-1, -2], {"X": 9, "Y": None}, "g3"),
        (42, 42, 4_294_967_296, 42, 42.0, 42.0, Decimal("42.00"), Decimal("42.00"), "42", "%", True, True, 11016, 951_782_400_000, 43_200_000, b"ab", [42, 42], {"X": 42, "Y": "42"}, "g2"),
        (7, 3, 9_007_199_254_740_993, 0, 1e-300, 1.0, Decimal("7.00"), Decimal("-0.05"), "ß", "B", None, False, 0, None, None, b"\xff", [0], None, None),
    ]
]  # fmt: skip

_EPOCH = date(1970, 1, 1)


def as_date(days: int | None) -> date | None:
    """A DATE as the oracles' clients hold it."""
    return None if days is None else _EPOCH + timedelta(days=days)


def as_datetime(milliseconds: int | None) -> datetime | None:
    """A TIMESTAMP as the oracles' clients hold it."""
    return None if milliseconds is None else datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)


def as_time(milliseconds: int | None) -> time | None:
    """A TIME as the oracles' clients hold it."""
    return None if milliseconds is None else (datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)).time()
