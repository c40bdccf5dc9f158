"""The likely fix of a mistake.

Law: each hint is one small function of a Problem, tried in the order of HINTS; the first that knows something speaks.
"""

from collections.abc import Callable

from headrace.parser.keywords import RESERVED, word_set
from headrace.parser.lexer import Token, symbol_of
from headrace.parser.problem import TYPE_STARTS, Problem, shown
from headrace.parser.spelling import closest

_COMPARISONS = frozenset({"=", "<>", "!=", "<", "<=", ">", ">="})
_CLAUSES = word_set("WINDOW WHERE GROUP PARTITION HAVING EMIT LIMIT JOIN INNER LEFT RIGHT FULL")
_KINDS = frozenset({"WHOLE_NUMBER", "DECIMAL_NUMBER", "DOUBLE_NUMBER", "NAME", "TEXT"})


def hint_for(problem: Problem) -> str | None:
    """The likely fix, where one is known."""
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
    return "TEXT" in problem.expected and not problem.expected & {"NAME", "=", "+", "||"}


def quoted_name(problem: Problem) -> str | None:
    """`SELECT * FROM 'orders'`."""
    if problem.found.startswith("'") and "NAME" in problem.expected:
        name = problem.token.text[1:-1]
        return f"single quotes are for text; write a name as {name} or, to keep its case, as `{name}`"
    return None


def quote_in_text(problem: Problem) -> str | None:
    """`WHERE a = 'it's'`."""
    before = problem.before()
    if before and before.text[0] == "'" and before.end == problem.token.start and _is_word(problem.token):
        return "a quote inside a string is doubled: 'it''s'"
    return None


def trailing_comma(problem: Problem) -> str | None:
    """`SELECT a, FROM b`."""
    if problem.word_before() == "," and (problem.found in RESERVED or problem.found == ")"):
        return f'drop the "," before {shown(problem.token)}'
    return None


def several_rows(problem: Problem) -> str | None:
    """`INSERT INTO a VALUES (1), (2)`."""
    if problem.found == "," and problem.tokens[0].text.upper() == "INSERT" and "$END" in problem.expected:
        return "an INSERT has one row; write one INSERT INTO … VALUES (…) for each"
    return None


def constraint(problem: Problem) -> str | None:
    """`a INT NOT NULL`."""
    if "PRIMARY" in problem.expected and problem.found in _CONSTRAINTS:
        return "columns have no constraints but KEY and PRIMARY KEY"
    return None


_CONSTRAINTS = frozenset({"NOT", "NULL", "DEFAULT", "UNIQUE", "CHECK", "REFERENCES"})


def constructor(problem: Problem) -> str | None:
    """`SELECT [1, 2]`, `MAP('a' = 1)`, `a.b.c`."""
    if problem.found == "[" and "CASE" in problem.expected:
        return "write an array as ARRAY[1, 2]"
    if ":=" in problem.expected:
        return "the entries of a MAP and the fields of a STRUCT are written name := value"
    if problem.found == "." and problem.word_before(2) == "." and "->" in problem.expected:
        return "a field of a STRUCT is written a->b"
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
    if problem.found == "DISTINCT":
        is_count = problem.word_before() == "(" and problem.word_before(2) == "COUNT"
        return "write COUNT_DISTINCT(x)" if is_count else "there is no SELECT DISTINCT; use GROUP BY"
    if problem.word_before() == "CREATE" and problem.found in _FOREIGN_OBJECTS:
        return _FOREIGN_OBJECTS[problem.found]
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
_FOREIGN_OBJECTS = {
    "VIEW": "CREATE STREAM … AS SELECT gives a query a name",
    "MATERIALIZED": "CREATE TABLE … AS SELECT is kept up to date and can be queried",
    "TOPIC": "a topic comes with CREATE STREAM … WITH (KAFKA_TOPIC='name', PARTITIONS=1)",
    "INDEX": "tables are indexed by their keys",
    "DATABASE": "there is one name space",
    "SCHEMA": "there is one name space",
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
        return f'a ";" seems to be missing before {shown(problem.token)}'
    before, earlier = problem.before(), problem.before(2)
    if before and earlier and before.line > earlier.line and problem.word_before() in starts:
        return f'a ";" seems to be missing before {shown(before)}'
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
    if problem.found not in RESERVED or "NAME" not in problem.expected or problem.expected == TYPE_STARTS:
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
    if problem.found == "," and following and following.text.upper() in _WINDOW_PARTS and "WINDOW" in words:
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
    if "," in problem.expected and (problem.token.symbol == symbol_of("NAME") or problem.found in _WINDOW_PARTS):
        return f'a "," seems to be missing before {shown(problem.token)}'
    return None


_WINDOW_PARTS = frozenset({"SIZE", "ADVANCE", "RETENTION", "GRACE"})


HINTS: tuple[Callable[[Problem], str | None], ...] = (
    double_equals,
    chained_comparison,
    double_quotes,
    unquoted_text,
    quoted_name,
    quote_in_text,
    subquery,
    other_sql,
    several_rows,
    constraint,
    missing_semicolon,
    trailing_comma,
    constructor,
    odd_name,
    incomplete_keyword,
    reserved_word,
    misspelt_keyword,
    clause_order,
    missing_comma,
    open_bracket,
)


def _is_word(token: Token) -> bool:
    return token.text[:1].isalpha() or token.text[:1] == "_"


def _words(problem: Problem) -> frozenset[str]:
    """The words before the problem."""
    return frozenset(token.text.upper() for token in problem.tokens[: problem.position])
