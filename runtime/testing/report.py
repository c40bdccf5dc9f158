"""What a run of cases comes to: the JSON report, the table by group, the failures."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from headrace.runtime.testing.outcome import Outcome

REPORT_VERSION = 1


def report(outcomes: Iterable[Outcome], *, mode: str) -> dict[str, object]:
    """The report as data (architecture: interfaces that everything shares)."""
    return {
        "version": REPORT_VERSION,
        "mode": mode,
        "cases": [
            {
                "name": o.name,
                "suite": o.suite,
                "group": o.group,
                "kind": o.kind,
                "status": o.status,
                "reason": o.reason,
                "message_match": o.message_match,
                "duration_ms": round(o.duration_ms, 3),
            }
            for o in outcomes
        ],
    }


def write_report(path: Path, outcomes: Iterable[Outcome], *, mode: str) -> None:
    """Write the report as a JSON file."""
    path.write_text(json.dumps(report(outcomes, mode=mode), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def failure(outcome: Outcome, *, trace: bool = False) -> str:
    """A failed case for people: its name, the reason, what was expected beside what came."""
    parts = [f"FAIL {outcome.suite}: {outcome.name}", f"  {outcome.reason}", outcome.detail]
    if trace:
        parts.append(outcome.trace)
    return "\n".join(part.rstrip() for part in parts if part)


def summary(outcomes: Sequence[Outcome]) -> str:
    """Passes of all cases by group, cases that must run (`ok`) and cases that must be refused (`error`) apart."""
    groups = sorted({(o.suite, o.group) for o in outcomes})
    rows = [("group", "ok", "error", "messages", "skipped")]
    rows += [
        (group, *_counts([o for o in outcomes if (o.suite, o.group) == (suite, group)])) for suite, group in groups
    ]
    if len(groups) > 1:
        rows.append(("total", *_counts(outcomes)))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    return "\n".join(
        f"{row[0]:{widths[0]}}  " + "  ".join(f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:]))
        for row in rows
    )


def reasons(outcomes: Iterable[Outcome]) -> Counter[str]:
    """How often each reason made a case fail."""
    return Counter(o.reason for o in outcomes if o.status == "fail")


def _counts(outcomes: Iterable[Outcome]) -> tuple[str, str, str, str]:
    run = [o for o in outcomes if o.status != "skip"]
    ok = [o for o in run if o.kind == "ok"]
    refused = [o for o in run if o.kind != "ok"]
    messages = [o for o in refused if o.message_match is not None]
    skipped = sum(o.status == "skip" for o in outcomes)
    return (
        _share(ok),
        _share(refused),
        _of(sum(o.message_match is True for o in messages), len(messages)),
        str(skipped or ""),
    )


def _share(outcomes: Sequence[Outcome]) -> str:
    return _of(sum(o.status == "pass" for o in outcomes), len(outcomes))


def _of(part: int, whole: int) -> str:
    return f"{part}/{whole}" if whole else ""
