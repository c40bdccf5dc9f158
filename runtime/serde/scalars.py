"""Text to values, as Java parses it: what a lenient JSON field and a DELIMITED field have in common.

The law: ValueError for what is not a value of the type, never another exception; time and memory stay bounded by the
length of the text (no 10 ** 999999999).
"""

import binascii
import decimal
import re
from collections.abc import Callable
from functools import cache

from headrace.engine.types.doubles import parse_double

INT_MIN, INT_MAX = -(2**31), 2**31 - 1
LONG_MIN, LONG_MAX = -(2**63), 2**63 - 1
DAY_MS = 86_400_000

_MAX_WHOLE_DIGITS = 400
"""More digits than any double has; beyond it a whole number is refused rather than built."""

_whole = re.compile(r"[+-]?\d{1,400}").fullmatch
_BLANKS = "".join(map(chr, range(33)))
_base64 = re.compile(r"[A-Za-z0-9+/]*={0,2}").fullmatch


def integer(text: str, low: int = INT_MIN, high: int = INT_MAX) -> int:
    """A whole number within a range."""
    if _whole(text) is None:
        raise ValueError("not a whole number")
    number = int(text)
    if not low <= number <= high:
        raise ValueError(f"not in the range {low} to {high}")
    return number


def long(text: str) -> int:
    """A 64-bit whole number."""
    return integer(text, LONG_MIN, LONG_MAX)


def time_of_day(text: str) -> int:
    """Milliseconds of a day."""
    return integer(text, 0, DAY_MS - 1)


def double(text: str) -> float:
    """A double as Java's parseDouble reads it, blanks around it allowed; too large ones become infinite."""
    try:
        return parse_double(text.strip(_BLANKS))
    except ValueError:
        raise ValueError("not a number") from None


def truncated(text: str, bits: int) -> int:
    """A JSON number as Java narrows it to `bits` bits: fraction cut off, low-order bits kept."""
    number = decimal.Decimal(text)
    if number.adjusted() >= _MAX_WHOLE_DIGITS:
        raise ValueError("out of range")
    half = 1 << (bits - 1)
    return (int(number) + half) % (2 * half) - half


@cache
def decimal_fit(precision: int, scale: int) -> Callable[[decimal.Decimal], decimal.Decimal]:
    """What gives a decimal exactly `scale` fraction digits; ValueError where digits would be lost or do not fit."""
    unit = decimal.Decimal((0, (1,), -scale))
    context = decimal.Context(prec=precision, traps=[decimal.Inexact, decimal.InvalidOperation])

    def fit(number: decimal.Decimal) -> decimal.Decimal:
        if number != number:  # quantize lets NaN pass
            raise ValueError("not a number")
        try:
            fitted = number.quantize(unit, None, context)
        except ArithmeticError:
            raise ValueError(f"does not fit DECIMAL({precision}, {scale})") from None
        return fitted or fitted.copy_abs()  # Java's decimals know no negative zero

    return fit


def decimal_number(text: str) -> decimal.Decimal:
    """A decimal with the digits of the text."""
    try:
        number = decimal.Decimal(text)
    except ArithmeticError:
        raise ValueError("not a number") from None
    if not number.is_finite():
        raise ValueError("not a number")
    return number


def base64_bytes(text: str) -> bytes:
    """Base64, with or without padding."""
    if _base64(text) is None:
        raise ValueError("not Base64")
    if "=" not in text:
        text += "=" * (-len(text) % 4)
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error:
        raise ValueError("not Base64") from None
