import importlib.util
from pathlib import Path

import pytest

from headrace.runtime.testing.outcome import Outcome

_spec = importlib.util.spec_from_file_location("ratchet", Path(__file__).with_name("ratchet.py"))
ratchet = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(ratchet)

OUTCOMES = [
    Outcome("a", "qtt", "g", "ok", "pass"),
    Outcome("b", "qtt", "g", "ok", "fail"),
    Outcome("c", "sql", "g", "ok", "skip"),
]


@pytest.mark.parametrize(
    ("passing", "failed", "missing"),
    [(["qtt: a"], [], []), (["qtt: b"], ["b"], []), (["sql: c"], ["c"], []), (["qtt: gone"], [], ["qtt: gone"])],
)
def test_a_case_that_passed_once_must_pass(passing, failed, missing):
    lost, gone = ratchet.lost(OUTCOMES, passing)

    assert ([outcome.name for outcome in lost], gone) == (failed, missing)


def test_new_passes_are_gained():
    assert ratchet.gained(OUTCOMES, ["qtt: b"]) == ["qtt: a"]


def test_a_missing_suite_is_said_on_the_last_line(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv("HEADRACE_CONFORMANCE", raising=False)
    monkeypatch.setattr(ratchet, "DEFAULT_SUITE", tmp_path / "nowhere")

    assert ratchet.main([]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "conformance: not run"


def test_a_suite_that_was_asked_for_must_be_there(monkeypatch, tmp_path):
    monkeypatch.setenv("HEADRACE_CONFORMANCE", str(tmp_path / "nowhere"))

    assert ratchet.main([]) == 1
