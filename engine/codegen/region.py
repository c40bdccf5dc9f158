"""Statements under construction, and values in them.

A `Value` is Python text that computes something, not yet evaluated; a `Region` is the list of statements that must run
before it. Regions are put together from the inside out and written to `Code` once, so that a lazy or guarded part can be
wrapped after it is known what it needs.

The law: the text of a value is evaluated at most once, unless it is an atom; statements keep their order.
"""

from dataclasses import dataclass, field

from headrace.engine.codegen.source import Code


@dataclass(frozen=True, slots=True)
class Value:
    """Text of an expression; `atom` texts (variables, constants) may be repeated. `raises`: evaluating it may."""

    text: str
    nullable: bool = True
    raises: bool = False
    atom: bool = False
    nesting: int = 0
    """How deep parentheses go in the text."""


@dataclass(slots=True)
class Region:
    """Statements in order: lines, and heads with the region inside them."""

    parts: "list[str | tuple[str, Region]]" = field(default_factory=list)
    raises: bool = False
    height: int = 0
    """How deep blocks go."""

    def line(self, text: str, *, raises: bool = False) -> None:
        """Add a line."""
        self.parts.append(text)
        self.raises = self.raises or raises

    def block(self, head: str, inner: "Region", *, catches: bool = False) -> None:
        """Add statements under a head; `catches` says that what they raise does not get out."""
        self.parts.append((head, inner))
        self.raises = self.raises or (inner.raises and not catches)
        self.height = max(self.height, inner.height + 1)

    def extend(self, other: "Region") -> None:
        """Add the statements of another region."""
        self.parts += other.parts
        self.raises = self.raises or other.raises
        self.height = max(self.height, other.height)

    def write(self, code: Code) -> None:
        """Write the statements."""
        for part in self.parts:
            if isinstance(part, str):
                code.line(part)
            else:
                with code.block(part[0]):
                    part[1].write(code)

    @property
    def is_empty(self) -> bool:
        """Whether there are no statements."""
        return not self.parts


def lines(*texts: str) -> Region:
    """A region of plain lines."""
    return Region(list(texts))


def bare(text: str) -> str:
    """The text without parentheses around the whole of it."""
    if not text.startswith("(") or not text.endswith(")"):
        return text
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and position < len(text) - 1:
            return text
    return text[1:-1]


def nested(text: str, *parts: Value, nullable: bool = False, raises: bool = False) -> Value:
    """The value of a text made of other values."""
    return Value(
        text, nullable, raises or any(p.raises for p in parts), nesting=1 + max((p.nesting for p in parts), default=0)
    )
