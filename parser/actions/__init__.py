"""What each rule of the grammar makes: one function a rule, found by the rule's name.

Law: an action is pure; it gets the place of its rule and the values of its parts, and returns a node or raises ParseError.
"""

from headrace.parser.actions import expressions, literals, queries, statements, types, words  # noqa: F401  (they fill ACTIONS)
from headrace.parser.actions.registry import ACTIONS

__all__ = ["ACTIONS"]
