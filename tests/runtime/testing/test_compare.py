import pytest

from headrace.engine.types.sqltype import BIGINT, DOUBLE, STRING, Array, Decimal, Map, Struct
from headrace.runtime.testing.compare import Rule, fields, matches, table
from headrace.runtime.testing.document import read

EXACT = Rule()
INEXACT = Rule(exact=False)
BINARY = Rule(tolerance=1e-6)


@pytest.mark.parametrize(
    ("expected", "actual", "type", "rule", "equal"),
    [
        pytest.param("10", "10", BIGINT, EXACT, True, id="same integer"),
        pytest.param("10", "11", BIGINT, EXACT, False, id="other integer"),
        pytest.param("10.0", "10", BIGINT, EXACT, True, id="integer written with a fraction"),
        pytest.param("10", "10.0", BIGINT, EXACT, False, id="no integer"),
        pytest.param("10", "10.0", Decimal(3, 1), EXACT, False, id="scale counts"),
        pytest.param("10.00", "10.00", Decimal(4, 2), EXACT, True, id="same scale"),
        pytest.param('"1.10"', "1.10", Decimal(3, 2), EXACT, True, id="text stands for a decimal"),
        pytest.param('"1.1"', "1.10", Decimal(3, 2), EXACT, False, id="text of another scale"),
        pytest.param('"10"', "10", STRING, EXACT, False, id="text is no number"),
        pytest.param("10", '"10"', STRING, EXACT, False, id="number is no text"),
        pytest.param("4.6116860184273879E18", "4.611686018427388E18", DOUBLE, EXACT, True, id="double as binary64"),
        pytest.param("0.1", "0.10000001", DOUBLE, EXACT, False, id="other double"),
        pytest.param("0.1", "0.1000001", DOUBLE, BINARY, True, id="double of a binary format"),
        pytest.param("0.10", "0.1000001", Decimal(9, 7), INEXACT, True, id="inexact comparison"),
        pytest.param("null", "0", BIGINT, EXACT, False, id="null is not zero"),
        pytest.param("false", "0", BIGINT, EXACT, False, id="false is not zero"),
        pytest.param("[1,2]", "[1,2]", Array(BIGINT), EXACT, True, id="same array"),
        pytest.param("[1,2]", "[2,1]", Array(BIGINT), EXACT, False, id="order of an array"),
        pytest.param("[1.0]", "[1.00]", Array(DOUBLE), EXACT, True, id="array of doubles"),
        pytest.param('{"a":1,"b":2}', '{"b":2,"a":1}', Map(STRING, BIGINT), EXACT, True, id="map has no order"),
        pytest.param('{"a":1}', '{"A":1}', Struct((("A", BIGINT),)), EXACT, True, id="names are upper-cased"),
        pytest.param('{"a":1}', '{"A":1,"B":null}', None, EXACT, False, id="a null column more"),
        pytest.param('{"a":1,"b":null}', '{"A":1}', None, EXACT, False, id="a null column missing"),
        pytest.param(
            '{"a":1,"b":null}', '{"A":1,"C":2}', None, EXACT, True, id="null stands for a field of another name"
        ),
        pytest.param('{"a":1,"b":2}', '{"A":1,"C":2}', None, EXACT, False, id="another name"),
    ],
)
def test_documents_match(expected, actual, type, rule, equal):
    assert matches(read(expected), read(actual), type, rule) is equal


def test_the_table_marks_what_differs():
    lines = fields("value", read('{"A":1,"B":2,"C":3}'), read('{"A":1,"B":5,"D":7,"E":8}'), None, EXACT)

    assert table(lines).splitlines() == [
        "             expected  actual",
        "    value.A  1         1",
        "  ≠ value.B  2         5",
        "  ≠ value.C  3         (missing)",
        "  ≠ value.D  (absent)  7",
        "  ≠ value.E  (absent)  8",
    ]
