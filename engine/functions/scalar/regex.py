"""REGEXP_* functions: Java's regular expressions; patterns that could run away get short texts only."""

import re

from headrace.engine.functions.definition import Family
from headrace.engine.functions.java_regex.matcher import matcher, template

family = Family("REGULAR EXPRESSION")


@family.scalar(
    "REGEXP_EXTRACT(pattern STRING, input STRING[, group INT]) -> STRING",
    examples=(("REGEXP_EXTRACT('(.*) (.*)', 'hello there', 2)", "there"), ("REGEXP_EXTRACT('x', 'abc')", "NULL")),
)
def regexp_extract(pattern: str, text: str, group: int = 0) -> str | None:
    """Returns the first match of a pattern in a text, or a group of it."""
    found = matcher(pattern).on(text).search(text)
    if found is None or not 0 <= group <= found.re.groups:
        return None
    return found[group]


@family.scalar(
    "REGEXP_EXTRACT_ALL(pattern STRING, input STRING[, group INT]) -> ARRAY<STRING>",
    examples=(("ARRAY_JOIN(REGEXP_EXTRACT_ALL('a.', 'abcab'), '|')", "ab|ab"),),
)
def regexp_extract_all(pattern: str, text: str, group: int = 0) -> list[str | None] | None:
    """Returns all matches of a pattern in a text, or a group of each."""
    compiled = matcher(pattern).on(text)
    return [found[group] for found in compiled.finditer(text)] if 0 <= group <= compiled.groups else None


@family.scalar(
    "REGEXP_REPLACE(str STRING, regexp STRING, newStr STRING) -> STRING",
    examples=(("REGEXP_REPLACE('foobar', '(fo+)b', '$1-')", "foo-ar"),),
)
def regexp_replace(text: str, pattern: str, replacement: str) -> str:
    """Returns the text with every match of a pattern replaced; `$1` stands for the first group."""
    compiled = matcher(pattern).on(text)
    parts = template(replacement, compiled.groups)

    def replaced(found: re.Match[str]) -> str:
        return "".join([part if isinstance(part, str) else found[part] or "" for part in parts])

    return compiled.sub(replaced, text)


@family.scalar(
    "REGEXP_SPLIT_TO_ARRAY(string STRING, regexp STRING) -> ARRAY<STRING>",
    examples=(("ARRAY_JOIN(REGEXP_SPLIT_TO_ARRAY('aabcda', '(ab|cd)'), '|')", "a||a"),),
)
def regexp_split_to_array(text: str, pattern: str) -> list[str]:
    """Splits a text at every match of a pattern."""
    compiled = matcher(pattern).on(text)
    pieces: list[str] = []
    start = 0
    for found in compiled.finditer(text):
        is_empty_at_edge = found.start() == found.end() and found.start() in (0, len(text))
        if not is_empty_at_edge:
            pieces.append(text[start : found.start()])
            start = found.end()
    return [*pieces, text[start:]]
