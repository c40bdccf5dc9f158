"""From a Java regular expression to Python's.

The law: what is translated matches what Java matches by default (ASCII `\\d`, `\\w`, `\\s`; `.` stops at every line
terminator); what Python cannot express is an error, never another meaning.
"""

import re

from headrace.engine.functions.errors import FunctionError
from headrace.engine.functions.java_regex.character_class import SHORTHANDS, named_class

_DOT = r"[^\n\r\x85\u2028\u2029]"
_SAME_IN_PYTHON = "dDwWsSbBAntrfa"
_FLAGS = re.compile(r"\(\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])")


def translate(pattern: str) -> str:
    """The Python pattern; to be compiled with `re.ASCII`."""
    return _Translator(pattern).translate()


class _Translator:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._position = 0
        self._out: list[str] = []
        self._open: list[list[str]] = [[]]
        """Per group that is open: the flags set inside it by `(?i)`, which Python can only set for a sub-pattern."""
        self._dot_all: list[bool] = [False]
        self._comments: list[bool] = [False]

    def translate(self) -> str:
        while self._position < len(self._pattern):
            self._step()
        self._close_flags()
        return "".join(self._out)

    def _step(self) -> None:
        character = self._pattern[self._position]
        match character:
            case "\\":
                self._out.append(self._escape(in_class=False))
            case "[":
                self._out.append(self._class())
            case "(":
                self._group()
            case ")":
                self._close_flags()
                if len(self._open) > 1:
                    self._open.pop()
                    self._dot_all.pop()
                    self._comments.pop()
                self._emit(")")
            case "|":
                flags = self._open[-1]
                self._emit(")" * len(flags) + "|" + "".join(flags))
            case ".":
                self._emit("(?s:.)" if self._dot_all[-1] else _DOT)
            case "#" if self._comments[-1]:
                end = self._pattern.find("\n", self._position)
                self._position = len(self._pattern) if end < 0 else end
            case _:
                self._emit(character)

    def _emit(self, text: str) -> None:
        self._out.append(text)
        self._position += 1

    def _close_flags(self) -> None:
        self._out.append(")" * len(self._open[-1]))
        self._open[-1] = []

    def _group(self) -> None:
        rest = self._pattern[self._position :]
        flags = _FLAGS.match(rest)
        if flags and (flags[1] or flags[2] is not None or flags[3] == ":"):
            self._flags(flags)
            return
        self._enter()
        if rest.startswith("(?<") and rest[3:4] not in ("=", "!"):
            self._out.append("(?P<")
            self._position += 3
        elif rest.startswith("(?"):
            # (?: (?= (?! (?<= (?<! (?> are the same in Python; the sign after them is no dot or class.
            length = 4 if rest.startswith("(?<") else 3
            self._out.append(rest[:length])
            self._position += length
        else:
            self._emit("(")

    def _enter(self) -> None:
        self._open.append([])
        self._dot_all.append(self._dot_all[-1])
        self._comments.append(self._comments[-1])

    def _flags(self, flags: re.Match[str]) -> None:
        on, off, end = flags[1], flags[2] or "", flags[3]
        self._position += flags.end()
        if end == ":":
            self._enter()
        self._dot_all[-1] = ("s" in on) or (self._dot_all[-1] and "s" not in off)
        self._comments[-1] = ("x" in on) or (self._comments[-1] and "x" not in off)
        # u, d and U have no counterpart under re.ASCII; s is expressed by the translation of the dot.
        kept_on = "".join(flag for flag in on if flag in "imx")
        kept_off = "".join(flag for flag in off if flag in "imx" and flag not in kept_on)
        opening = f"(?{kept_on}{'-' + kept_off if kept_off else ''}:"
        self._out.append(opening)
        if end == ")":
            self._open[-1].append(opening)

    def _escape(self, *, in_class: bool) -> str:
        following = self._pattern[self._position + 1 : self._position + 2]
        self._position += 2
        match following:
            case "":
                raise FunctionError(f'pattern "{self._pattern}" ends with a backslash')
            case "Q":
                return self._quoted()
            case "p" | "P":
                return self._property(negated=following == "P", in_class=in_class)
            case "h" | "v":
                return SHORTHANDS[following] if in_class else f"[{SHORTHANDS[following]}]"
            case "H" | "V":
                return f"[^{SHORTHANDS[following.lower()]}]"
            case "R":
                return r"(?:\r\n|[\n\x0b\f\r\x85\u2028\u2029])"
            case "z":
                return r"\Z"
            case "Z":
                return r"(?=\r?\n?\Z)"
            case "e":
                return r"\x1b"
            case "k":
                name = self._braced("<", ">")
                return f"(?P={name})"
            case "x" | "u" | "0" | "c":
                return self._code(following)
            case _ if following in _SAME_IN_PYTHON or following.isdigit():
                return "\\" + following
            case _ if following.isalpha() and following.isascii():
                raise FunctionError(f'pattern "{self._pattern}" has the unknown escape "\\{following}"')
            case _:
                return re.escape(following)

    def _quoted(self) -> str:
        end = self._pattern.find("\\E", self._position)
        end = len(self._pattern) if end < 0 else end
        text = self._pattern[self._position : end]
        self._position = end + 2
        return re.escape(text)

    def _property(self, *, negated: bool, in_class: bool) -> str:
        if self._pattern[self._position : self._position + 1] == "{":
            name = self._braced("{", "}")
        else:
            name = self._pattern[self._position : self._position + 1]
            self._position += 1
        members = named_class(name)
        if members is None:
            raise FunctionError(f'pattern "{self._pattern}" names the unknown character class "{name}"')
        if negated:
            return f"[^{members}]"
        return members if in_class else f"[{members}]"

    def _code(self, kind: str) -> str:
        rest = self._pattern[self._position :]
        found = {
            "x": re.match(r"\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2})", rest),
            "u": re.match(r"([0-9a-fA-F]{4})", rest),
            "0": re.match(r"([0-3]?[0-7]{1,2})", rest),
            "c": re.match(r"(.)", rest),
        }[kind]
        if found is None:
            raise FunctionError(f'pattern "{self._pattern}" has an incomplete escape "\\{kind}"')
        self._position += found.end()
        digits = next(group for group in found.groups() if group)
        code = ord(digits) ^ 64 if kind == "c" else int(digits, 8 if kind == "0" else 16)
        return f"\\U{code:08x}"

    def _braced(self, opening: str, closing: str) -> str:
        end = self._pattern.find(closing, self._position)
        if self._pattern[self._position : self._position + 1] != opening or end < 0:
            raise FunctionError(f'pattern "{self._pattern}" has an escape that is not closed')
        text = self._pattern[self._position + 1 : end]
        self._position = end + 1
        return text

    def _class(self) -> str:
        """A class as a pattern for one character: `[…]`, or alternatives and look-aheads where it is nested."""
        self._position += 1
        negated = self._pattern[self._position : self._position + 1] == "^"
        self._position += negated
        operands: list[list[str]] = [[]]
        members: list[str] = []
        first = True
        while True:
            rest = self._pattern[self._position : self._position + 2]
            if not rest:
                raise FunctionError(f'pattern "{self._pattern}" has a character class that is not closed')
            if rest[0] == "]" and not first:
                break
            first = False
            if rest == "&&":
                self._finish(members, operands[-1])
                members = []
                operands.append([])
                self._position += 2
            elif rest[0] == "[":
                operands[-1].append(self._class())
            elif rest[0] == "\\":
                text = self._escape(in_class=True)
                (operands[-1] if text.startswith("[") else members).append(text)
            else:
                members.append(rest[0] if rest[0] == "-" else re.escape(rest[0]))
                self._position += 1
        self._finish(members, operands[-1])
        self._position += 1
        return _one_character(operands, negated=negated)

    def _finish(self, members: list[str], alternatives: list[str]) -> None:
        if members:
            alternatives.append("[" + "".join(members) + "]")


def _one_character(operands: list[list[str]], *, negated: bool) -> str:
    alternatives = [a[0] if len(a) == 1 else f"(?:{'|'.join(a)})" for a in operands if a]
    if not alternatives:
        return "[^\\x00-\\U0010ffff]"
    if len(alternatives) == 1 and alternatives[0].startswith("[") and not negated:
        return alternatives[0]
    if len(alternatives) == 1 and alternatives[0].startswith("[") and not alternatives[0].startswith("[^"):
        return "[^" + alternatives[0][1:]
    conditions = "".join(f"(?={a})" for a in alternatives)
    return f"(?:(?!{conditions})[\\x00-\\U0010ffff])" if negated else f"(?:{conditions}[\\x00-\\U0010ffff])"
