"""Why a token does not fit: what was found, what was expected in words, and the likely fix.

Law: each hint is one small function of a Problem, tried in the order of HINTS; the first that knows something speaks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headrace.parser.automaton import Automaton, Rejected
from headrace.parser.errors import ParseError, printable
from headrace.parser.keywords import RESERVED, TIME_UNITS, word_set
from headrace.parser.lexer import ERROR, Token, describe_error, symbol_of
from headrace.parser.spelling import closest

_EXPRESSION_STARTS = word_set(
    """
    NAME TEXT WHOLE_NUMBER DECIMAL_NUMBER DOUBLE_NUMBER TRUE FALSE NULL CASE CAST NOT ARRAY MAP STRUCT DECIMAL ( - +
    """
)
_TYPE_STARTS = frozenset({"NAME", "ARRAY", "MAP", "STRUCT", "DECIMAL"})
_OPERATORS = word_set("= <> != < <= > >= + - * / % || [ -> . AND OR IS IN NOT LIKE BETWEEN AT")
_COMPARISONS = frozenset({"=", "<>", "!=", "<", "<=", ">", ">="})
_NUMBERS = frozenset({"WHOLE_NUMBER", "DECIMAL_NUMBER", "DOUBLE_NUMBER"})
_KINDS = _NUMBERS | {"NAME", "TEXT"}
_JOINS = frozenset({"INNER", "LEFT", "RIGHT", "FULL"})
_CLAUSES = word_set("WINDOW WHERE GROUP PARTITION HAVING EMIT LIMIT JOIN INNER LEFT RIGHT FULL")
_MAX_EXPECTED = 7


@dataclass(frozen=True, slots=True)
class Problem:
    """A token that fits no rule, among its neighbours."""

    automaton: Automaton
    states: list[int]
    tokens: Sequence[Token]
    position: int
    expected: frozenset[str]
    """Keywords and operators as they are written, NAME, TEXT, the kinds of number, $END."""

    @property
    def token(self) -> Token:
        """What was found."""
        return self.tokens[self.position]

    @property
    def found(self) -> str:
        """What was found, upper case."""
        return self.token.text.upper()

    def before(self, distance: int = 1) -> Token | None:
        """The token `distance` places before."""
        return self.tokens[self.position - distance] if self.position >= distance else None

    def after(self) -> Token | None:
        """The token after the one that was found."""
        return self.tokens[self.position + 1] if self.position + 1 < len(self.tokens) else None

    def word_before(self, distance: int = 1) -> str:
        """The text of the token `distance` places before, upper case, or nothing."""
        token = self.before(distance)
        return token.text.upper() if token else ""

    def terminal(self, word: str) -> str:
        """The name of the terminal that is written as `word`."""
        tables = self.automaton.tables
        return tables.terminals[tables.literals[word]]

    @property
    def statement_starts(self) -> frozenset[str]:
        """The words that begin statements."""
        return _terminals(self.automaton, [self.automaton.tables.starts["statement"]])


def diagnose(automaton: Automaton, rejected: Rejected, tokens: Sequence[Token]) -> ParseError:
    """The error for a token that was rejected."""
    token = tokens[rejected.position]
    if token.symbol == ERROR:
        message, hint = describe_error(token)
        return ParseError(message, span=token.span, hint=hint, detail="")
    expected = _terminals(automaton, rejected.states)
    problem = Problem(automaton, rejected.states, tokens, rejected.position, expected)
    message, hint = _message(problem), _hint(problem)
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
    for word in sorted(expected & _SEPARATORS):
        if problem.automaton.follows(problem.states, problem.terminal(word), following):
            return f"missing '{word}' at '{printable(found)}'"
    if len(expected) <= _MAX_KSQL_EXPECTED:
        words = sorted(_KSQL_TOKENS.get(word, f"'{word}'") for word in expected)
        return f"Expecting {words[0]}" if len(words) == 1 else f"Expecting {{{', '.join(words)}}}"
    return ""


_SEPARATORS = frozenset([")", "]", ",", "(", "="])
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


def _terminals(automaton: Automaton, states: list[int]) -> frozenset[str]:
    tables = automaton.tables
    spellings = {symbol: literal for literal, symbol in tables.literals.items()}
    return frozenset(spellings.get(symbol, tables.terminals[symbol]) for symbol in automaton.expected(states))


def _message(problem: Problem) -> str:
    if _is_unknown_statement(problem):
        return f"Unknown statement {_shown(problem.token)}"
    if problem.word_before() == "LIMIT" and "WHOLE_NUMBER" in problem.expected:
        return f"Value must be integer for command: LIMIT; {_shown(problem.token)} is none"
    found = _shown(problem.token) if problem.token.text not in ("", ";") else "end of the statement"
    return f"Unexpected {found}; expected {_in_words(problem.expected)}"


def _shown(token: Token) -> str:
    text = printable(token.text)
    return text if text.startswith('"') else f'"{text}"'


def _in_words(expected: frozenset[str]) -> str:
    words: list[str] = []
    rest = set(expected)
    if "SELECT" in rest and "CREATE" in rest:
        words.append("a statement")
        rest -= {word for word in rest if word.isalpha() and word != "NAME"}
    if {"NAME", "TEXT", "WHOLE_NUMBER", "CASE"} <= rest:
        words.append("an expression")
        rest -= _EXPRESSION_STARTS
    elif rest >= _TYPE_STARTS:
        words.append("a type")
        rest -= _TYPE_STARTS
    if "JOIN" in rest:
        rest -= _JOINS
    if len(rest & _OPERATORS) > 3:
        words.append("an operator")
        rest -= _OPERATORS | {"TEXT", "(", "=>"}
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


def _hint(problem: Problem) -> str | None:
    for hint in HINTS:
        text = hint(problem)
        if text:
            return text
    return None


def double_equals(problem: Problem) -> str | None:
    """`a == b`."""
    before = problem.before()
    if problem.found == "=" and before and before.text == "=" and before.end == problem.token.start:
        return "equality is written with one ="
    return None


def chained_comparison(problem: Problem) -> str | None:
    """`a < b < c`."""
    if problem.found in _COMPARISONS and "AND" in problem.expected:
        return "comparisons do not chain; write a < b AND b < c, or use parentheses"
    return None


def double_quotes(problem: Problem) -> str | None:
    """`WITH (FORMAT = "JSON")`."""
    if problem.found.startswith(('"', "`")) and _needs_text(problem):
        return f"double quotes and backquotes are for names; write text as '{problem.token.text[1:-1]}'"
    return None


def unquoted_text(problem: Problem) -> str | None:
    """`WITH (FORMAT = JSON)`."""
    if _is_word(problem.token) and _needs_text(problem):
        return f"write text in single quotes: '{problem.token.text}'"
    return None


def _needs_text(problem: Problem) -> bool:
    return "TEXT" in problem.expected and not problem.expected & {"NAME", "="}


def quoted_name(problem: Problem) -> str | None:
    """`SELECT * FROM 'orders'`."""
    if problem.found.startswith("'") and "NAME" in problem.expected:
        name = problem.token.text[1:-1]
        return f"single quotes are for text; write a name as {name} or, to keep its case, as `{name}`"
    return None


def subquery(problem: Problem) -> str | None:
    """`SELECT * FROM (SELECT …)`."""
    following = problem.after() if problem.found == "(" else None
    if (problem.found == "SELECT" and problem.word_before() == "(") or (
        following and following.text.upper() == "SELECT"
    ):
        return "there are no subqueries; give the inner query a name with CREATE STREAM … AS SELECT"
    return None


def other_sql(problem: Problem) -> str | None:
    """Statements and clauses of other SQL."""
    if problem.position == 0 and problem.found in _FOREIGN_STATEMENTS:
        return _FOREIGN_STATEMENTS[problem.found]
    if problem.found == "DISTINCT" and problem.word_before() == "SELECT":
        return "there is no SELECT DISTINCT; use GROUP BY"
    for word in (problem.found, problem.word_before()):
        if word in _FOREIGN_CLAUSES and "FROM" in _words(problem):
            return _FOREIGN_CLAUSES[word]
    if problem.found == "," and "JOIN" in problem.expected:
        return "there are no comma joins; write a JOIN b ON a.x = b.x"
    return None


_FOREIGN_STATEMENTS = {
    "UPDATE": "there is no UPDATE; INSERT INTO a table replaces the row of that key",
    "DELETE": "there is no DELETE; rows of a table go when their source sends a tombstone",
    "MERGE": "there is no MERGE; INSERT INTO a table replaces the row of that key",
    "TRUNCATE": "there is no TRUNCATE; DROP the source and create it again",
    "WITH": "there are no common table expressions; give the inner query a name with CREATE STREAM … AS SELECT",
}
_FOREIGN_CLAUSES = {
    "ORDER": "there is no ORDER BY",
    "UNION": "there is no UNION; write several INSERT INTO … SELECT into one stream",
    "EXCEPT": "there is no EXCEPT",
    "INTERSECT": "there is no INTERSECT",
    "OFFSET": "there is no OFFSET",
    "CROSS": "there is no CROSS JOIN; joins need ON",
    "OVER": "there are no window functions; use WINDOW with GROUP BY",
}


def missing_semicolon(problem: Problem) -> str | None:
    """`SHOW STREAMS SHOW TABLES;`."""
    starts = problem.statement_starts
    if problem.position and "$END" in problem.expected and problem.found in starts:
        return f'a ";" seems to be missing before {_shown(problem.token)}'
    before, earlier = problem.before(), problem.before(2)
    if before and earlier and before.line > earlier.line and problem.word_before() in starts:
        return f'a ";" seems to be missing before {_shown(before)}'
    return None


def odd_name(problem: Problem) -> str | None:
    """`PRINT my-topic`."""
    before, following = problem.before(), problem.after()
    if problem.found not in ("-", ".") or before is None or following is None:
        return None
    if _is_word(before) and before.end == problem.token.start and problem.token.end == following.start:
        return f"a name with other characters is written in backquotes: `{before.text}{problem.found}{following.text}`"
    return None


def incomplete_keyword(problem: Problem) -> str | None:
    """`SELECT * FROM a EMIT CHANGE`: without its second word EMIT has been read as a name."""
    seconds = _SECOND_WORDS.get(problem.word_before(), ())
    match = closest(problem.found, seconds)
    return f'did you mean "{problem.word_before()} {match}"?' if match else None


_SECOND_WORDS = {"EMIT": ("CHANGES", "FINAL"), "PARTITION": ("BY",), "IF": ("NOT", "EXISTS")}


def reserved_word(problem: Problem) -> str | None:
    """`SELECT size FROM a`."""
    if problem.found not in RESERVED or "NAME" not in problem.expected or problem.expected == _TYPE_STARTS:
        return None
    if problem.automaton.follows(problem.states, "NAME", problem.tokens[problem.position + 1 :][:3]):
        return f'"{problem.token.text}" is a reserved word; write the name as `{problem.found}`'
    return None


def misspelt_keyword(problem: Problem) -> str | None:
    """`SELECT * FORM a`, `SELECT a FRM b`."""
    keywords = [word for word in problem.expected if word.isalpha() and word not in _KINDS]
    for token in (problem.token, problem.before()):
        if token and _is_word(token) and token.text.upper() not in keywords:
            match = closest(token.text.upper(), keywords)
            if match:
                return (
                    f'did you mean "{match}"?'
                    if token is problem.token
                    else f'did you mean "{match}" for "{token.text}"?'
                )
    return None


def clause_order(problem: Problem) -> str | None:
    """`SELECT * FROM a LIMIT 1 WHERE b`."""
    words = _words(problem)
    if problem.found in _CLAUSES and "SELECT" in words and "FROM" in words:
        return "the order is FROM, JOIN, WINDOW, WHERE, GROUP BY, PARTITION BY, HAVING, EMIT, LIMIT"
    if problem.found == "WITH" and "CREATE" in words:
        return "the order is CREATE name (columns) WITH (properties) AS query"
    following = problem.after()
    if following and following.text.upper() in ("SIZE", "ADVANCE", "RETENTION", "GRACE") and "WINDOW" in words:
        return "the order in a window is SIZE, ADVANCE BY, RETENTION, GRACE PERIOD"
    return None


def open_bracket(problem: Problem) -> str | None:
    """`SELECT f(a FROM b`."""
    if ")" not in problem.expected and "]" not in problem.expected:
        return None
    opened: list[Token] = []
    for token in problem.tokens[: problem.position]:
        if token.text in ("(", "["):
            opened.append(token)
        elif token.text in (")", "]") and opened:
            opened.pop()
    if opened and (problem.token.text in ("", ";") or problem.found in RESERVED):
        return f'the "{opened[-1].text}" of line {opened[-1].line}, column {opened[-1].column} is not closed'
    return None


def missing_comma(problem: Problem) -> str | None:
    """`SELECT a b c FROM d`."""
    if "," in problem.expected and problem.token.symbol == symbol_of("NAME"):
        return f'a "," seems to be missing before {_shown(problem.token)}'
    return None


HINTS: tuple[Callable[[Problem], str | None], ...] = (
    double_equals,
    chained_comparison,
    double_quotes,
    unquoted_text,
    quoted_name,
    subquery,
    other_sql,
    missing_semicolon,
    odd_name,
    incomplete_keyword,
    reserved_word,
    misspelt_keyword,
    clause_order,
    open_bracket,
    missing_comma,
)


def _is_word(token: Token) -> bool:
    return token.text[:1].isalpha() or token.text[:1] == "_"


def _words(problem: Problem) -> frozenset[str]:
    """The words before the problem."""
    return frozenset(token.text.upper() for token in problem.tokens[: problem.position])
