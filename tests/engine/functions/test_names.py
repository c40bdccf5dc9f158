"""The library is complete: exactly ksqlDB's functions, each documented and with an example where it has fixed results."""

import pytest

from headrace.engine.functions.registry import default_registry

_SCALAR = """
ABS ACOS ASIN ATAN ATAN2 CBRT CEIL FLOOR COS SIN TAN COSH SINH TANH COT DEGREES RADIANS EXP GREATEST LEAST LN LOG PI POWER
RANDOM ROUND SIGN SQRT TRUNC GEO_DISTANCE GENERATE_SERIES
AS_VALUE COALESCE IFNULL NULLIF
BIGINT_FROM_BYTES INT_FROM_BYTES DOUBLE_FROM_BYTES CHR CONCAT CONCAT_WS ELT FIELD ENCODE FROM_BYTES TO_BYTES INITCAP INSTR
LCASE UCASE LEN LPAD RPAD MASK MASK_KEEP_LEFT MASK_KEEP_RIGHT MASK_LEFT MASK_RIGHT MD5 REGEXP_EXTRACT REGEXP_EXTRACT_ALL
REGEXP_REPLACE REGEXP_SPLIT_TO_ARRAY REPLACE SPLIT SPLIT_TO_MAP SUBSTRING TRIM UUID
EXTRACTJSONFIELD IS_JSON_STRING JSON_ARRAY_CONTAINS JSON_ARRAY_LENGTH JSON_CONCAT JSON_ITEMS JSON_KEYS JSON_RECORDS
TO_JSON_STRING
ARRAY_CONCAT ARRAY_CONTAINS ARRAY_DISTINCT ARRAY_EXCEPT ARRAY_INTERSECT ARRAY_UNION ARRAY_JOIN ARRAY_LENGTH ARRAY_MAX
ARRAY_MIN ARRAY_REMOVE ARRAY_SORT AS_MAP ENTRIES MAP_KEYS MAP_VALUES MAP_UNION SLICE FILTER REDUCE TRANSFORM
CONVERT_TZ DATEADD DATESUB TIMEADD TIMESUB TIMESTAMPADD TIMESTAMPSUB FORMAT_DATE FORMAT_TIME FORMAT_TIMESTAMP FROM_DAYS
FROM_UNIXTIME PARSE_DATE PARSE_TIME PARSE_TIMESTAMP UNIX_DATE UNIX_TIMESTAMP DATETOSTRING STRINGTODATE STRINGTOTIMESTAMP
TIMESTAMPTOSTRING
URL_DECODE_PARAM URL_ENCODE_PARAM URL_EXTRACT_FRAGMENT URL_EXTRACT_HOST URL_EXTRACT_PATH URL_EXTRACT_PROTOCOL
URL_EXTRACT_QUERY URL_EXTRACT_PORT URL_EXTRACT_PARAMETER
"""

_AGGREGATE = """
ATTR AVG COLLECT_LIST COLLECT_SET CORRELATION COUNT COUNT_DISTINCT EARLIEST_BY_OFFSET LATEST_BY_OFFSET HISTOGRAM MAX MIN
STDDEV_SAMP STDDEV_SAMPLE SUM SUM_LIST TOPK TOPKDISTINCT
"""

SCALAR, AGGREGATE = _SCALAR.split(), _AGGREGATE.split()
TABLE = ["EXPLODE", "CUBE_EXPLODE"]

WITHOUT_EXAMPLE = {"AS_VALUE", "RANDOM", "UUID", "INT_FROM_BYTES", "BIGINT_FROM_BYTES", "DOUBLE_FROM_BYTES", "SPLIT"}
"""Random results, bytes that SQL has no literal for, and those whose tests stand elsewhere."""


def test_the_library_has_exactly_ksqldbs_functions() -> None:
    assert list(default_registry().names()) == sorted(SCALAR + AGGREGATE + TABLE)


@pytest.mark.parametrize(
    ("names", "kind"),
    [(SCALAR, "SCALAR"), (AGGREGATE, "AGGREGATE"), (TABLE, "TABLE")],
    ids=["scalar", "aggregate", "table"],
)
def test_each_function_is_of_its_kind_and_described(names: list[str], kind: str) -> None:
    described = [default_registry().describe(name) for name in names]

    assert {d.kind for d in described} == {kind}
    assert [d.name for d in described if not d.description or not d.description.endswith(".")] == []
    assert [d.name for d in described if not d.variations] == []


def test_each_scalar_function_has_an_example() -> None:
    described = [default_registry().describe(name) for name in SCALAR]

    without = {d.name for d in described if not any(v.examples for v in d.variations)}

    assert without == WITHOUT_EXAMPLE


def test_predicates_tell_kinds_apart() -> None:
    registry = default_registry()

    assert registry.exists("abs")
    assert not registry.exists("NOPE")
    assert registry.is_aggregate("count")
    assert not registry.is_aggregate("ABS")
    assert registry.is_table_function("explode")
    assert not registry.is_table_function("COUNT")
