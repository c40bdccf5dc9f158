"""What functions raise on values that they cannot handle.

FunctionError     the arguments' values are wrong; the call is NULL and reported
└── StateError    an aggregate can no longer give a right answer: the query stops
"""


class FunctionError(ValueError):
    """A function cannot give a result for these values."""


class StateError(FunctionError):
    """An aggregate's state has overflowed its type; unlike other errors this stops the query, as a NULL would hide it."""
