"""Mutated statements: nothing but ParseError, always with a place, and what is read round-trips."""

import random
from collections.abc import Callable

import pytest

from headrace.parser import ParseError, describe, format_statement, parse, parse_all
from headrace.parser.keywords import KEYWORDS
from headrace.parser.lexer import tokenize
from headrace.parser.statements import Statement

SEEDS = """
CREATE OR REPLACE STREAM s (id BIGINT KEY, a ARRAY<MAP<STRING, STRUCT<x INT>>>, d DECIMAL(4, 2)) WITH (topic='t', n=-1);
CREATE TABLE t AS SELECT a.x AS y, COUNT(*) FROM a JOIN b WITHIN 1 HOUR GRACE PERIOD 1 DAY ON a.x = b.x WINDOW TUMBLING
 (SIZE 1 HOUR, RETENTION 2 DAYS) WHERE x LIKE 'a%' ESCAPE '!' AND y IN (1, 2) GROUP BY a.x, y HAVING z > 1 EMIT FINAL;
SELECT CASE WHEN a THEN -1 ELSE 1.5 END, ARRAY[1, 2][1], MAP('k' := 1e3), STRUCT(f := `q`), s->f->*, f(a, (x, y) => x + y),
 CAST(a AS INT ARRAY), NOT a OR b IS NOT NULL AND c BETWEEN 1 AND 2, a || b - -c * (d % e) FROM z PARTITION BY a LIMIT 3;
INSERT INTO s (a, b) VALUES (1, 'x', NULL, DATEADD(DAY, 1, d)); EXPLAIN (CODE) SELECT * FROM a EMIT CHANGES;
ASSERT NOT EXISTS TOPIC 'a' WITH (P=1) TIMEOUT 1 SECOND; PRINT t FROM BEGINNING INTERVAL 2; DEFINE x = '${y}';
ALTER STREAM s ADD COLUMN a INT; CREATE TYPE a AS STRUCT<b INT>; ASSERT NULL VALUES s (a) KEY (1); SPOOL OFF;
"""
PIECES = [
    *sorted(KEYWORDS),
    *"()[],.;<>=-+*/%'\"`$@!|:~\\\0é",
    "=>",
    ":=",
    "->",
    "--",
    "/*",
    "*/",
    "${x}",
    "1",
    "1e5",
    ".5",
    "'a'",
    "`b`",
    "x",
]

Reader = Callable[[str], tuple[list[Statement], list[ParseError]]]


def _mutants(count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    statements = [[token.text for token in tokenize(text)] for text in SEEDS.split(";")]
    return [_mutant(chance, list(chance.choice(statements[:-1]))) for _ in range(count)]


def _mutant(chance: random.Random, words: list[str]) -> str:
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(words))
        match chance.randrange(5):
            case 0:
                words[place] = chance.choice(PIECES)
            case 1:
                words.insert(place, chance.choice(PIECES))
            case 2:
                words.insert(place, words.pop())
            case 3:
                words[place : place + 2] = words[place : place + 2][::-1]
            case _:
                word, name = chance.choice(PIECES), words[place]
                words = [word if other == name else other for other in words]
    return " ".join(words) + ";"


def _faults(texts: list[str], read: Reader) -> list[str]:
    return [fault for text in texts if (fault := _fault(text, read))]


def _fault(text: str, read: Reader) -> str | None:
    try:
        statements, errors = read(text)
        if any(error.span is None or not describe(error, text) for error in errors):
            return f"no place: {text}"
        if any(parse(format_statement(statement) + ";") != [statement] for statement in statements):
            return f"does not round-trip: {text}"
    except Exception as error:  # whatever it is, it is what this test looks for
        return f"{error!r}: {text}"
    return None


@pytest.mark.parametrize("seed", [1, 2])
def test_mutants(seed: int) -> None:
    assert _faults(_mutants(1_500, seed), parse_all) == []


def test_a_planted_crash_is_found() -> None:
    def crashes_at_limits(text: str) -> tuple[list[Statement], list[ParseError]]:
        statements, errors = parse_all(text)
        [][len([s for s in statements if getattr(s, "limit", None) == 3 and "PARTITION BY" not in text])]
        return statements, errors

    assert _faults(_mutants(300, 1), crashes_at_limits)
