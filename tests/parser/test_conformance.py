"""Every statement of the shared suite is read and round-trips, but those whose refusal is a matter of syntax."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from headrace.parser import ParseError, format_statement, parse, parse_all, parse_columns

FOLDER = Path(os.environ.get("HEADRACE_CONFORMANCE") or Path(__file__).resolve().parents[3] / "shared" / "conformance")

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir() and not (os.environ.get("HEADRACE_CI") and os.environ.get("HEADRACE_CONFORMANCE")),
    reason=f"no conformance suite at {FOLDER}; set HEADRACE_CONFORMANCE",
)

# Refused by the parser, as they must be: (file, what the message says).
SYNTAX_ERRORS = {
    "Syntax Error",
    "Invalid numeric literal",
    "Number overflows DOUBLE",
    "constructor cannot be empty",
    "Pull queries don't support negative integers",
    "Value must be integer for command: LIMIT",
}


def _cases() -> list[dict[str, Any]]:
    files = sorted([*FOLDER.glob("qtt/*.json"), *FOLDER.glob("rest/*.json")])
    return [case for file in files for case in json.loads(file.read_text(encoding="utf-8"))["tests"]]


def _expected(case: dict[str, Any]) -> str:
    expected = case.get("expectedException") or case.get("expectedError") or {}
    return expected.get("message") or ""


def _words(text: str) -> str:
    return " ".join(text.split())


def _expects_syntax_error(case: dict[str, Any]) -> bool:
    message = _expected(case)
    # RUN SCRIPT is a statement here; the engine refuses it where the suite wants that.
    return any(text in message for text in SYNTAX_ERRORS) and "RUN" not in message


def _round_trips(text: str) -> bool:
    statements = parse(text)
    return [parse(format_statement(statement) + ";") for statement in statements] == [[s] for s in statements]


def _refused(text: str) -> bool:
    _, errors = parse_all(text)
    return bool(errors)


def test_json_statements_round_trip() -> None:
    good = [text for c in _cases() for text in c["statements"][: -1 if _expects_syntax_error(c) else None]]

    assert len(good) > 4_000
    assert [text for text in good if _refused(text) or not _round_trips(text)] == []


def test_syntax_errors_are_refused() -> None:
    bad = [case["statements"][-1] for case in _cases() if _expects_syntax_error(case)]

    assert len(bad) > 20
    assert [text for text in bad if not _refused(text)] == []


def test_ksql_clients_find_the_words_they_know() -> None:
    refusals = [(case, parse_all(case["statements"][-1])[1]) for case in _cases() if _expects_syntax_error(case)]

    same = [_words(_expected(case)) in _words(errors[0].ksql_message) for case, errors in refusals]

    # the others name a web page, or the line of a file that the suite no longer has
    assert sum(same) >= 0.7 * len(same)


def test_sql_files_round_trip() -> None:
    texts = [file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("sql/**/*.sql"))]

    assert len(texts) > 5
    assert [text for text in texts if not _round_trips(text)] == []


def test_schemas_are_read() -> None:
    schemas = [s["schema"] for case in _cases() for s in (case.get("post") or {}).get("sources") or [] if "schema" in s]

    assert schemas
    assert all(parse_columns(schema) or not schema for schema in schemas)


def test_a_refused_statement_is_a_parse_error() -> None:
    with pytest.raises(ParseError):
        parse("CREATE STREAM OUTPUT AS SELECT * FROM INPUT WHERE ID IN ( );")
