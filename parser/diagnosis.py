"""Why a token does not fit: what was found, what was expected in words, and what ksqlDB says of it."""

from collections.abc import Sequence

from headrace.parser.automaton import Automaton, Rejected
from headrace.parser.errors import ParseError, printable
from headrace.parser.hints import hint_for, reserved_word
from headrace.parser.keywords import RESERVED, TIME_UNITS, word_set
from headrace.parser.lexer import ERROR, Token, describe_error
from headrace.parser.problem import OPERATORS, TYPE_STARTS, Problem, shown, terminals_after
from headrace.parser.spelling import closest

_EXPRESSION_STARTS = word_set(
    """
    NAME TEXT WHOLE_NUMBER DECIMAL_NUMBER DOUBLE_NUMBER TRUE FALSE NULL CASE CAST NOT ARRAY MAP STRUCT DECIMAL ( - +
    """
)
_NUMBERS = frozenset({"WHOLE_NUMBER", "DECIMAL_NUMBER", "DOUBLE_NUMBER"})
_JOINS = frozenset({"INNER", "LEFT", "RIGHT", "FULL"})
_MAX_EXPECTED = 7


def diagnose(automaton: Automaton, rejected: Rejected, tokens: Sequence[Token]) -> ParseError:
    """The error for a token that was rejected."""
    token = tokens[rejected.position]
    if token.symbol == ERROR:
        message, hint = describe_error(token)
        return ParseError(message, span=token.span, hint=hint, detail="")
    expected = terminals_after(automaton, rejected.states)
    problem = Problem(automaton, rejected.states, tokens, rejected.position, expected)
    message, hint = _message(problem), hint_for(problem)
    return ParseError(message, span=problem.token.span, hint=hint, detail=ksql_detail(problem))


def ksql_detail(problem: Problem) -> str:
    """What ksqlDB says of the problem, where that follows from the grammar; "" where it does not."""
    found, expected = problem.token.text, problem.expected
    if _is_unknown_statement(problem):
        match = closest(problem.found, problem.statement_starts)
        return f"Unknown statement '{printable(found)}'" + (f"\nDid you mean '{match}'?" if match else "")
    if problem.found in RESERVED and reserved_word(problem):
        return (
            f'"{found}" is a reserved keyword and it can\'t be used as an identifier.'
            f" You can use it as an identifier by escaping it as '{found}'"
        )
    if {")", ","} <= expected and found == "(":
        return "Expecting {',', ')'}"
    following = problem.tokens[problem.position :][:2]
    for word in sorted(expected & _CLOSING):
        if problem.automaton.follows(problem.states, problem.terminal(word), following):
            return f"missing '{word}' at '{printable(found)}'"
    if len(expected) <= _MAX_KSQL_EXPECTED:
        words = sorted(_KSQL_TOKENS.get(word, f"'{word}'") for word in expected)
        return f"Expecting {words[0]}" if len(words) == 1 else f"Expecting {{{', '.join(words)}}}"
    return ""


_CLOSING = frozenset({")", "]"})
_MAX_KSQL_EXPECTED = 2
_KSQL_TOKENS = {
    "NAME": "IDENTIFIER",
    "TEXT": "STRING",
    "WHOLE_NUMBER": "INTEGER_VALUE",
    "DECIMAL_NUMBER": "DECIMAL_VALUE",
    "DOUBLE_NUMBER": "FLOATING_POINT_VALUE",
    "$END": "';'",
}


def _is_unknown_statement(problem: Problem) -> bool:
    return problem.position == 0 and "SELECT" in problem.expected


def _message(problem: Problem) -> str:
    if _is_unknown_statement(problem):
        return f"Unknown statement {shown(problem.token)}"
    if problem.word_before() == "LIMIT" and "WHOLE_NUMBER" in problem.expected:
        return f"Value must be integer for command: LIMIT; {shown(problem.token)} is none"
    found = shown(problem.token) if problem.token.text not in ("", ";") else "end of the statement"
    return f"Unexpected {found}; expected {_in_words(problem.expected)}"


def _in_words(expected: frozenset[str]) -> str:
    words: list[str] = []
    rest = set(expected)
    if "SELECT" in rest and "CREATE" in rest:
        words.append("a statement")
        rest -= {word for word in rest if word.isalpha() and word != "NAME"}
    if {"NAME", "TEXT", "WHOLE_NUMBER", "CASE"} <= rest:
        words.append("an expression")
        rest -= _EXPRESSION_STARTS
    elif rest >= TYPE_STARTS:
        words.append("a type")
        rest -= TYPE_STARTS
    if "JOIN" in rest:
        rest -= _JOINS
    if len(rest & OPERATORS) > 3:
        words.append("an operator")
        rest -= OPERATORS | {"TEXT", "(", "=>"}
    for members, name in _GROUPS:
        if members & rest:
            words.append(name)
            rest -= members
    words += [f'"{word}"' for word in sorted(rest - {"$END"}, key=lambda word: (word.isalpha(), word))]
    if "$END" in rest:
        words.append('";"')
    if len(words) > _MAX_EXPECTED:
        words = [*words[:_MAX_EXPECTED], "…"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


_GROUPS = (
    (frozenset({"NAME"}), "a name"),
    (frozenset({"TEXT"}), "a string in single quotes"),
    (_NUMBERS, "a number"),
    (frozenset(TIME_UNITS), "a time unit"),
)
