"""Functions of real numbers, as Java's `Math` computes them: out of range gives NaN or infinity, never an error."""

import math

from headrace.engine.functions.definition import Call, Family
from headrace.engine.functions.errors import FunctionError

family = Family("MATHEMATICAL")

EARTH_RADIUS = {
    **dict.fromkeys(("km", "kilometer", "kilometers", "kilometre", "kilometres"), 6371.0),
    **dict.fromkeys(("mi", "mile", "miles"), 3959.0),
}
"""Earth's radius by the unit's name in lower case."""


@family.scalar("ACOS(value N) -> DOUBLE", can_fail=False, examples=(("ACOS(1)", "0.0"), ("ACOS(2)", "NaN")))
def acos(value: float) -> float:
    """Returns the inverse (arc) cosine of a value, in radians; NaN outside -1 to 1."""
    return math.acos(value) if -1 <= value <= 1 else math.nan


@family.scalar("ASIN(value N) -> DOUBLE", can_fail=False, examples=(("ASIN(0)", "0.0"), ("ASIN(2)", "NaN")))
def asin(value: float) -> float:
    """Returns the inverse (arc) sine of a value, in radians; NaN outside -1 to 1."""
    return math.asin(value) if -1 <= value <= 1 else math.nan


@family.scalar("ATAN(value N) -> DOUBLE", can_fail=False, examples=(("ATAN(0)", "0.0"),))
def atan(value: float) -> float:
    """Returns the inverse (arc) tangent of a value, in radians."""
    return math.atan(value)


@family.scalar("ATAN2(y N, x N) -> DOUBLE", can_fail=False, examples=(("ATAN2(2, 0)", "1.5707963267948966"),))
def atan2(y: float, x: float) -> float:
    """Returns the angle of the point (x, y), in radians."""
    return math.atan2(y, x)


@family.scalar("CBRT(value N) -> DOUBLE", can_fail=False, examples=(("CBRT(8)", "2.0"), ("CBRT(-8)", "-2.0")))
def cbrt(value: float) -> float:
    """Returns the cube root of a value."""
    return math.cbrt(value)


@family.scalar("COS(value N) -> DOUBLE", can_fail=False, examples=(("COS(0)", "1.0"),))
def cos(value: float) -> float:
    """Returns the cosine of an angle given in radians."""
    return math.cos(value) if math.isfinite(value) else math.nan


@family.scalar("SIN(value N) -> DOUBLE", can_fail=False, examples=(("SIN(0)", "0.0"),))
def sin(value: float) -> float:
    """Returns the sine of an angle given in radians."""
    return math.sin(value) if math.isfinite(value) else math.nan


@family.scalar("TAN(value N) -> DOUBLE", can_fail=False, examples=(("TAN(0)", "0.0"),))
def tan(value: float) -> float:
    """Returns the tangent of an angle given in radians."""
    return math.tan(value) if math.isfinite(value) else math.nan


@family.scalar("COT(value N) -> DOUBLE", can_fail=False, examples=(("COT(0)", "Infinity"),))
def cot(value: float) -> float:
    """Returns the cotangent of an angle given in radians; infinity at 0."""
    tangent = tan(value)
    return 1.0 / tangent if tangent else math.copysign(math.inf, tangent)


@family.scalar("COSH(value N) -> DOUBLE", can_fail=False, examples=(("COSH(0)", "1.0"),))
def cosh(value: float) -> float:
    """Returns the hyperbolic cosine of a value."""
    try:
        return math.cosh(value)
    except OverflowError:
        return math.inf


@family.scalar("SINH(value N) -> DOUBLE", can_fail=False, examples=(("SINH(0)", "0.0"),))
def sinh(value: float) -> float:
    """Returns the hyperbolic sine of a value."""
    try:
        return math.sinh(value)
    except OverflowError:
        return math.copysign(math.inf, value)


@family.scalar("TANH(value N) -> DOUBLE", can_fail=False, examples=(("TANH(0)", "0.0"),))
def tanh(value: float) -> float:
    """Returns the hyperbolic tangent of a value."""
    return math.tanh(value)


@family.scalar("DEGREES(value N) -> DOUBLE", can_fail=False, examples=(("DEGREES(0)", "0.0"),))
def degrees(value: float) -> float:
    """Converts an angle from radians to degrees."""
    return value * 180.0 / math.pi


@family.scalar("RADIANS(value N) -> DOUBLE", can_fail=False, examples=(("RADIANS(180)", "3.141592653589793"),))
def radians(value: float) -> float:
    """Converts an angle from degrees to radians."""
    return value / 180.0 * math.pi


