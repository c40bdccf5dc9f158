"""Functions that look into JSON text."""

from decimal import Decimal
from typing import Any

from headrace.engine.functions.definition import Call, Family
from headrace.engine.functions.errors import FunctionError
from headrace.engine.functions.json_path import MISSING, follow, steps
from headrace.engine.functions.json_value import parse, text_of, write
from headrace.engine.types.sqltype import BIGINT, BOOLEAN, DOUBLE, INTEGER, STRING, SqlType
from headrace.engine.types.sqltype import Decimal as DecimalType

family = Family("JSON")

_PARSED: dict[SqlType, type] = {BOOLEAN: bool, INTEGER: int, BIGINT: int, DOUBLE: Decimal, STRING: str}
"""What elements of these types are parsed as; whole and fractional numbers differ."""


@family.scalar(
    "EXTRACTJSONFIELD(input STRING, path STRING) -> STRING",
    examples=(
        ('EXTRACTJSONFIELD(\'{"a": {"b": [1, "x"]}}\', \'$.a.b[1]\')', "x"),
        ("EXTRACTJSONFIELD('{\"a\": 1.50}', '$.a')", "1.50"),
    ),
)
def extractjsonfield(text: str, path: str) -> str | None:
    """Returns what a JSONPath such as $.orders[0].id leads to in a JSON text."""
    found = follow(parse(text), steps(path))
    return None if found is MISSING else text_of(found)


@family.scalar(
    "IS_JSON_STRING(input STRING) -> BOOLEAN",
    null_strict=False,
    can_fail=False,
    examples=(("IS_JSON_STRING('[1, 2]')", "true"), ("IS_JSON_STRING('abc')", "false")),
)
def is_json_string(text: str | None) -> bool:
    """Returns whether a text is JSON."""
    if text is None:
        return False
    try:
        parse(text)
    except FunctionError:
        return False
    return True


@family.scalar(
    "JSON_ARRAY_CONTAINS(jsonArray STRING, val T) -> BOOLEAN",
    null_strict=False,
    can_fail=False,
    made=True,
    examples=(("JSON_ARRAY_CONTAINS('[1, 2]', 2)", "true"), ("JSON_ARRAY_CONTAINS('[1.0, 2.0]', 2)", "false")),
)
def json_array_contains(call: Call) -> object:
    """Returns whether a JSON array contains a value of the same type."""
    kind = _PARSED.get(call.types[1], Decimal if isinstance(call.types[1], DecimalType) else None)

    def contains(text: str | None, value: Any) -> bool:
        try:
            items = None if text is None else parse(text)
        except FunctionError:
            return False
        if not isinstance(items, list):
            return False
        if value is None:
            return None in items
        # bool is an int to Python but not to JSON.
        return any(
            type(item) is kind and (float(str(item)) if isinstance(value, float) else item) == value for item in items
        )

    return contains


@family.scalar("JSON_ARRAY_LENGTH(jsonArray STRING) -> INT", examples=(("JSON_ARRAY_LENGTH('[1, 2]')", "2"),))
def json_array_length(text: str) -> int | None:
    """Returns the number of elements of a JSON array, or NULL if the text is no array."""
    items = parse(text)
    return len(items) if isinstance(items, list) else None


@family.scalar(
    "JSON_CONCAT(jsonStrings STRING...) -> STRING",
    examples=(
        ("JSON_CONCAT('{\"a\": 1}', '{\"b\": 2}')", '{"a":1,"b":2}'),
        ("JSON_CONCAT('[1, 2]', '4')", "[1,2,4]"),
    ),
)
def json_concat(*texts: str) -> str | None:
    """Merges JSON objects, or joins JSON values into one array."""
    values = [parse(text) for text in texts]
    if not values:
        return None
    if all(isinstance(value, dict) for value in values):
        return write({key: item for value in values for key, item in value.items()})
    return write([item for value in values for item in (value if isinstance(value, list) else [value])])


@family.scalar("JSON_ITEMS(jsonItems STRING) -> ARRAY<STRING>", examples=(("JSON_ITEMS('[1, \"a\"]')[2]", '"a"'),))
def json_items(text: str) -> list[str] | None:
    """Returns the elements of a JSON array as JSON texts."""
    items = parse(text)
    return [write(item) for item in items] if isinstance(items, list) else None


@family.scalar("JSON_KEYS(jsonObj STRING) -> ARRAY<STRING>", examples=(('JSON_KEYS(\'{"a": 1, "b": 2}\')[2]', "b"),))
def json_keys(text: str) -> list[str] | None:
    """Returns the keys of a JSON object."""
    entries = parse(text)
    return list(entries) if isinstance(entries, dict) else None


@family.scalar(
    "JSON_RECORDS(jsonObj STRING) -> MAP<STRING, STRING>", examples=(("JSON_RECORDS('{\"a\": \"x\"}')['a']", "x"),)
)
def json_records(text: str) -> dict[str, str] | None:
    """Returns the keys and values of a JSON object as a map."""
    entries = parse(text)
    return {key: text_of(item) for key, item in entries.items()} if isinstance(entries, dict) else None
