"""The order of text: by UTF-16 code units, as Java's `String.compareTo`.

It differs from Python's order by code points only where characters beyond U+FFFF meet those from U+E000 to U+FFFF.
"""

from headrace.engine.types.sqltype import STRING, SqlType


def orders_as_text(type: SqlType) -> bool:
    """Whether values of the type need `utf16_order`."""
    return type == STRING


def utf16_order(text: str) -> bytes:
    """A key by which text sorts as in Java; comparable with every other key of this function."""
    return text.encode("utf-16-be", "surrogatepass")
