"""Functions that take lambdas: a lambda that fails makes the whole call fail."""

from collections.abc import Callable
from typing import Any

from headrace.engine.functions.definition import Family
from headrace.engine.functions.errors import FunctionError
from headrace.engine.functions.java_hash import hash_order

family = Family("LAMBDA")

Lambda = Callable[..., Any]


@family.scalar(
    "TRANSFORM(array ARRAY<T>, lambda (T) => R) -> ARRAY<R>",
    examples=(("TRANSFORM(ARRAY[1, 2], x => x + 5)", "[6, 7]"),),
)
def transform_array(items: list[Any], function: Lambda) -> list[Any]:
    """Applies a lambda to each element of an array, or two lambdas to the keys and values of a map."""
    return [function(item) for item in items]


@family.scalar(
    "TRANSFORM(map MAP<K, V>, keyLambda (K, V) => R, valueLambda (K, V) => S) -> MAP<R, S>",
    examples=(("TRANSFORM(MAP('a' := 1), (k, v) => UCASE(k), (k, v) => v + 1)['A']", "2"),),
)
def transform_map(entries: dict[Any, Any], key_function: Lambda, value_function: Lambda) -> dict[Any, Any]:
    """Applies a lambda to each element of an array, or two lambdas to the keys and values of a map."""
    transformed: dict[Any, Any] = {}
    for key, value in entries.items():
        new_key = key_function(key, value)
        if new_key in transformed:
            raise FunctionError(f'two entries of the map would get the key "{new_key}"')
        transformed[new_key] = value_function(key, value)
    return transformed


@family.scalar(
    "FILTER(array ARRAY<T>, lambda (T) => BOOLEAN) -> ARRAY<T>",
    examples=(("FILTER(ARRAY[3, 6, 10], x => x > 5)", "[6, 10]"),),
)
def filter_array(items: list[Any], condition: Lambda) -> list[Any]:
    """Keeps the elements of an array, or the entries of a map, for which a lambda is true."""
    return [item for item in items if _holds(condition(item))]


@family.scalar(
    "FILTER(map MAP<K, V>, lambda (K, V) => BOOLEAN) -> MAP<K, V>",
    examples=(("MAP_KEYS(FILTER(MAP('a' := 1, 'b' := 2), (k, v) => v > 1))", "[b]"),),
)
def filter_map(entries: dict[Any, Any], condition: Lambda) -> dict[Any, Any]:
    """Keeps the elements of an array, or the entries of a map, for which a lambda is true."""
    return {key: value for key, value in entries.items() if _holds(condition(key, value))}


@family.scalar(
    "REDUCE(array ARRAY<T>, state S, lambda (S, T) => S) -> S",
    null_strict=False,
    examples=(("REDUCE(ARRAY[1, 2, 3], 10, (s, x) => s + x)", "16"),),
)
def reduce_array(items: list[Any] | None, state: Any, function: Lambda) -> Any:
    """Combines the elements of an array, or the entries of a map, with a state, one after the other."""
    if state is None or items is None:
        return state
    for item in items:
        state = function(state, item)
    return state


@family.scalar(
    "REDUCE(map MAP<K, V>, state S, lambda (S, K, V) => S) -> S",
    null_strict=False,
    examples=(("REDUCE(MAP('a' := 1, 'b' := 2), 0, (s, k, v) => s + v)", "3"),),
)
def reduce_map(entries: dict[Any, Any] | None, state: Any, function: Lambda) -> Any:
    """Combines the elements of an array, or the entries of a map, with a state, one after the other."""
    if state is None or entries is None:
        return state
    for key, value in hash_order(entries):
        state = function(state, key, value)
    return state


def _holds(condition: bool | None) -> bool:
    if condition is None:
        raise FunctionError("the condition is NULL")
    return condition
