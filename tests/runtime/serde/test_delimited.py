"""DELIMITED lines to columns and back."""

from decimal import Decimal as D

import pytest

from headrace.engine.codegen.serde import DecodeError
from headrace.engine.types.sqltype import (
    BIGINT,
    BOOLEAN,
    BYTES,
    DATE,
    DOUBLE,
    INTEGER,
    STRING,
    TIME,
    TIMESTAMP,
    Decimal,
)
from headrace.runtime.serde.csv_line import split

READ = [
    (INTEGER, "33", 33),
    (INTEGER, "-2147483648", -2147483648),
    (INTEGER, "+5", 5),
    (INTEGER, '"22"', 22),
    (BIGINT, "998877665544332211", 998877665544332211),
    (DOUBLE, "654.321", 654.321),
    (DOUBLE, "1.0E7", 1e7),
    (DOUBLE, "Infinity", float("inf")),
    (DOUBLE, "1e999", float("inf")),
    (DOUBLE, "5d", 5.0),
    (BOOLEAN, "TRUE", True),
    (BOOLEAN, "yes", False),
    (STRING, " \t with white space \t", " \t with white space \t"),
    (STRING, 'a"b', 'a"b'),
    (STRING, '"a,""b""\n"', 'a,"b"\n'),
    (STRING, '""', None),
    (STRING, "", None),
    (INTEGER, "", None),
    (Decimal(33, 16), ".12", D("0.1200000000000000")),
    (Decimal(6, 4), '"12.0"', D("12.0000")),
    (BYTES, "dmFyaWF0aW9ucw==", b"variations"),
    (DATE, "-10", -10),
    (TIME, "86399999", 86399999),
    (TIMESTAMP, "1700000000000", 1700000000000),
]

BAD = [
    (INTEGER, "2147483648", 'column "C": "2147483648" cannot be INTEGER: not in the range -2147483648 to 2147483647'),
    (INTEGER, "1_0", 'column "C": "1_0" cannot be INTEGER: not a whole number'),
    (INTEGER, " 1", "not a whole number"),
    (INTEGER, "9" * 5000, "not a whole number"),
    (DOUBLE, "1_0", "not a number"),
    (DOUBLE, "nan", "not a number"),
    (DOUBLE, "\u0661", "not a number"),
    (Decimal(4, 2), "1.234", "does not fit DECIMAL(4, 2)"),
    (BYTES, "?", "not Base64"),
    (TIME, "86400000", "not in the range"),
    (STRING, '"open', "a quote is not closed"),
    (STRING, '"a"b', "text follows a closing quote"),
]


@pytest.mark.parametrize(("type", "text", "expected"), READ, ids=[f"{t}-{x}" for t, x, _ in READ])
def test_a_field_is_read(spec, loop, type, text, expected):
    alone, first = loop(spec("DELIMITED", {"C": type})), loop(spec("DELIMITED", {"C": type, "D": STRING}), ["C"])

    assert alone([text.encode()]) == [(expected,)]
    assert first([f"{text},x".encode()]) == [(expected,)]


@pytest.mark.parametrize(("type", "text", "message"), BAD, ids=[f"{t}-{x[:20]}" for t, x, _ in BAD])
def test_a_wrong_field_is_refused(spec, loop, type, text, message):
    [error] = loop(spec("DELIMITED", {"C": type}))([text.encode()])

    assert isinstance(error, DecodeError)
    assert message in str(error)


@pytest.mark.parametrize("line", ["1", "1,2,3", '"1,2"', ""], ids=["fewer", "more", "quoted", "empty"])
def test_another_number_of_fields_is_refused(spec, loop, line):
    for wanted in (["A"], []):
        [error] = loop(spec("DELIMITED", {"A": STRING, "B": STRING}), wanted)([line.encode()])
        assert "there are 2 columns" in str(error)


def test_only_read_columns_are_converted(spec, loop):
    columns = {"A": INTEGER, "B": INTEGER}

    assert loop(spec("DELIMITED", columns), ["B"])([b"x,1"]) == [(1,)]
    assert isinstance(loop(spec("DELIMITED", columns, DECODE_ALL_COLUMNS="true"), ["B"])([b"x,1"])[0], DecodeError)


