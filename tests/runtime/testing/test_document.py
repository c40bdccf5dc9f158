import pytest

from headrace.runtime.testing.document import Number, read, write


@pytest.mark.parametrize(
    "text",
    ["10", "10.0", "10.00", "1E3", "-0.5", '"é"', "null", "true", '{"a":[1.10,{"b":null}]}', "NaN"],
)
def test_documents_keep_their_digits(text):
    assert write(read(text)) == text


@pytest.mark.parametrize(("text", "whole"), [("10", True), ("-7", True), ("10.0", False), ("1e3", False)])
def test_numbers_know_whether_they_are_whole(text, whole):
    assert Number(text).is_integer is whole


def test_text_that_is_no_json_is_refused():
    with pytest.raises(ValueError, match="Expecting"):
        read("{a}")
