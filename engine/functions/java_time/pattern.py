"""Reading a pattern such as `yyyy-MM-dd'T'HH:mm:ss[.SSS]XXX` into its elements.

The law: letters are fields, text in single quotes and other characters stand for themselves, two quotes are one quote,
brackets enclose what may be missing when text is parsed.
"""

from dataclasses import dataclass

from headrace.engine.functions.errors import FunctionError

LETTERS = frozenset("GuyDMLdQqYwWEecFaBhKkHmsSAnNVvzOXxZp")
"""The letters that Java knows."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that stands for itself."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A letter and how often it stands there; `pad` is the width that a `p` before it asks for."""

    letter: str
    count: int
    pad: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """An optional section."""

    elements: tuple["Element", ...]


Element = Literal | Field | Section


def read_pattern(pattern: str) -> tuple[Element, ...]:
    """The elements of a pattern; raises FunctionError."""
    open_sections: list[list[Element]] = [[]]
    position, pad = 0, 0
    while position < len(pattern):
        character = pattern[position]
        if character.isascii() and character.isalpha():
            end = position + 1
            while end < len(pattern) and pattern[end] == character:
                end += 1
            if character not in LETTERS:
                raise FunctionError(
                    f'pattern "{pattern}" has the unknown letter "{character}"; put text in single quotes'
                )
            if character == "p":
                pad = end - position
            else:
                open_sections[-1].append(Field(character, end - position, pad))
                pad = 0
            position = end
        elif character == "'":
            text, position = _quoted(pattern, position)
            open_sections[-1].append(Literal(text))
        elif character == "[":
            open_sections.append([])
            position += 1
        elif character == "]":
            if len(open_sections) == 1:
                raise FunctionError(f'pattern "{pattern}" closes a section that it does not open')
            section = Section(tuple(open_sections.pop()))
            open_sections[-1].append(section)
            position += 1
        elif character in "{}#":
            raise FunctionError(f'pattern "{pattern}" has the reserved character "{character}"')
        else:
            open_sections[-1].append(Literal(character))
            position += 1
    while len(open_sections) > 1:
        section = Section(tuple(open_sections.pop()))
        open_sections[-1].append(section)
    return tuple(open_sections[0])


def letters(elements: tuple[Element, ...]) -> frozenset[str]:
    """All letters of a pattern."""
    found: set[str] = set()
    for element in elements:
        match element:
            case Field(letter):
                found.add(letter)
            case Section(inner):
                found |= letters(inner)
            case Literal():
                pass
    return frozenset(found)


def _quoted(pattern: str, start: int) -> tuple[str, int]:
    if pattern[start : start + 2] == "''":
        return "'", start + 2
    text, position = "", start + 1
    while position < len(pattern):
        if pattern[position] != "'":
            text += pattern[position]
            position += 1
        elif pattern[position : position + 2] == "''":
            text += "'"
            position += 2
        else:
            return text, position + 1
    raise FunctionError(f'pattern "{pattern}" has a quote that is not closed')
