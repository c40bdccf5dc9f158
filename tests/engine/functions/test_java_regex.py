"""Java regular expressions."""

import time

import pytest

from headrace.engine.functions.errors import FunctionError
from headrace.engine.functions.java_regex.matcher import matcher, template


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"\d+", "٣ 42", "42"),
        (r"\p{Alpha}+", "1éab", "ab"),
        (r"\p{L}+", "1éab", "éab"),
        (r"\p{Lu}", "aÉ", "É"),
        (r"\P{Alpha}", "ab-", "-"),
        (r"[a-z&&[^aeiou]]+", "aeixyz", "xyz"),
        (r"[^a-c[x]]+", "abxde", "de"),
        (r"(?<year>\d{4})-\k<year>", "1999-1999", "1999-1999"),
        (r"a(?i)b|C", "aB", "aB"),
        (r"x(?i)y|z", "Z", "Z"),
        (r"\Qa.b\E+", "a.bb", "a.bb"),
        (r"a++b", "aab", "aab"),
        (r"(?s)a.b", "a\nb", "a\nb"),
        (r"\x41\u0042\x{43}", "ABC", "ABC"),
        (r"end\z", "end", "end"),
        (r"\h+\R", "a \t\r\n", " \t\r\n"),
        (r"[\w&&\D]+", "12ab", "ab"),
        (r"[]a]+", "]a", "]a"),
    ],
    ids=lambda value: ascii(value),
)
def test_a_pattern_matches_as_in_java(pattern: str, text: str, expected: str) -> None:
    found = matcher(pattern).on(text).search(text)

    assert found is not None
    assert found[0] == expected


def test_a_dot_stops_at_every_line_terminator() -> None:
    assert matcher("a.b").pattern.search("a\rb") is None
    assert matcher("a.b").pattern.search("a\u2028b") is None


@pytest.mark.parametrize("pattern", ["(", "[a", r"\y", r"\p{Nonsense}", "a{2,1}", "\\"], ids=ascii)
def test_a_bad_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(FunctionError):
        matcher(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a|aa)+$",
        "(a*)*$",
        r"(\w+\s?)*$",
        "(x+x+)+y",
        "((a|b)+)+c",
        "(a?a?)*b",
        "(a{1,9})+b",
        "(a?){30}a{30}",
    ],
    ids=ascii,
)
def test_a_pattern_that_could_run_away_gets_short_texts_only(pattern: str) -> None:
    text = "a" * 5000 + "!"
    before = time.perf_counter()

    with pytest.raises(FunctionError, match="too long"):
        matcher(pattern).on(text).search(text)

    assert time.perf_counter() - before < 1


@pytest.mark.parametrize(
    "pattern", [r"(\w+\s)*", r"(\d+\.)*\d+", "(foo|bar)+", "([^,]*,)*", r"[\w.]+@[\w.]+"], ids=ascii
)
def test_harmless_repetitions_may_have_long_texts(pattern: str) -> None:
    assert matcher(pattern).limit >= 10_000


def test_replacement_texts() -> None:
    assert template(r"a$1\$b", 1) == ("a", 1, "$", "b")
    assert template("$12", 1) == (1, "2")
    with pytest.raises(FunctionError, match="refers to group 2"):
        template("$2", 1)
    with pytest.raises(FunctionError, match="without a group number"):
        template("$x", 1)
