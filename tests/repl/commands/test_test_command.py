import argparse
import json

import pytest

from headrace.repl.commands import test as command

PASSING = """--@test: passes
CREATE STREAM s (id INT KEY, v INT) WITH (kafka_topic='s', value_format='JSON');
INSERT INTO s (id, v) VALUES (1, 2);
ASSERT VALUES s (v) VALUES (2);
"""
FAILING = PASSING.replace("passes", "fails").replace("VALUES (2);", "VALUES (3);")


def run(*arguments):
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    args = parser.parse_args(["test", *map(str, arguments)])
    return args.func(args)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.sql").write_text(PASSING + FAILING)
    return tmp_path


def test_a_failure_is_shown_side_by_side(folder, capsys):
    assert run(folder, "-j", 1) == 1
    shown = capsys.readouterr().out
    assert "FAIL sql: a - fails" in shown
    assert "≠ V  3         2" in shown
    assert "sql: a  1/2" in shown


def test_cases_are_chosen_by_name(folder, capsys):
    assert run(folder, "-k", "passes", "-j", 1) == 0
    assert "sql: a  1/1" in capsys.readouterr().out


def test_the_report_is_written(folder, tmp_path):
    report = tmp_path / "report.json"

    run(folder, "-j", 1, "-q", "--report", report)

    found = json.loads(report.read_text())
    assert [(c["name"], c["status"]) for c in found["cases"]] == [("a - passes", "pass"), ("a - fails", "fail")]


def test_no_cases_is_a_usage_error(tmp_path, capsys):
    assert run(tmp_path / "nowhere") == 2
    assert "nowhere" in capsys.readouterr().err
