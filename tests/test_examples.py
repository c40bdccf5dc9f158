"""Every example runs from its folder and says what it said before."""

from pathlib import Path

import pytest

from headrace.repl.main import main

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def test_every_sql_file_is_run_here() -> None:
    assert {str(path.relative_to(EXAMPLES)) for path in EXAMPLES.rglob("*.sql")} == {"flights/flights.sql"}


def test_flights(capsys: pytest.CaptureFixture[str]) -> None:
    folder = EXAMPLES / "flights"
    arguments = ["--input", f"flights={folder / 'flights.ndjson'}", "--log", "memory:", "--format", "csv"]

    code = main(["run", str(folder / "flights.sql"), *arguments])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[:3] == ["CARRIER,FLIGHT,ORIGIN,DEST,DEP_DELAY", "UA,856,EWR,BOS,144", "UA,1086,LGA,IAH,134"]
    assert lines[9:12] == ["", "HOUR,ORIGIN,DEPARTURES,MEAN_DELAY", "2013-01-04 15:00,EWR,20,9.4"]
    assert len(lines) == 18
