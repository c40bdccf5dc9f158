"""MAX: the largest value."""

from headrace.engine.functions.aggregate.extreme import extreme

functions = (extreme("MAX", "Finds the largest of the values that are not NULL.", ">"),)
