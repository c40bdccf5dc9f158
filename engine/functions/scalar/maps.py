"""Functions of maps."""

from typing import Any

from headrace.engine.functions.definition import Family

family = Family("MAP")

Entries = dict[str, Any]


@family.scalar(
    "AS_MAP(keys ARRAY<STRING>, values ARRAY<V>) -> MAP<STRING, V>",
    examples=(("AS_MAP(ARRAY['a', 'b'], ARRAY[1, 2])['b']", "2"),),
)
def as_map(keys: list[str], values: list[Any]) -> Entries:
    """Makes a map of a list of keys and a list of values."""
    missing = len(keys) - len(values)
    return dict(zip(keys, values if missing <= 0 else values + [None] * missing))


@family.scalar(
    *(
        f"ENTRIES(map MAP<STRING, {type}>, sorted BOOLEAN) -> ARRAY<STRUCT<K STRING, V {type}>>"
        for type in ("INT", "BIGINT", "DOUBLE", "BOOLEAN", "STRING")
    ),
    can_fail=False,
    examples=(("ENTRIES(MAP('b' := 2, 'a' := 1), true)[1]->K", "a"),),
)
def entries(entries: Entries, is_sorted: bool) -> list[dict[str, Any]]:
    """Returns the entries of a map as structs of key (K) and value (V), sorted by key if wanted."""
    pairs = sorted(entries.items()) if is_sorted else entries.items()
    return [{"K": key, "V": value} for key, value in pairs]


@family.scalar(
    "MAP_KEYS(input MAP<STRING, T>) -> ARRAY<STRING>", can_fail=False, examples=(("MAP_KEYS(MAP('a' := 1))", "[a]"),)
)
def map_keys(entries: Entries) -> list[str]:
    """Returns the keys of a map."""
    return list(entries)


@family.scalar(
    "MAP_VALUES(input MAP<STRING, T>) -> ARRAY<T>", can_fail=False, examples=(("MAP_VALUES(MAP('a' := 1))", "[1]"),)
)
def map_values(entries: Entries) -> list[Any]:
    """Returns the values of a map."""
    return list(entries.values())


@family.scalar(
    "MAP_UNION(map1 MAP<STRING, T>, map2 MAP<STRING, T>) -> MAP<STRING, T>",
    null_strict=False,
    can_fail=False,
    examples=(("MAP_UNION(MAP('a' := 1), MAP('a' := 2))['a']", "2"),),
)
def map_union(left: Entries | None, right: Entries | None) -> Entries | None:
    """Returns a map with the entries of both maps; those of the second one win."""
    if left is None or right is None:
        return right if left is None else left
    return {**left, **right}
