"""Text to statements.

Law: for any text the only exception is ParseError, at a place; no text, however deep or long, exhausts the stack.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from headrace.parser import grammar
from headrace.parser.actions import ACTIONS
from headrace.parser.automaton import Automaton, Overflowed, Rejected
from headrace.parser.errors import ParseError, Span
from headrace.parser.expressions import Arithmetic, Expression, Logical
from headrace.parser.lexer import VARIABLE, Token, symbol_of
from headrace.parser.splitter import Fragment, split
from headrace.parser.statements import (
    ColumnDefinition,
    CreateAsSelect,
    DefineVariable,
    Explain,
    InsertSelect,
    Statement,
    UndefineVariable,
)
from headrace.parser.syntax import Syntax, content
from headrace.parser.types import TypeName
from headrace.parser.variables import Variables

MAX_STATEMENT_CHARACTERS = 128 * 1024
MAX_DEPTH = 200


def parse(
    text: str, *, variables: Mapping[str, str] | None = None, limit: int | None = MAX_STATEMENT_CHARACTERS
) -> list[Statement]:
    """The statements of `text`; raises the first ParseError.

    `variables` are substituted for `${name}`, as are those that `text` itself defines. A statement of more than `limit`
    characters is refused.

    >>> [statement.text for statement in parse("SHOW STREAMS; SHOW TABLES;")]
    ['SHOW STREAMS', 'SHOW TABLES']
    """
    statements = []
    for outcome in _outcomes(text, variables, limit):
        if isinstance(outcome, ParseError):
            raise outcome
        statements.append(outcome)
    return statements


def parse_all(
    text: str, *, variables: Mapping[str, str] | None = None, limit: int | None = MAX_STATEMENT_CHARACTERS
) -> tuple[list[Statement], list[ParseError]]:
    """The statements that can be read and the errors of the others."""
    statements: list[Statement] = []
    errors: list[ParseError] = []
    for outcome in _outcomes(text, variables, limit):
        if isinstance(outcome, ParseError):
            errors.append(outcome)
        else:
            statements.append(outcome)
    return statements, errors


def parse_expression(text: str) -> Expression:
    """One expression, such as "A + 1"."""
    expression: Expression = _read_alone(text, start="expression")
    return expression


def parse_type(text: str) -> TypeName:
    """One type, such as "MAP<STRING, INT>"."""
    type_name: TypeName = _read_alone(text, start="type")
    return type_name


def parse_columns(text: str) -> tuple[ColumnDefinition, ...]:
    """A schema, such as "ID BIGINT KEY, S INTEGER"; it may be empty."""
    if not text.strip():
        return ()
    columns: tuple[ColumnDefinition, ...] = _read_alone(text, start="column_list")
    return columns


@cache
def automaton() -> Automaton:
    """The automaton of the language."""
    return Automaton.of(grammar.load(), ACTIONS)


def _outcomes(text: str, values: Mapping[str, str] | None, limit: int | None) -> Iterator[Statement | ParseError]:
    variables = Variables(values or {})
    for fragment in split(text):
        try:
            statement = _read_statement(fragment, variables, limit)
        except ParseError as error:
            error.statement = fragment.text + fragment.end.text
            yield error
            continue
        match statement:
            case DefineVariable(name=name, value=value):
                variables.define(name, value)
            case UndefineVariable(name=name):
                variables.undefine(name)
        yield statement


def _read_statement(fragment: Fragment, variables: Variables, limit: int | None) -> Statement:
    if limit is not None and len(fragment.text) > limit:
        raise ParseError(
            f"The statement has {len(fragment.text)} characters, more than the {limit} allowed",
            span=fragment.tokens[0].span,
            kind="too long",
        )
    tokens = fragment.tokens
    substituted = variables.substitute(tokens) if "${" in fragment.text else tokens
    statement: Statement = _read(substituted, fragment.end, start="statement")
    if not fragment.is_terminated:
        raise ParseError(
            "The statement is not terminated",
            span=fragment.end.span,
            hint='add a ";"',
            detail="missing ';' at '<EOF>'",
        )
    return _with_text(statement, fragment, tokens, substituted)


def _read_alone(text: str, *, start: str) -> Any:
    fragments = list(split(text))
    if not fragments:
        raise ParseError("The text is empty", span=Span(1, 1, 0, 0))
    if len(fragments) > 1 or fragments[0].is_terminated:
        raise ParseError('Unexpected ";"', span=fragments[0].end.span)
    tokens = Variables({}).substitute(fragments[0].tokens)
    return _read(tokens, fragments[0].end, start=start)


def _read(tokens: Sequence[Token], end: Token, *, start: str) -> Any:
    words = [*_with_signs(tokens), end]
    machine = automaton()
    try:
        value = machine.run(words, start=start)
    except Rejected as rejected:
        # only a mistake pays for the module that explains it (a tenth of the parser's import)
        from headrace.parser.diagnosis import diagnose  # noqa: PLC0415

        raise diagnose(machine, rejected, words) from None
    except Overflowed as overflowed:
        raise _too_deep(words[overflowed.position].span) from None
    if len(words) > MAX_DEPTH:  # n words cannot nest deeper than n
        _check_depth(value)
    return value


def _with_signs(tokens: Sequence[Token]) -> Iterator[Token]:
    """Joins a "-" that no value precedes to the number after it, and refuses brackets nested too deep."""
    numbers, values = _numbers(), _values()
    depth = 0
    previous, sign = -1, None
    for token in tokens:
        if sign is not None:
            if token.symbol in numbers:
                token = token._replace(text="-" + token.text, line=sign.line, column=sign.column, start=sign.start)
            else:
                yield sign
            sign = None
        elif token.text in ("(", "["):
            depth += 1
            if depth > MAX_DEPTH:
                raise _too_deep(token.span)
        elif token.text in (")", "]"):
            depth -= 1
        if token.text == "-" and previous not in values:
            sign = token
        else:
            yield token
        previous = token.symbol
    if sign is not None:
        yield sign


@cache
def _numbers() -> frozenset[int]:
    return frozenset(symbol_of(name) for name in ("WHOLE_NUMBER", "DECIMAL_NUMBER", "DOUBLE_NUMBER"))


@cache
def _values() -> frozenset[int]:
    """What ends a value, so that a "-" after it is a difference."""
    words = ("NAME", "TEXT", "RPAR", "RSQB", "END", "TRUE", "FALSE", "NULL")
    return _numbers() | {symbol_of(name) for name in words} | {VARIABLE}


def _too_deep(span: Span | None) -> ParseError:
    return ParseError(
        f"The statement is nested more than {MAX_DEPTH} levels deep",
        span=span,
        hint="split it into several statements",
        kind="too deep",
    )


def _check_depth(value: object) -> None:
    """Refuses trees that would exhaust the stack of whoever walks them; a chain such as `a + b + …` is one level."""
    pending = [(value, 1)]
    while pending:
        node, depth = pending.pop()
        if isinstance(node, tuple):
            pending += [(child, depth) for child in node]
        elif isinstance(node, Syntax):
            if depth > MAX_DEPTH:
                raise _too_deep(getattr(node, "span", None))
            if isinstance(node, Logical | Arithmetic):
                is_link = isinstance(node.left, type(node))
                pending += [(node.left, depth if is_link else depth + 1), (node.right, depth + 1)]
            else:
                pending += [(child, depth + 1) for child in content(node)]


def _with_text(
    statement: Statement, fragment: Fragment, tokens: Sequence[Token], substituted: Sequence[Token]
) -> Statement:
    """The statement and those within it, each with its own text."""
    text = _text(statement, fragment, tokens, substituted)
    match statement:
        case CreateAsSelect(query=query) | InsertSelect(query=query):
            inner = replace(query, text=_text(query, fragment, tokens, substituted))
            return replace(statement, text=text, query=inner)
        case Explain(target=Statement() as target):
            return replace(statement, text=text, target=_with_text(target, fragment, tokens, substituted))
        case _:
            return replace(statement, text=text)


def _text(statement: Statement, fragment: Fragment, tokens: Sequence[Token], substituted: Sequence[Token]) -> str:
    span, origin = statement.span or fragment.span, fragment.span.start
    if tokens is substituted:
        return fragment.text[span.start - origin : span.end - origin]
    parts: list[str] = []
    end = span.start
    for token, word in zip(tokens, substituted):
        if span.start <= token.start < span.end:
            gap = fragment.text[end - origin : token.start - origin]
            # a value that took the place of `${name}` must not run into its neighbours
            parts += [gap or " " if parts else "", word.text]
            end = token.end
    return "".join(parts)
