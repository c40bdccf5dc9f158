import json

import pytest

from headrace.runtime.testing.cases import CaseRecord, ExpectedError, QttCase, RestCase, WindowBounds
from headrace.runtime.testing.document import Number
from headrace.runtime.testing.loading import CaseFileError, load

RECORD = {
    "topic": "t",
    "key": 0,
    "value": {"V": 5.0},
    "timestamp": 10,
    "window": {"start": 0, "end": 30, "type": "time"},
    "headers": [{"KEY": "h", "VALUE": "IQ=="}, {"KEY": "n", "VALUE": None}],
}


def write_json(folder, name, *cases):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps({"tests": cases}))


def test_a_qtt_case_keeps_numbers_as_text(tmp_path):
    write_json(
        tmp_path,
        "a.json",
        {"name": "a - one", "statements": ["X;"], "inputs": [RECORD], "properties": {"p": True, "q": 1}},
    )

    (case,) = load([tmp_path])

    assert isinstance(case, QttCase)
    assert (case.suite, case.kind, case.group) == ("qtt", "ok", "a")
    assert case.properties == {"p": "true", "q": "1"}
    headers = (("h", b"!"), ("n", None))
    assert case.inputs == (
        CaseRecord("t", Number("0"), {"V": Number("5.0")}, 10, WindowBounds(0, 30, "time"), headers),
    )


def test_cases_with_responses_are_of_the_rest_suite(tmp_path):
    write_json(tmp_path, "a.json", {"name": "a - one", "statements": ["X;"], "responses": []})

    (case,) = load([tmp_path])

    assert isinstance(case, RestCase)


def test_a_script_holds_cases_with_directives(tmp_path):
    text = "-- intro\n--@test: one\nSELECT 1;\n--@test: two\n--@expected.message: no way\n--@partitions: 3\nSELECT 2;\n"
    (tmp_path / "a.sql").write_text(text)

    one, two = load([tmp_path])

    assert (one.name, one.kind, one.line, one.partitions) == ("a - one", "ok", 2, 1)
    assert (two.name, two.kind, two.line, two.partitions) == ("a - two", "error", 4, 3)
    assert two.error == ExpectedError("no way", None)


def test_a_script_without_directives_is_one_case(tmp_path):
    (tmp_path / "a.sql").write_text("SELECT 1;\n")

    assert [case.name for case in load([tmp_path / "a.sql"])] == ["a"]


def test_cases_are_chosen_by_suite_and_name(tmp_path):
    (tmp_path / "a.sql").write_text("--@test: one\nX;\n--@test: two\nX;\n")
    write_json(tmp_path, "b.json", {"name": "b - one", "statements": []})

    assert [case.name for case in load([tmp_path], suite="sql", substring="one")] == ["a - one"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", "{", "Cannot read"),
        ("a.json", "[]", '"tests"'),
        ("a.json", '{"tests": [{"name": "x", "statements": [], "kind": "odd"}]}', "unknown kind"),
        ("a.sql", "--@test: x\n--@expect.message: y\nX;", "unknown directive"),
        ("a.txt", "", "No test cases"),
    ],
)
def test_files_that_are_no_cases_are_named(tmp_path, name, text, message):
    (tmp_path / name).write_text(text)

    with pytest.raises(CaseFileError, match=message) as caught:
        load([tmp_path])

    assert str(tmp_path) in str(caught.value)


def test_an_empty_choice_is_an_error(tmp_path):
    (tmp_path / "a.sql").write_text("X;\n")

    with pytest.raises(CaseFileError, match='"nothing"'):
        load([tmp_path], substring="nothing")
