"""Where each built-in function lives: an explicit table, so that a family is imported when one of its functions is first used."""

_SCALAR = "headrace.engine.functions.scalar."
_TABLE = "headrace.engine.functions.table."
_AGGREGATE = "headrace.engine.functions.aggregate."

SCALAR_FUNCTIONS = {
    _SCALAR + "arithmetic": "ABS CEIL FLOOR ROUND SIGN TRUNC",
    _SCALAR + "math": (
        "ACOS ASIN ATAN ATAN2 CBRT COS COSH COT DEGREES EXP GEO_DISTANCE LN LOG PI POWER RADIANS RANDOM SIN SINH SQRT TAN TANH"
    ),
    _SCALAR + "extremes": "GREATEST LEAST",
    _SCALAR + "null": "AS_VALUE COALESCE IFNULL NULLIF",
    _SCALAR + "text": "CHR ELT FIELD INITCAP INSTR LCASE LEN MD5 REPLACE SPLIT SPLIT_TO_MAP TRIM UCASE UUID",
    _SCALAR + "pieces": "CONCAT CONCAT_WS LPAD RPAD SUBSTRING",
    _SCALAR + "bytes": "BIGINT_FROM_BYTES DOUBLE_FROM_BYTES ENCODE FROM_BYTES INT_FROM_BYTES TO_BYTES",
    _SCALAR + "mask": "MASK MASK_KEEP_LEFT MASK_KEEP_RIGHT MASK_LEFT MASK_RIGHT",
    _SCALAR + "regex": "REGEXP_EXTRACT REGEXP_EXTRACT_ALL REGEXP_REPLACE REGEXP_SPLIT_TO_ARRAY",
    _SCALAR + "json": (
        "EXTRACTJSONFIELD IS_JSON_STRING JSON_ARRAY_CONTAINS JSON_ARRAY_LENGTH JSON_CONCAT JSON_ITEMS JSON_KEYS JSON_RECORDS"
    ),
    _SCALAR + "json_text": "TO_JSON_STRING",
    _SCALAR + "arrays": (
        "ARRAY_CONCAT ARRAY_CONTAINS ARRAY_DISTINCT ARRAY_EXCEPT ARRAY_INTERSECT ARRAY_JOIN ARRAY_LENGTH ARRAY_MAX"
        " ARRAY_MIN ARRAY_REMOVE ARRAY_SORT ARRAY_UNION GENERATE_SERIES SLICE"
    ),
    _SCALAR + "maps": "AS_MAP ENTRIES MAP_KEYS MAP_UNION MAP_VALUES",
    _SCALAR + "lambdas": "FILTER REDUCE TRANSFORM",
    _SCALAR + "dates": "DATEADD DATESUB DATETOSTRING FORMAT_DATE FROM_DAYS PARSE_DATE STRINGTODATE UNIX_DATE",
    _SCALAR + "times": "FORMAT_TIME PARSE_TIME TIMEADD TIMESUB",
    _SCALAR + "timestamps": (
        "CONVERT_TZ FORMAT_TIMESTAMP FROM_UNIXTIME PARSE_TIMESTAMP STRINGTOTIMESTAMP TIMESTAMPADD TIMESTAMPSUB"
        " TIMESTAMPTOSTRING UNIX_TIMESTAMP"
    ),
    _SCALAR + "url": (
        "URL_DECODE_PARAM URL_ENCODE_PARAM URL_EXTRACT_FRAGMENT URL_EXTRACT_HOST URL_EXTRACT_PARAMETER URL_EXTRACT_PATH"
        " URL_EXTRACT_PORT URL_EXTRACT_PROTOCOL URL_EXTRACT_QUERY"
    ),
}
"""Module → names of its scalar functions."""

TABLE_FUNCTIONS = {
    _TABLE + "explode": "EXPLODE",
    _TABLE + "cube": "CUBE_EXPLODE",
}
"""Module → names of its table functions."""

AGGREGATE_FUNCTIONS = {
    _AGGREGATE + "count": "COUNT",
    _AGGREGATE + "sum": "SUM SUM_LIST",
    _AGGREGATE + "min": "MIN",
    _AGGREGATE + "max": "MAX",
    _AGGREGATE + "avg": "AVG",
    _AGGREGATE + "deviation": "STDDEV_SAMP STDDEV_SAMPLE",
    _AGGREGATE + "correlation": "CORRELATION",
    _AGGREGATE + "collect": "COLLECT_LIST COLLECT_SET",
    _AGGREGATE + "offset": "EARLIEST_BY_OFFSET LATEST_BY_OFFSET",
    _AGGREGATE + "topk": "TOPK TOPKDISTINCT",
    _AGGREGATE + "histogram": "ATTR HISTOGRAM",
    _AGGREGATE + "distinct": "COUNT_DISTINCT",
}
"""Module → names of its aggregate functions."""


def modules_by_name(table: dict[str, str]) -> dict[str, str]:
    """The table the other way round: function name → module."""
    return {name: module for module, names in table.items() for name in names.split()}