@family.scalar("EXP(value N) -> DOUBLE", can_fail=False, examples=(("EXP(0)", "1.0"), ("EXP(1000)", "Infinity")))
def exp(value: float) -> float:
    """Returns Euler's number raised to the power of a value."""
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


@family.scalar(
    "LN(value N) -> DOUBLE", can_fail=False, examples=(("LN(1)", "0.0"), ("LN(0)", "-Infinity"), ("LN(-1)", "NaN"))
)
def ln(value: float) -> float:
    """Returns the natural logarithm of a value."""
    if value > 0:
        return math.log(value)
    return -math.inf if value == 0 else math.nan


@family.scalar(
    "LOG(value N) -> DOUBLE",
    "LOG(base N, value N) -> DOUBLE",
    can_fail=False,
    examples=(("LOG(1)", "0.0"), ("LOG(15, 13)", "0.9471572411831843"), ("LOG(1, 13)", "NaN")),
)
def log(base: float, value: float | None = None) -> float:
    """Returns the natural logarithm of a value, or its logarithm to a base.

    ksqlDB's documentation says that one argument means base 10; its code computes the natural logarithm, and so do we.
    """
    if value is None:
        return ln(base)
    if base <= 0 or base == 1:
        return math.nan
    return ln(value) / math.log(base)


@family.scalar("PI() -> DOUBLE", can_fail=False, examples=(("PI()", "3.141592653589793"),))
def pi() -> float:
    """Returns the ratio of a circle's circumference to its diameter."""
    return math.pi


@family.scalar(
    "POWER(base N, exponent N) -> DOUBLE", can_fail=False, examples=(("POWER(15, -1)", "0.06666666666666667"),)
)
def power(base: float, exponent: float) -> float:
    """Returns a base raised to the power of an exponent."""
    base, exponent = float(base), float(exponent)
    if (base == 1 and math.isnan(exponent)) or (abs(base) == 1 and math.isinf(exponent)):
        return math.nan
    try:
        return math.pow(base, exponent)
    except OverflowError:
        odd = exponent % 2 == 1
        return -math.inf if base < 0 and odd else math.inf
    except ValueError:
        if base != 0:
            return math.nan
        return math.copysign(math.inf, base) if exponent % 2 == 1 else math.inf


@family.scalar("SQRT(value N) -> DOUBLE", can_fail=False, examples=(("SQRT(4)", "2.0"), ("SQRT(-1)", "NaN")))
def sqrt(value: float) -> float:
    """Returns the square root of a value; NaN for negative values."""
    return math.sqrt(value) if value >= 0 else math.nan


@family.scalar("RANDOM() -> DOUBLE", can_fail=False, deterministic=False, made=True)
def random(call: Call) -> object:
    """Returns a random number from 0 (inclusive) to 1 (exclusive)."""
    return call.clock.random


@family.scalar(
    "GEO_DISTANCE(lat1 DOUBLE, lon1 DOUBLE, lat2 DOUBLE, lon2 DOUBLE) -> DOUBLE",
    "GEO_DISTANCE(lat1 DOUBLE, lon1 DOUBLE, lat2 DOUBLE, lon2 DOUBLE, units STRING) -> DOUBLE",
    null_strict=False,
    examples=(("GEO_DISTANCE(37.4439, -122.1663, 51.5257, -0.1122, 'MI')", "5365.659729188262"),),
)
def geo_distance(
    lat1: float | None, lon1: float | None, lat2: float | None, lon2: float | None, units: str | None = None
) -> float | None:
    """Returns the great-circle distance between two points, in kilometres or in the units given ("KM", "MILES", …)."""
    if lat1 is None or lon1 is None or lat2 is None or lon2 is None:
        return None
    if not (-90 <= lat1 <= 90 and -90 <= lat2 <= 90):
        raise FunctionError(f"latitudes must be from -90 to 90, got {lat1} and {lat2}")
    if not (-180 <= lon1 <= 180 and -180 <= lon2 <= 180):
        raise FunctionError(f"longitudes must be from -180 to 180, got {lon1} and {lon2}")
    radius = EARTH_RADIUS.get("km" if units is None else units.lower())
    if radius is None:
        raise FunctionError(f'unknown unit "{units}"; use "KM" or "MILES"')
    half_latitude = math.sin(radians(lat2 - lat1) / 2)
    half_longitude = math.sin(radians(lon2 - lon1) / 2)
    chord = half_latitude * half_latitude + half_longitude * half_longitude * math.cos(radians(lat1)) * math.cos(
        radians(lat2)
    )
    return radius * (2 * math.asin(math.sqrt(chord)))
