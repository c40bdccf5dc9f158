"""What expressions give, what is NULL, what is reported."""

import math
from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest

MAX, MIN = 2**31 - 1, -(2**31)


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("I + 1", {"I": MAX}, MIN),
        ("I - 1", {"I": MIN}, MAX),
        ("I * I", {"I": 65536}, 0),
        ("-I", {"I": MIN}, MIN),
        ("L + 1", {"L": 2**63 - 1}, -(2**63)),
        ("I + 1 + L", {"I": MAX, "L": 0}, MIN),
        ("I / 2", {"I": -7}, -3),
        ("I / -2", {"I": 7}, -3),
        ("I / I", {"I": MIN}, 1),
        ("I % 3", {"I": -7}, -1),
        ("6 % 4 / 2 * 6", {}, 6),
        ("L / I", {"L": -(2**63), "I": -1}, -(2**63)),
        ("D / 0", {"D": -1.0}, -math.inf),
        ("1 / D", {"D": -0.0}, -math.inf),
        ("L * 9.08E-1", {"L": 10}, 9.08),
        ("DEC * L", {"DEC": D("1.50"), "L": 3}, D("4.50")),
        ("DEC / 4", {"DEC": D("1.00")}, D("0.2500000000000")),
        ("DEC % 0.3", {"DEC": D("-1.00")}, D("-0.10")),
        ("DEC + D", {"DEC": D("10.01"), "D": 5.1}, 15.11),
        ("-DEC", {"DEC": D("1.50")}, D("-1.50")),
        ("S + 'x'", {}, "nullx"),
        ("S + T", {"S": "a", "T": "b"}, "ab"),
        ("S || 'x' || T", {"T": "t"}, "xt"),
        ("UCASE(S) || 'x'", {"S": "a"}, "Ax"),
        ("ST->G->X", {"ST": {"F": 1, "G": {"X": "x"}}}, "x"),
        ("ST->G->X", {"ST": {"F": 1, "G": None}}, None),
        ("ST->G->X", {}, None),
        ("ARR[1]", {"ARR": [5, 6]}, 5),
        ("ARR[-1]", {"ARR": [5, 6]}, 6),
        ("ARR[3]", {"ARR": [5, 6]}, None),
        ("ARR[0]", {"ARR": [5, 6]}, None),
        ("ARR[I]", {"ARR": [5, 6], "I": -2}, 5),
        ("ARR[I]", {"ARR": [5, 6], "I": -3}, None),
        ("M['a']", {"M": {"a": 1}}, 1),
        ("M[S]", {"M": {"a": 1}, "S": "b"}, None),
        ("ARRAY[I, NULL, '3']", {"I": 1}, [1, None, 3]),
        ("MAP('a' := I, NULL := 2)", {"I": 1}, {"a": 1, "null": 2}),
        ("STRUCT(a := I, b := S)", {"I": 1}, {"A": 1, "B": None}),
        ("CASE WHEN I > 1 THEN 'x' WHEN I > 0 THEN 'y' ELSE S END", {"I": 1}, "y"),
        ("CASE WHEN I > 1 THEN 'x' END", {}, None),
        ("CAST(S AS INT)", {"S": " 12 "}, 12),
        ("CAST(CAST(I AS STRING) AS BIGINT) + 1", {"I": 4}, 5),
        ("CAST(L AS INT)", {"L": 2**32 + 1}, 1),
        ("CAST(ARR AS STRING)", {"ARR": [1, None]}, "[1, null]"),
        ("IFNULL(I, 7)", {}, 7),
        ("COALESCE(S, T, 'z')", {}, "z"),
        ("ABS(I)", {}, None),
        ("TRANSFORM(ARR, x => x * 2 + I)", {"ARR": [1, 2], "I": 1}, [3, 5]),
        ("TRANSFORM(ARR, x => IFNULL(CAST(CAST(x AS STRING) AS INT), 0))", {"ARR": [1, None]}, [1, 0]),
        ("TRANSFORM(ARR, x => REDUCE(ARR, I, (p, q) => p + q * x))", {"ARR": [1, 2], "I": 10}, [13, 16]),
        (
            "TRANSFORM(ARR, x => TRANSFORM(ARR, y => CASE WHEN y > x THEN I ELSE x END))",
            {"ARR": [1, 2], "I": 9},
            [[1, 9], [2, 2]],
        ),
        ("FILTER(M, (k, v) => LEN(k) > 1 AND v < I)", {"M": {"aa": 1, "b": 1, "cc": 9}, "I": 5}, {"aa": 1}),
        ("UCASE('abc')", {}, "ABC"),
    ],
)
def test_value(compute: Callable[..., Any], text: str, row: dict[str, object], expected: object) -> None:
    found = compute(text, **row)
    assert found.value == expected
    assert str(found.value) == str(expected)
    assert found.reports == 0


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("I = 1", {}, False),
        ("I <> 1", {}, False),
        ("I <> L", {"L": 1}, False),
        ("I = L", {}, False),
        ("NOT (I = 1)", {}, True),
        ("I IS DISTINCT FROM L", {"L": 1}, True),
        ("I IS NOT DISTINCT FROM L", {}, True),
        ("I IS NULL AND S IS NOT NULL", {"S": ""}, True),
        ("I BETWEEN 1 AND 3", {"I": 3}, True),
        ("I BETWEEN 1 AND 3", {}, False),
        ("I NOT BETWEEN 1 AND 3", {}, True),
        ("D BETWEEN 0.1 AND DEC", {"D": 0.1, "DEC": D("0.10")}, True),
        ("S BETWEEN T AND 'z'", {"S": "b", "T": "a"}, True),
        ("DEC = D", {"DEC": D("1.10"), "D": 1.1}, True),
        ("D > 0.1", {"D": 0.1}, False),
        ("L = D", {"L": 2**53 + 1, "D": 2.0**53}, True),
        ("L > 908.5", {"L": 909}, True),
        ("DEC < 0.08 AND DEC > -0.08", {"DEC": D("0.05")}, True),
        ("S < T", {"S": "\U0001f600", "T": "\uffff"}, True),
        ("TS > '2020-01-01'", {"TS": 1577836800001}, True),
        ("TS = S", {"TS": 0, "S": "1970-01-01"}, True),
        ("DA <= TS", {"DA": 1, "TS": 86_400_000}, True),
        ("ARR = ARRAY[1, 2]", {"ARR": [1, 2]}, True),
        ("ST = STRUCT(F := 1)", {"ST": {"F": 1, "G": None}}, False),
        ("I IN (1, 2.0, '3.00', NULL)", {"I": 3}, True),
        ("I IN (1, 2)", {}, False),
        ("I NOT IN (1, 2)", {}, True),
        ("I IN (L, L * 2)", {"I": 4, "L": 2}, True),
        ("S IN (TRUE, 10, 10.30)", {"S": "10.30"}, True),
        ("ARR IN (ARRAY['3', NULL])", {"ARR": [3, None]}, True),
        ("ARR IN (ARRAY[I])", {"ARR": [3], "I": 3}, True),
        ("S LIKE '%foo%'", {"S": "barfoobaz"}, True),
        ("S LIKE 'a_c'", {"S": "abc"}, True),
        ("S LIKE 'a%'", {"S": "a\nb"}, False),
        ("S LIKE '%b%'", {"S": "a\nb"}, False),
        ("S LIKE 'a!%' ESCAPE '!'", {"S": "a%"}, True),
        ("S LIKE 'a.c'", {"S": "abc"}, False),
        ("S LIKE T", {"S": "abc", "T": "%c"}, True),
        ("S LIKE T", {"S": "abc"}, False),
        ("B AND I / 0 = 1", {"B": False, "I": 1}, False),
        ("B OR I / 0 = 1", {"B": True, "I": 1}, True),
        ("B AND CAST(S AS INT) = 1 AND I = 2", {"B": True, "S": "1", "I": 2}, True),
        ("B OR CAST(S AS INT) = 1 OR I = 2", {"B": False, "S": "2", "I": 2}, True),
    ],
)
def test_condition(
    compute: Callable[..., Any], condition: Callable[..., Any], text: str, row: dict[str, object], expected: bool
) -> None:
    found = compute(text, **row)
    assert found.value is expected
    assert found.reports == 0
    assert bool(condition(text, **row).value) is expected


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("I + 1", {}),
        ("I + L", {"I": 1}),
        ("-D", {}),
        ("I / 0", {"I": 1}),
        ("I % L", {"I": 1, "L": 0}),
        ("DEC / 3", {"DEC": D("1.00")}),
        ("NOT B", {}),
        ("B AND TRUE", {}),
        ("CASE WHEN B THEN 1 END", {}),
        ("ARR[I] + 1", {"ARR": []}),
        ("IFNULL(I, 1) + L", {}),
        ("S LIKE T ESCAPE '!'", {"S": "a", "T": "a!"}),
        ("CAST(S AS INT)", {"S": "x"}),
        ("TRANSFORM(ARR, x => x + 1)", {"ARR": [1, None]}),
        ("DEC = D", {"DEC": D("1.00"), "D": math.nan}),
        ("TS > S", {"TS": 1, "S": "x"}),
    ],
)
def test_failures_are_null_and_reported_once(
    compute: Callable[..., Any], condition: Callable[..., Any], text: str, row: dict[str, object]
) -> None:
    found = compute(text, **row)
    assert found.value is None
    assert found.reports == 1
    assert not condition(text, **row).value


@pytest.mark.parametrize(
    ("text", "row", "expected"),
    [
        ("IFNULL(CAST(S AS INT), 7) + 1", {"S": "x"}, 8),
        ("IFNULL(ABS(I + 1), 7)", {}, 7),
        ("CASE WHEN CAST(S AS INT) = 1 THEN 'one' ELSE 'other' END", {"S": "x"}, "other"),
        ("ARRAY[CAST(S AS INT), 1]", {"S": "x"}, [None, 1]),
        ("CAST(S AS INT) IS NULL", {"S": "x"}, True),
    ],
)
def test_calls_and_casts_contain_their_errors(
    compute: Callable[..., Any], text: str, row: dict[str, object], expected: object
) -> None:
    found = compute(text, **row)
    assert found.value == expected
    assert found.reports == 1
