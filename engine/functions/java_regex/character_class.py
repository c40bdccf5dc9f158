"""Character classes of Java patterns: named ones (`\\p{Alpha}`), nested ones and intersections (`[a-z&&[^aeiou]]`).

A class becomes the inside of a Python class where it can; intersections become look-aheads.
"""

import sys
import unicodedata
from functools import cache

POSIX = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/:-@\[-`{-~",
    "Graph": "!-~",
    "Print": " -~",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": r" \t\n\x0b\f\r",
}
"""Java's names for ASCII classes."""

SHORTHANDS = {
    "h": r" \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000",
    "v": r"\n\x0b\f\r\x85\u2028\u2029",
}
"""Shorthand classes that Python lacks."""

_BINARY = {
    "alphabetic": "L",
    "letter": "L",
    "digit": "Nd",
    "uppercase": "Lu",
    "lowercase": "Ll",
    "titlecase": "Lt",
    "punctuation": "P",
    "control": "Cc",
    "white_space": "Z",
}

_BLOCKS_AND_SCRIPTS = {
    "latin": r"a-zA-Z\xaa\xba\xc0-\xd6\xd8-\xf6\xf8-\u02b8\u1e00-\u1eff",
    "greek": r"\u0370-\u03ff\u1f00-\u1fff",
    "cyrillic": r"\u0400-\u052f",
    "hebrew": r"\u0590-\u05ff",
    "arabic": r"\u0600-\u06ff\u0750-\u077f",
    "han": r"\u2e80-\u2fdf\u3005\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "hiragana": r"\u3041-\u309f",
    "katakana": r"\u30a0-\u30ff",
    "hangul": r"\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
}


def named_class(name: str) -> str | None:
    """The members of `\\p{name}` as the inside of a Python class, or None for a name that we do not know."""
    if name in POSIX:
        return POSIX[name]
    bare = name.removeprefix("Is").removeprefix("java")
    for prefix in ("general_category=", "gc=", "script=", "sc=", "In", "block=", "blk="):
        bare = bare.removeprefix(prefix)
    lower = bare.lower()
    if lower in _BLOCKS_AND_SCRIPTS:
        return _BLOCKS_AND_SCRIPTS[lower]
    category = _BINARY.get(lower, bare if 1 <= len(bare) <= 2 else "")
    return _category_ranges(category) or None


@cache
def _category_ranges(category: str) -> str:
    """The characters of a Unicode general category as ranges."""
    if not category:
        return ""
    ranges: list[str] = []
    start: int | None = None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and unicodedata.category(chr(code)).startswith(category)
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            ranges.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = None
    return "".join(ranges)
