"""`${name}` in a statement: replaced on tokens.

Law: a value can never change a statement's shape. Outside quotes it must be one name or one literal; inside quotes it is
text, whatever characters it has. `$${name}` stands for the text `${name}`.
"""

import re
from collections.abc import Iterable, Mapping

from headrace.parser.errors import ParseError, printable
from headrace.parser.lexer import VARIABLE, Token, symbol_of, tokenize

REFERENCE = re.compile(r"\$?\$\{([A-Za-z_][A-Za-z0-9_@]*)\}")


# A few DEFINEs that double each other's value would else fill the memory.
MAX_INSERTED_CHARACTERS = 1_000_000


class Variables:
    """Substitution variables; names are case-insensitive."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {name.upper(): value for name, value in values.items()}
        self._inserted = 0

    def define(self, name: str, value: str) -> None:
        """DEFINE within the text that is being read."""
        self._values[name.upper()] = value

    def undefine(self, name: str) -> None:
        """UNDEFINE within the text that is being read."""
        self._values.pop(name.upper(), None)

    def substitute(self, tokens: Iterable[Token]) -> list[Token]:
        """The tokens with every reference replaced, places unchanged."""
        self._inserted = 0
        return [self._token(token) if "${" in token.text else token for token in tokens]

    def _token(self, token: Token) -> Token:
        if token.symbol == VARIABLE:
            return self._reference(token)
        quote = token.text[0]
        if quote in "'`\"":
            return token._replace(text=quote + self._inside_quotes(token, quote) + quote)
        return token

    def _inside_quotes(self, token: Token, quote: str) -> str:
        def replacement(match: re.Match[str]) -> str:
            if match.group().startswith("$$"):
                return match.group()[1:]
            value = self._value(match.group(1), token)
            return match.group() if value is None else value.replace(quote, quote + quote)

        return REFERENCE.sub(replacement, token.text[1:-1])

    def _value(self, name: str, token: Token) -> str | None:
        value = self._values.get(name.upper())
        self._inserted += len(value or "")
        if self._inserted > MAX_INSERTED_CHARACTERS:
            raise ParseError(
                f"The values of variables add more than {MAX_INSERTED_CHARACTERS} characters to the statement",
                span=token.span,
                kind="too long",
            )
        return value

    def _reference(self, token: Token) -> Token:
        if token.text.startswith("$$"):
            raise ParseError(
                f'"{token.text}" stands outside quotes', span=token.span, hint="drop one $ to refer to the variable"
            )
        name = token.text[2:-1]
        value = self._value(name, token)
        if value is None:
            raise ParseError(f'Variable "{name}" is not defined', span=token.span, hint=f"DEFINE {name} = 'value';")
        word = _single_word(value.strip())
        if word is None:
            raise ParseError(
                f'The value of variable "{name}" is neither a name nor a literal: {printable(value)}',
                span=token.span,
                hint=f"put the variable in quotes to use it as text: '{token.text}'",
            )
        return Token(word.symbol, 0, word.text, token.line, token.column, token.start, token.end)


def _single_word(value: str) -> Token | None:
    """The one name or literal that `value` is, if it is one."""
    sign = "-" if value.startswith("-") else ""
    unsigned = value[len(sign) :].lstrip()
    tokens = list(tokenize(unsigned))
    if len(tokens) != 1 or tokens[0].end != len(unsigned):
        return None
    token = tokens[0]
    numbers = {symbol_of("WHOLE_NUMBER"), symbol_of("DECIMAL_NUMBER"), symbol_of("DOUBLE_NUMBER")}
    if token.symbol in numbers:
        return token._replace(text=sign + token.text)
    words = {symbol_of("NAME"), symbol_of("TEXT"), symbol_of("TRUE"), symbol_of("FALSE")}
    return token if token.symbol in words and not sign else None
