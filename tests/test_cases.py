"""The SQL cases of tests/cases, run by the tool that users get."""

from pathlib import Path

import pytest

from headrace.runtime.testing.loading import load
from headrace.runtime.testing.report import failure
from headrace.runtime.testing.runner import run_case

CASES = load([Path(__file__).parent / "cases"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_record_by_record(case):
    outcome = run_case(case)

    assert outcome.status == "pass", failure(outcome, trace=True)
