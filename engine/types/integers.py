"""INTEGER and BIGINT as Java computes with them: they wrap around, and division truncates toward zero."""

INTEGER_MIN, INTEGER_MAX = -(2**31), 2**31 - 1
BIGINT_MIN, BIGINT_MAX = -(2**63), 2**63 - 1


def wrap_integer(value: int) -> int:
    """The low 32 bits of a number, signed."""
    return ((value + 2**31) & 0xFFFFFFFF) - 2**31


def wrap_bigint(value: int) -> int:
    """The low 64 bits of a number, signed."""
    return ((value + 2**63) & 0xFFFFFFFFFFFFFFFF) - 2**63


def divide_integer(left: int, right: int) -> int:
    """INTEGER division toward zero; raises ZeroDivisionError."""
    quotient = left // right if (left < 0) == (right < 0) else -(-left // right)
    return quotient if quotient <= INTEGER_MAX else INTEGER_MIN


def divide_bigint(left: int, right: int) -> int:
    """BIGINT division toward zero; raises ZeroDivisionError."""
    quotient = left // right if (left < 0) == (right < 0) else -(-left // right)
    return quotient if quotient <= BIGINT_MAX else BIGINT_MIN


def remainder(left: int, right: int) -> int:
    """The remainder with the sign of `left`; raises ZeroDivisionError."""
    found = abs(left) % abs(right)
    return found if left >= 0 else -found


def saturate_integer(value: float) -> int:
    """DOUBLE to INTEGER: truncated, kept in range, NaN becomes 0."""
    return _saturate(value, INTEGER_MIN, INTEGER_MAX)


def saturate_bigint(value: float) -> int:
    """DOUBLE to BIGINT: truncated, kept in range, NaN becomes 0."""
    return _saturate(value, BIGINT_MIN, BIGINT_MAX)


def _saturate(value: float, low: int, high: int) -> int:
    if value != value:
        return 0
    if value >= high:
        return high
    return low if value <= low else int(value)
