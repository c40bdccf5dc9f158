from decimal import Decimal as Digits

import pytest

from headrace.engine.codegen.serde import SerdeSpec
from headrace.engine.types.schema import Column
from headrace.engine.types.sqltype import BIGINT, BOOLEAN, BYTES, DOUBLE, INTEGER, STRING, Array, Decimal, Map, Struct
from headrace.runtime.serde.registry import default_formats
from headrace.runtime.testing.document import read, write
from headrace.runtime.testing.values import decode, document_type, encode, plain, typed

FORMATS = default_formats()


def spec(format, *types, wrapped=False):
    columns = tuple(Column(f"C{i}", type) for i, type in enumerate(types))
    return SerdeSpec(format, columns, wrapped)


@pytest.mark.parametrize(
    ("document", "side", "data"),
    [
        pytest.param('{"a":1.10}', spec("JSON", Decimal(3, 2), wrapped=True), b'{"a":1.10}', id="json keeps digits"),
        pytest.param("5", spec("JSON", INTEGER), b"5", id="bare json"),
        pytest.param('"a,b"', spec("DELIMITED", STRING, STRING), b"a,b", id="a line"),
        pytest.param("7", spec("DELIMITED", INTEGER), b"7", id="a number as a line"),
        pytest.param("7", spec("KAFKA", INTEGER), b"\0\0\0\7", id="kafka int"),
        pytest.param("7", spec("KAFKA", BIGINT), b"\0\0\0\0\0\0\0\7", id="kafka bigint"),
        pytest.param('"é"', spec("KAFKA", STRING), "é".encode(), id="kafka text"),
        pytest.param('"x"', spec("KAFKA"), b"x", id="no columns"),
        pytest.param("null", spec("JSON", INTEGER), None, id="null"),
    ],
)
def test_documents_become_bytes_and_back(document, side, data):
    encoded = encode(read(document), side, FORMATS)

    assert encoded == data
    assert write(decode(encoded, side, FORMATS)).strip('"') == document.strip('"')


def test_none_has_no_bytes():
    assert encode(read("5"), spec("NONE"), FORMATS) is None


@pytest.mark.parametrize(
    ("document", "type", "value"),
    [
        ("1.1", Decimal(4, 2), Digits("1.10")),
        ('"1.1"', Decimal(4, 2), Digits("1.10")),
        ("1", DOUBLE, 1.0),
        ("true", BOOLEAN, True),
        ('"IQ=="', BYTES, b"!"),
        ("[1,null]", Array(BIGINT), [1, None]),
        ('{"1":"x"}', Map(INTEGER, STRING), {1: "x"}),
        ('{"a":1,"z":2}', Struct((("A", INTEGER), ("B", STRING))), {"A": 1, "B": None}),
    ],
)
def test_documents_have_values(document, type, value):
    assert typed(read(document), type) == value


@pytest.mark.parametrize(
    ("value", "type", "document"),
    [
        (Digits("1.10"), Decimal(4, 2), "1.10"),
        (1e7, DOUBLE, "10000000.0"),
        (b"!", BYTES, '"IQ=="'),
        ({1: [True]}, Map(INTEGER, Array(BOOLEAN)), '{"1":[true]}'),
        ({"A": 1, "B": None}, Struct((("A", INTEGER), ("B", STRING))), '{"A":1,"B":null}'),
    ],
)
def test_values_have_documents(value, type, document):
    assert write(plain(value, type)) == document


def test_a_bare_column_has_its_own_type():
    assert document_type(spec("JSON", INTEGER)) == INTEGER
    assert document_type(spec("JSON", INTEGER, wrapped=True)) == Struct((("C0", INTEGER),))
    assert document_type(spec("DELIMITED", INTEGER)) is None
