"""The 40 most used functions and operators by hand: for each, the Python that someone would write for it who knows what it means.

`python` computes over the variables of the columns that the SQL reads, NULL included; INTEGER results wrap at 32 bits, as in
Java. What the standard library has is used as it is.
"""

import hashlib
import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """An expression in SQL and in Python; columns are i j (INT), l (BIGINT), d e (DOUBLE), p (DECIMAL), s u js (STRING), …"""

    sql: str
    python: str


def wrapped(value: int) -> int:
    """The low 32 bits as a signed number."""
    return (value + 2**31) % 2**32 - 2**31


def divided(left: int, right: int) -> int:
    """Division toward zero."""
    quotient = left // right
    return quotient if quotient >= 0 or quotient * right == left else quotient + 1


def remainder(left: int, right: int) -> int:
    """What division toward zero leaves."""
    return left - divided(left, right) * right


def rounded(value: float, digits: int) -> float:
    """Rounded half up."""
    scale = 10.0**digits
    return math.floor(value * scale + 0.5) / scale


def md5(text: str) -> str:
    """The digest in hexadecimal."""
    return hashlib.md5(text.encode()).hexdigest()


def by_zero(left: float, right: float) -> float:
    """What IEEE 754 says where Python raises."""
    return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1.0, right)


def whole(text: str) -> int | None:
    """The number in a text, or nothing."""
    try:
        value = int(text.strip())
    except ValueError:
        return None
    return value if -(2**31) <= value < 2**31 else None


def json_field(text: str, name: str) -> str | None:
    """A field of a JSON object, as text."""
    try:
        value = json.loads(text).get(name)
    except ValueError:
        return None
    return value if value is None or isinstance(value, str) else json.dumps(value)


def host(url: str) -> str | None:
    """The host of a URL."""
    return urlsplit(url).hostname


def parsed(text: str) -> int | None:
    """Milliseconds of a time in text."""
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int((moment - EPOCH) / timedelta(milliseconds=1))


def formatted(milliseconds: int) -> str:
    """A time as text."""
    return (EPOCH + timedelta(milliseconds=milliseconds)).strftime("%Y-%m-%d %H:%M:%S")


def extracted(pattern: "re.Pattern[str]", text: str) -> str | None:
    """The first match of a pattern."""
    found = pattern.search(text)
    return found.group(1) if found else None


DIGITS = re.compile("-(\\d+)")
NAMES = dict(globals())
"""What `python` may use."""

CASES = (
    Case(
        "i + j", "None if i is None or j is None else i + j if -2147483648 <= i + j <= 2147483647 else wrapped(i + j)"
    ),
    Case("i - 1", "None if i is None else i - 1 if i > -2147483648 else wrapped(i - 1)"),
    Case("d * 9.08E-1", "None if d is None else d * 0.908"),
    Case("d / e", "None if d is None or e is None else d / e if e else by_zero(d, e)"),
    Case("i / 7", "None if i is None else divided(i, 7)"),
    Case("i % 7", "None if i is None else remainder(i, 7)"),
    Case("p + p", "None if p is None else p + p"),
    Case("i > 1000", "i is not None and i > 1000"),
    Case("i = j", "i is not None and j is not None and i == j"),
    Case("s = 'channel-7'", "s == 'channel-7'"),
    Case("i BETWEEN 10 AND 5000", "i is not None and 10 <= i <= 5000"),
    Case("s IN ('Google', 'Apple', 'Baidu')", "s in ('Google', 'Apple', 'Baidu')"),
    Case("s LIKE '%nel-%'", "s is not None and 'nel-' in s"),
    Case("i > 10 AND d < 1.0E6 OR s = 'x'", "i is not None and i > 10 and d is not None and d < 1e6 or s == 'x'"),
    Case("i IS NULL", "i is None"),
    Case("NOT (i = j)", "not (i is not None and j is not None and i == j)"),
    Case(
        "CASE WHEN i < 100 THEN 'low' WHEN i < 10000 THEN 'mid' ELSE 'high' END",
        "'low' if i is not None and i < 100 else 'mid' if i is not None and i < 10000 else 'high'",
    ),
    Case("CAST(i AS STRING)", "None if i is None else str(i)"),
    Case("CAST(i AS DOUBLE)", "None if i is None else float(i)"),
    Case("CAST(n AS INT)", "None if n is None else whole(n)"),
    Case("COALESCE(i, j, 0)", "i if i is not None else j if j is not None else 0"),
    Case("IFNULL(s, '?')", "'?' if s is None else s"),
    Case("UCASE(s)", "None if s is None else s.upper()"),
    Case("LCASE(s)", "None if s is None else s.lower()"),
    Case("TRIM(s)", "None if s is None else s.strip()"),
    Case("LEN(s)", "None if s is None else len(s) if s.isascii() else len(s.encode('utf-16-le')) // 2"),
    Case("SUBSTRING(s, 2, 4)", "None if s is None else s[1:5]"),
    Case("s || '-' || n", "('' if s is None else s) + '-' + ('' if n is None else n)"),
    Case("REPLACE(s, 'a', 'b')", "None if s is None else s.replace('a', 'b')"),
    Case("SPLIT(s, '-')", "None if s is None else s.split('-')"),
    Case("INSTR(s, 'n')", "0 if s is None else s.find('n') + 1"),
    Case("ABS(i)", "None if i is None else abs(i) if i != -2147483648 else i"),
    Case("ROUND(d, 2)", "None if d is None else rounded(d, 2)"),
    Case("GREATEST(i, j)", "i if j is None else j if i is None else max(i, j)"),
    Case("a[1]", "None if not a else a[0]"),
    Case("ARRAY_CONTAINS(a, 3)", "a is not None and 3 in a"),
    Case("m['k']", "None if m is None else m.get('k')"),
    Case("st->x", "None if st is None else st['X']"),
    Case("TRANSFORM(a, v => v * 2)", "None if a is None else [None if v is None else v * 2 for v in a]"),
    Case("EXTRACTJSONFIELD(js, '$.name')", "None if js is None else json_field(js, 'name')"),
    Case("REGEXP_EXTRACT('-(\\d+)', s, 1)", "None if s is None else extracted(DIGITS, s)"),
    Case("URL_EXTRACT_HOST(u)", "None if u is None else host(u)"),
    Case("FORMAT_TIMESTAMP(ts, 'yyyy-MM-dd HH:mm:ss')", "None if ts is None else formatted(ts)"),
    Case("PARSE_TIMESTAMP(t, 'yyyy-MM-dd HH:mm:ss')", "None if t is None else parsed(t)"),
    Case("UNIX_TIMESTAMP(ts)", "ts"),
    Case("MD5(s)", "None if s is None else md5(s)"),
)
