"""URIs as Java's `java.net.URI` takes them apart: RFC 2396, with letters beyond ASCII allowed.

The law: a text with a character that does not belong where it stands is no URI at all; parts are given decoded.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote_plus, unquote

from headrace.engine.functions.errors import FunctionError

_OTHER = r"\x80-\U0010ffff"
_ESCAPED = r"%[0-9A-Fa-f]{2}"
_UNRESERVED = rf"a-zA-Z0-9\-_.!~*'(){_OTHER}"
_PATH = re.compile(rf"(?:[{_UNRESERVED}:@&=+$,;/]|{_ESCAPED})*")
_ANY = re.compile(rf"(?:[{_UNRESERVED};/?:@&=+$,\[\]]|{_ESCAPED})*")
_AUTHORITY = re.compile(rf"(?:[{_UNRESERVED}$,;:@&=+\[\]]|{_ESCAPED})*")
_PARTS = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.\-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_SERVER = re.compile(
    r"(?:[^@]*@)?"
    r"((?:(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)*[A-Za-z](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.?)"
    r"|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.%a-zA-Z]+\])"
    r"(?::(\d*))?"
)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Uri:
    """The decoded parts of a URI; None for those it does not have."""

    scheme: str | None
    host: str | None
    port: int | None
    path: str | None
    query: str | None
    fragment: str | None


@lru_cache(maxsize=1000)
def parse_uri(text: str) -> Uri:
    """The parts of a URI; raises FunctionError."""
    found = _PARTS.fullmatch(text)
    if found is None or not text:
        raise FunctionError(f'"{text}" is not a URL')
    scheme, authority, path, query, fragment = found.groups()
    _check(text, fragment, _ANY)
    if scheme and authority is None and not path.startswith("/"):
        _check(text, path or " ", _ANY)  # opaque, like mailto:someone; its "path" must not be empty
        return Uri(scheme, None, None, None, None, _decode(fragment))
    _check(text, path, _PATH)
    _check(text, query, _ANY)
    _check(text, authority, _AUTHORITY)
    if authority == "" and not path:
        raise FunctionError(f'"{text}" is not a URL: the host is missing')
    server = _SERVER.fullmatch(authority or "")
    host, port = (server[1], server[2]) if server else (None, None)
    return Uri(scheme, host, int(port) if port else None, _decode(path), _decode(query), _decode(fragment))


def encode_form(text: str) -> str:
    """Text as a form sends it; Java leaves letters, digits and `.-*_` as they are."""
    return quote_plus(text, safe="*", errors="replace").replace("~", "%7E")


def decode_form(text: str) -> str:
    """What a form has sent; raises FunctionError."""
    if _BAD_ESCAPE.search(text):
        raise FunctionError(f'"{text}" has a "%" that two hexadecimal digits do not follow')
    return unquote(text.replace("+", " "))


def _check(text: str, part: str | None, allowed: re.Pattern[str]) -> None:
    if part is None:
        return
    found = allowed.match(part)
    end = found.end() if found else 0
    if end < len(part):
        raise FunctionError(f'"{text}" is not a URL: "{part[end]}" does not belong there')


def _decode(part: str | None) -> str | None:
    return part if part is None else unquote(part)
