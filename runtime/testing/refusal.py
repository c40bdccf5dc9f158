"""Whether a statement was refused as a case expects.

The law: a refusal counts only if it is about what the case is about. What is "not supported yet", an unknown function or a
syntax error where the case expects another error, and an internal error are failures: an engine that knows nothing must
not pass.
"""

from headrace.parser.errors import ParseError, SqlError
from headrace.runtime.testing.cases import ExpectedError
from headrace.runtime.testing.outcome import Mismatch

_ABOUT_SYNTAX = ("ParseFailedException", "ParsingException")
_ABOUT_FUNCTIONS = ("find any functions", "unknown function")


def check_refusal(error: SqlError, expected: ExpectedError | None) -> bool | None:
    """Whether the message is the expected one (None where none is); raises Mismatch where the refusal does not count."""
    message = expected.message if expected else None
    found = error.ksql_message
    if message is not None and _says(found, message):
        return True
    if error.kind == "unsupported":
        raise Mismatch(f"refused as not supported: {found}")
    if message is None:
        return None
    if isinstance(error, ParseError) and not _is_about(expected, _ABOUT_SYNTAX, message, ("yntax", "pars")):
        raise Mismatch(f"refused as a syntax error: {found}", _expectation(message, found))
    if error.kind == "unknown function" and not any(words in message for words in _ABOUT_FUNCTIONS):
        raise Mismatch(f"refused for want of a function: {found}", _expectation(message, found))
    return False


def check_message(text: str, expected: ExpectedError | None) -> bool | None:
    """Whether a failure's text is the expected one; raises Mismatch where it is not (SQL cases insist)."""
    message = expected.message if expected else None
    if message is None:
        return None
    if not _says(text, message):
        raise Mismatch("failed with another message than expected", _expectation(message, text))
    return True


def _says(text: str, message: str) -> bool:
    """Whether the text contains the message; line breaks and indentation are no part of the wording."""
    return " ".join(message.split()) in " ".join(text.split())


def _is_about(expected: ExpectedError | None, types: tuple[str, ...], message: str, words: tuple[str, ...]) -> bool:
    type = (expected.type if expected else None) or ""
    return any(name in type for name in types) or any(word in message for word in words)


def _expectation(message: str, found: str) -> str:
    return f"  expected: {message}\n  actual:   {found}"
