"""Mutated statements: nothing but ParseError, always with a place and soon, and what is read round-trips."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from headrace.parser import parse
from headrace.parser.statements import Statement

FUZZ = Path(__file__).with_name("fuzz.py")
COUNT = 20_000
NO_FOLDER = Path("/nonexistent")


def _fuzz() -> ModuleType:
    spec = importlib.util.spec_from_file_location("headrace_parser_fuzz", FUZZ)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


fuzz = _fuzz()


def test_mutants() -> None:
    tally = fuzz.run(COUNT, 1, fuzz.corpus())

    assert tally.faults == []
    assert tally.mutants == COUNT
    assert tally.read > COUNT // 4


def test_a_planted_crash_is_found() -> None:
    tally = fuzz.run(3_000, 1, fuzz.corpus(NO_FOLDER), fuzz.read_with_planted_crash)

    assert tally.faults
    assert all("planted" in found for found in tally.faults)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("SHOW TABLES;", (None, 1)), ("SHOW TABLES; SHOW", (None, 1)), ("'", (None, 0)), ("\ud800;", (None, 0))],
    ids=["read", "one of two", "open quote", "surrogate"],
)
def test_faultless(text: str, expected: tuple[str | None, int]) -> None:
    assert fuzz.fault(text) == expected


def test_the_command_prints_one_line() -> None:
    done = subprocess.run(
        [sys.executable, str(FUZZ), "--count", "1500", "--seed", "7"],
        capture_output=True,
        text=True,
        check=False,
        env={"HEADRACE_CONFORMANCE": str(NO_FOLDER)},
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("parser fuzz: 1500 mutants")
    assert done.stdout.count("\n") == 1


def test_the_corpus_has_every_form() -> None:
    statements = parse(fuzz.CORPUS.read_text(encoding="utf-8"))

    forms = {type(statement).__name__ for statement in statements}
    assert forms == {form.__name__ for form in Statement.__subclasses__()}
