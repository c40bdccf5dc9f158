from headrace.runtime.testing.cases import SqlCase
from headrace.runtime.testing.runner import CASES_PER_TASK, run_case, run_cases

CASES = [
    SqlCase(f"c{i}", "sql", "g", "ok", "a.sql", text="SHOW STREAMS;" if i % 2 else "NONSENSE;", line=1)
    for i in range(CASES_PER_TASK + 2)
]


def test_processes_give_the_outcomes_in_order():
    seen = []

    outcomes = run_cases(CASES, jobs=2, each=seen.append)

    assert [o.name for o in outcomes] == [case.name for case in CASES]
    assert [o.status for o in outcomes] == ["fail", "pass"] * (len(CASES) // 2)
    assert seen == outcomes


def test_an_internal_error_is_a_failure_of_the_case():
    outcome = run_case(SqlCase("c", "sql", "g", "ok", "a.sql", text=None, line=1))

    assert outcome.status == "fail"
    assert outcome.reason.startswith("internal error: ")
    assert "Traceback" in outcome.trace
    assert " in " in outcome.reason
