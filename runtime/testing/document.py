"""JSON documents whose number literals keep their text.

The law: `write(read(text))` has the same numbers, digit by digit, as `text`: `10`, `10.0` and `10.00` are three values.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal


class Number(str):
    """A number literal as it was written."""

    __slots__ = ()

    @property
    def is_integer(self) -> bool:
        """Whether the literal has neither fraction nor exponent."""
        return not any(mark in self for mark in ".eE")

    @property
    def decimal(self) -> Decimal:
        """The exact value, with the scale of the literal."""
        return Decimal(str(self))

    def __repr__(self) -> str:
        return str(self)


Document = Number | str | bool | None | Sequence["Document"] | Mapping[str, "Document"]
"""A JSON value. Test for `Number` before `str`."""

_WORDS = {"NaN": "NaN", "Infinity": "Infinity", "-Infinity": "-Infinity"}


def read(text: str | bytes) -> Document:
    """Parse JSON; raises ValueError where it is none."""
    document: Document = json.loads(text, parse_int=Number, parse_float=Number, parse_constant=_constant)
    return document


def write(document: Document) -> str:
    """The compact JSON text of a document."""
    match document:
        case None:
            return "null"
        case bool():
            return "true" if document else "false"
        case Number():
            return str(document)
        case str():
            return json.dumps(document, ensure_ascii=False)
        case Mapping():
            inner = (f"{json.dumps(name, ensure_ascii=False)}:{write(item)}" for name, item in document.items())
            return "{" + ",".join(inner) + "}"
        case _:
            return "[" + ",".join(write(item) for item in document) + "]"


def _constant(word: str) -> Number:
    return Number(_WORDS[word])
