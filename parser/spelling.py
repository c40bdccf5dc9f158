"""What a misspelt word was meant to be."""

from collections.abc import Iterable


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that fewest slips of the keyboard turn into `word`: one slip for short words, two for words of six and more.

    >>> closest("FORM", ["FROM", "WHERE"])
    'FROM'
    """
    allowed = 2 if len(word) >= 6 else 1
    near = [
        (distance(word, candidate), candidate) for candidate in candidates if abs(len(candidate) - len(word)) <= allowed
    ]
    slips, best = min(near, default=(allowed + 1, None))
    return best if slips <= min(allowed, len(word) - 1) else None


def distance(left: str, right: str) -> int:
    """How many letters must be added, dropped, changed or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, previous, row = row, before, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
    return row[-1]
