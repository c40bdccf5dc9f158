"""MIN: the smallest value."""

from headrace.engine.functions.aggregate.extreme import extreme

functions = (extreme("MIN", "Finds the smallest of the values that are not NULL.", "<"),)
