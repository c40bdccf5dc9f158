"""Texts become statements at `;`, and nowhere else."""

import pytest

from headrace.parser import is_complete, split


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" ;; -- nothing", []),
        ("a; b", ["a", "b"]),
        ("a ';' `;` \";\" /* ; */ b; -- c;\nd;", ["a ';' `;` \";\" /* ; */ b", "d"]),
        ("--@test: a; b\nc;", ["c"]),
        ("a 'open; b;", ["a 'open; b;"]),
        ("a # b; c;", ["a # b", "c"]),
    ],
    ids=["empty", "blank", "two", "quoted", "directive", "open quote", "odd character"],
)
def test_split(text: str, expected: list[str]) -> None:
    assert [fragment.text for fragment in split(text)] == expected


def test_fragments_know_their_place() -> None:
    first, second = split("a;\n  'x\ny' b")

    assert (first.span.line, first.span.column, first.is_terminated) == (1, 1, True)
    assert (second.span.line, second.span.column, second.is_terminated) == (2, 3, False)
    assert (second.end.line, second.end.column) == (3, 5)


@pytest.mark.parametrize(
    ("text", "complete"),
    [("", True), ("a;", True), ("a; -- b", True), ("a; b", False), ("'a;", False), ("/* a;", False), ("a", False)],
)
def test_is_complete(text: str, complete: bool) -> None:
    assert is_complete(text) is complete
