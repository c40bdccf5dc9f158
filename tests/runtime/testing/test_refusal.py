import pytest

from headrace.parser.errors import ParseError, SqlError
from headrace.runtime.testing.cases import ExpectedError
from headrace.runtime.testing.outcome import Mismatch
from headrace.runtime.testing.refusal import check_message, check_refusal


@pytest.mark.parametrize(
    ("error", "expected", "matched"),
    [
        pytest.param(SqlError("Column A not found"), ExpectedError("Column A"), True, id="same message"),
        pytest.param(SqlError("Column A not found"), ExpectedError("Column A\n  not"), True, id="other line breaks"),
        pytest.param(SqlError("Column A not found"), ExpectedError("wrong type"), False, id="other message"),
        pytest.param(SqlError("Column A not found"), None, None, id="any message"),
        pytest.param(
            SqlError("no zones", kind="unsupported"), ExpectedError("zones"), True, id="not supported there either"
        ),
        pytest.param(ParseError("odd"), ExpectedError("Syntax Error"), False, id="syntax error expected"),
        pytest.param(
            ParseError("odd"), ExpectedError("x", "a.ParseFailedException"), False, id="parser's exception expected"
        ),
    ],
)
def test_refusals_that_count(error, expected, matched):
    assert check_refusal(error, expected) is matched


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(SqlError("joins", kind="unsupported"), ExpectedError("Column A not found"), id="not supported"),
        pytest.param(ParseError("odd"), ExpectedError("Column A not found"), id="syntax error"),
        pytest.param(
            SqlError("no F", kind="unknown function"), ExpectedError("Function 'F' takes"), id="unknown function"
        ),
    ],
)
def test_refusals_that_do_not_count(error, expected):
    with pytest.raises(Mismatch, match="refused"):
        check_refusal(error, expected)


def test_a_script_insists_on_the_message():
    with pytest.raises(Mismatch, match="another message"):
        check_message("this", ExpectedError("that"))
