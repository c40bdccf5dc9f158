from headrace.runtime.testing.outcome import Outcome
from headrace.runtime.testing.report import failure, report, summary

OUTCOMES = [
    Outcome("a", "qtt", "joins", "ok", "pass", duration_ms=1.23456),
    Outcome("b", "qtt", "joins", "ok", "fail", "T: 1 record instead of 2", detail="  details"),
    Outcome("c", "qtt", "joins", "error", "pass", message_match=False),
    Outcome("d", "qtt", "types", "ok", "skip", "needs a server"),
]


def test_the_report_lists_every_case():
    found = report(OUTCOMES, mode="record")

    assert (found["version"], found["mode"]) == (1, "record")
    assert found["cases"][0] == {
        "name": "a",
        "suite": "qtt",
        "group": "joins",
        "kind": "ok",
        "status": "pass",
        "reason": "",
        "message_match": None,
        "duration_ms": 1.235,
    }


def test_the_summary_keeps_ok_and_error_apart():
    assert summary(OUTCOMES).splitlines() == [
        "group   ok  error  messages  skipped",
        "joins  1/2    1/1       0/1         ",
        "types                              1",
        "total  1/2    1/1       0/1        1",
    ]


def test_a_failure_shows_reason_and_detail():
    assert failure(OUTCOMES[1]).splitlines() == ["FAIL qtt: b", "  T: 1 record instead of 2", "  details"]
