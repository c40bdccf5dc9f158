"""DOUBLE as Java computes, prints and reads it: IEEE 754 without exceptions, `1.0E7` as text."""

import math
import re

_DOUBLE = re.compile(r"([+-]?)(?:(NaN|Infinity)|((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[fFdD]?)")


def divide_double(left: float, right: float) -> float:
    """Division that gives infinity or NaN where Python raises."""
    try:
        return left / right
    except ZeroDivisionError:
        if left == 0 or left != left:
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1.0, right)


def remainder_double(left: float, right: float) -> float:
    """The remainder with the sign of `left`; NaN where there is none."""
    try:
        return math.fmod(left, right)
    except ValueError:
        return math.nan


def double_text(value: float) -> str:
    """The text of a DOUBLE: plain from 1e-3 to 1e7, else with an exponent (`1.0E7`, `4.9E-324`)."""
    magnitude = abs(value)
    if 1e-3 <= magnitude < 1e7 or magnitude == 0:
        return repr(value)
    if value != value:
        return "NaN"
    if magnitude == math.inf:
        return "Infinity" if value > 0 else "-Infinity"
    mantissa, _, exponent = f"{value:.{_digits(value) - 1}e}".partition("e")
    if "." not in mantissa:
        # Java prints two digits at least, the two that come nearest: 4.9E-324, not 5E-324.
        mantissa, _, exponent = f"{value:.1e}".partition("e")
    return f"{mantissa}E{int(exponent)}"


def parse_double(text: str) -> float:
    """The DOUBLE that a text means to Java; raises ValueError."""
    found = _DOUBLE.fullmatch(text)
    if found is None:
        raise ValueError(f'"{text}" is not a number')
    sign, word, number = found.groups()
    value = float(number) if number else math.nan if word == "NaN" else math.inf
    return -value if sign == "-" else value


def _digits(value: float) -> int:
    mantissa = repr(value).lstrip("-").partition("e")[0]
    digits = mantissa.replace(".", "").strip("0")
    return max(len(digits), 1)