@pytest.mark.parametrize(
    ("delimiter", "line"), [("|", "a|1"), ("SPACE", "a 1"), ("tab", "a\t1"), ("]", "a]1"), ("^", "a^1"), ("\\", "a\\1")]
)
def test_other_delimiters(spec, loop, encoder, delimiter, line):
    side = spec("DELIMITED", {"A": STRING, "B": INTEGER}, DELIMITER=delimiter)

    assert loop(side)([line.encode(), f'"{line[0]}"{line[1:]}'.encode()]) == [("a", 1)] * 2
    assert encoder(side)(["a", 1]) == line.encode()
    assert encoder(side)(["x" + line[1], 1]) == f'"x{line[1]}"{line[1:]}'.encode()


WRITTEN = [
    ({"A": BIGINT, "B": INTEGER}, [-1, -2], '"-1",-2'),
    ({"A": STRING, "B": STRING}, ["!", "!"], '"!","!"'),
    ({"A": STRING, "B": STRING}, ["IQ==", "s"], "IQ==,s"),
    ({"A": STRING, "B": STRING}, ["é", "é"], '"é",é'),
    ({"A": STRING, "B": STRING}, ['a"b', "a\nb"], '"a""b","a\nb"'),
    ({"A": STRING, "B": STRING}, ["a ", "b,c"], '"a ","b,c"'),
    ({"A": STRING, "B": STRING}, ["", ""], '"",'),
    ({"A": STRING, "B": STRING}, [None, None], ","),
    ({"A": STRING, "B": STRING}, ["a\ud800", "x"], "a?,x"),
    ({"A": DOUBLE, "B": DOUBLE}, [-1.5, 1e7], '"-1.5",1.0E7'),
    ({"A": DOUBLE, "B": DOUBLE}, [1e-4, 0.001], "1.0E-4,0.001"),
    ({"A": DOUBLE, "B": DOUBLE}, [float("nan"), float("-inf")], "NaN,-Infinity"),
    ({"A": DOUBLE, "B": DOUBLE}, [4.6116860184273879e18, -0.0], "4.611686018427388E18,-0.0"),
    (
        {"A": Decimal(33, 16), "B": Decimal(20, 10)},
        [D("-12345.1200000000000000"), D("1E-10")],
        '"-12345.1200000000000000",0.0000000001',
    ),
    ({"A": BOOLEAN, "B": BYTES}, [True, b"{"], "true,ew=="),
    ({"A": TIMESTAMP}, [1700000000000], "1700000000000"),
]


@pytest.mark.parametrize(("columns", "values", "line"), WRITTEN, ids=[w[2] for w in WRITTEN])
def test_a_line_is_written(spec, encoder, columns, values, line):
    from headrace.runtime.serde.delimited import DelimitedWriter

    side = spec("DELIMITED", columns)

    assert encoder(side)(values) == line.encode()
    assert DelimitedWriter(side).encode(values) == line.encode()


def test_numbers_that_hold_the_delimiter_are_quoted(spec, encoder, loop):
    side = spec("DELIMITED", {"A": INTEGER, "B": INTEGER, "C": DOUBLE}, DELIMITER="-")

    assert encoder(side)([1, -2, 1e-10]) == b'1-"-2"-"1.0E-10"'
    assert loop(side)([b'1-"-2"-"1.0E-10"']) == [(1, -2, 1e-10)]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("a,b", ["a", "b"]),
        ("\n\r\na,b\nc,d", ["a", "b"]),
        ('"a" ,b', ["a", "b"]),
        (' "a",b', [' "a"', "b"]),
        ('"a\r\nb",""""', ["a\r\nb", '"']),
        (",", ["", ""]),
        ("a,\r\n", ["a", ""]),
    ],
)
def test_lines_are_split(text, fields):
    assert split(text, ",") == fields


def test_a_long_line_takes_time_in_proportion():
    assert len(split('"",' * 200_000, ",")) == 200_001
