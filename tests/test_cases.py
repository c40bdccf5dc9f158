"""The SQL cases of tests/cases, run by the tool that users get, in every mode."""

from pathlib import Path

import pytest

from headrace.runtime.testing.loading import load
from headrace.runtime.testing.report import failure
from headrace.runtime.testing.runner import run_case

CASES = load([Path(__file__).parent / "cases"])
PARTITIONED = [case for case in CASES if case.partitions > 1]


@pytest.mark.parametrize("mode", ["record", "batch", "restart"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case, mode):
    outcome = run_case(case, mode=mode)

    assert outcome.status == "pass", failure(outcome, trace=True)


@pytest.mark.parametrize("case", PARTITIONED, ids=lambda case: case.name)
def test_case_over_partitions(case):
    outcome = run_case(case, mode="partitions")

    assert outcome.status == "pass", failure(outcome, trace=True)
