"""What formats refuse when a source is declared."""

import pytest

from headrace.engine.types.sqltype import BIGINT, BOOLEAN, DOUBLE, INTEGER, STRING, Array, Decimal, Map, Struct
from headrace.parser.errors import SqlError
from headrace.runtime.serde.registry import default_formats

REFUSED = [
    (
        "KAFKA",
        {"F1": INTEGER, "F2": STRING},
        True,
        None,
        "The 'KAFKA' format only supports a single field. Got: [`F1` INTEGER KEY, `F2` STRING KEY]",
    ),
    (
        "KAFKA",
        {"V0": INTEGER, "V1": STRING},
        False,
        None,
        "The 'KAFKA' format only supports a single field. Got: [`V0` INTEGER, `V1` STRING]",
    ),
    (
        "KAFKA",
        {"K": BOOLEAN},
        True,
        None,
        "The 'KAFKA' format does not support type 'BOOLEAN'",
    ),
    ("KAFKA", {"K": Decimal(21, 19)}, True, None, "The 'KAFKA' format does not support type 'DECIMAL'"),
    ("KAFKA", {"V": Array(INTEGER)}, False, None, "The 'KAFKA' format does not support type 'ARRAY'"),
    ("KAFKA", {"V": INTEGER}, False, True, "Format 'KAFKA' does not support 'WRAP_SINGLE_VALUE' set to 'true'."),
    ("KAFKA", {"K": Map(INTEGER, DOUBLE)}, True, None, "Key column name: `K`. Column type: MAP<INTEGER, DOUBLE>. See"),
    (
        "DELIMITED",
        {"K": Array(DOUBLE)},
        True,
        None,
        "The 'DELIMITED' format does not support type 'ARRAY', column: `K`",
    ),
    (
        "DELIMITED",
        {"V": Struct((("A", INTEGER),))},
        False,
        False,
        "The 'DELIMITED' format does not support type 'STRUCT'",
    ),
    ("DELIMITED", {"V": Map(STRING, INTEGER)}, False, False, "The 'DELIMITED' format does not support type 'MAP'"),
    (
        "DELIMITED",
        {"V": INTEGER},
        False,
        True,
        "Format 'DELIMITED' does not support 'WRAP_SINGLE_VALUE' set to 'true'.",
    ),
    ("JSON", {"V": Map(INTEGER, DOUBLE)}, False, None, "JSON only supports MAP types with STRING keys"),
    (
        "JSON",
        {"K": Struct((("F", Map(STRING, STRING)),))},
        True,
        None,
        "Column type: STRUCT<`F` MAP<STRING, STRING>>. See",
    ),
    (
        "NONE",
        {"K": STRING},
        True,
        None,
        "The 'NONE' format can only be used when no columns are defined. Got: [`K` STRING KEY]",
    ),
    ("NONE", {}, False, None, "The 'NONE' format can not be used for values."),
]


@pytest.mark.parametrize(
    ("format", "columns", "is_key", "wrapped", "message"), REFUSED, ids=[f"{r[0]}-{r[4][:50]}" for r in REFUSED]
)
def test_refused(spec, format, columns, is_key, wrapped, message):
    with pytest.raises(SqlError) as refusal:
        default_formats().get(format).validate(spec(format, columns, is_key=is_key, wrapped=wrapped))

    assert message in refusal.value.message


@pytest.mark.parametrize("delimiter", ["", "ab", '"', "\n"])
def test_delimiters_that_are_refused(spec, delimiter):
    with pytest.raises(SqlError, match="Configuration VALUE_DELIMITER is invalid"):
        default_formats().get("DELIMITED").validate(spec("DELIMITED", {"A": BIGINT}, DELIMITER=delimiter))


@pytest.mark.parametrize("delimiter", [" ", "\t", "SPACE", "TAB", ";"])
def test_delimiters_that_are_accepted(spec, delimiter):
    default_formats().get("DELIMITED").validate(spec("DELIMITED", {"A": BIGINT}, DELIMITER=delimiter))


def test_the_formats():
    assert default_formats().names() == ["DELIMITED", "JSON", "KAFKA", "NONE"]
    assert default_formats().get("AVRO") is None
