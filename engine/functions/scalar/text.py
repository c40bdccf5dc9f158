"""Functions of text: case, search, replacement, splitting.

Positions and lengths count UTF-16 code units in ksqlDB. They equal Python's for text within the Basic Multilingual
Plane; LEN counts the units of all text.
"""

import hashlib
import re

from headrace.engine.functions.definition import Call, Family
from headrace.engine.functions.errors import FunctionError

family = Family("STRING")

_ASCII_CONTROL_AND_SPACE = "".join(map(chr, range(33)))
_UNICODE_ESCAPES = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+")
_WORD = re.compile(r"\S+")


@family.scalar("CHR(decimalCode INT) -> STRING", examples=(("CHR(75)", "K"), ("CHR(-1)", "NULL")))
def chr_code(code: int) -> str | None:
    """Returns the character of a Unicode code point, given as a number or as text such as "\\u004b"."""
    is_surrogate = 0xD800 <= code <= 0xDFFF  # half a character: no encoding can carry it
    return chr(code) if 0 <= code <= 0x10FFFF and not is_surrogate else None


@family.scalar("CHR(utf16Code STRING) -> STRING", examples=(("CHR('\\u004b')", "K"), ("CHR('75')", "NULL")))
def chr_escape(escape: str) -> str | None:
    """Returns the character of a Unicode code point, given as a number or as text such as "\\u004b"."""
    if not _UNICODE_ESCAPES.fullmatch(escape):
        return None
    units = bytes.fromhex(escape.replace("\\u", ""))
    return units.decode("utf-16-be")


@family.scalar(
    "ELT(pos INT, args STRING...) -> STRING",
    null_strict=False,
    can_fail=False,
    examples=(("ELT(2, 'a', 'b')", "b"), ("ELT(3, 'a', 'b')", "NULL")),
)
def elt(position: int | None, *texts: str | None) -> str | None:
    """Returns the text at a position (from 1) among the arguments."""
    return texts[position - 1] if position is not None and 1 <= position <= len(texts) else None


@family.scalar(
    "FIELD(str STRING, args STRING...) -> INT",
    null_strict=False,
    can_fail=False,
    examples=(("FIELD('b', 'a', 'b')", "2"), ("FIELD('c', 'a', 'b')", "0")),
)
def field(text: str | None, *texts: str | None) -> int:
    """Returns the position (from 1) of the text among the other arguments, or 0 if it is not there."""
    return texts.index(text) + 1 if text is not None and text in texts else 0


@family.scalar("INITCAP(str STRING) -> STRING", can_fail=False, examples=(("INITCAP('the  fOx')", "The  Fox"),))
def initcap(text: str) -> str:
    """Returns the text with the first letter of each word in upper case and the rest in lower case."""
    return _WORD.sub(lambda word: word[0][0].upper() + word[0][1:].lower(), text)


@family.scalar(
    "INSTR(str STRING, substring STRING[, position INT[, occurrence INT]]) -> INT",
    null_strict=False,
    can_fail=False,
    examples=(
        ("INSTR('corporate floor', 'or')", "2"),
        ("INSTR('corporate floor', 'or', 4, 2)", "14"),
        ("INSTR('corporate floor', 'or', -4, 2)", "2"),
    ),
)
def instr(text: str | None, part: str | None, position: int | None = 1, occurrence: int | None = 1) -> int:
    """Returns the position (from 1) of an occurrence of a part in a text, or 0; searches backwards from a negative position."""
    if text is None or part is None or position is None or occurrence is None or occurrence < 1:
        return 0
    if position == 1 and occurrence == 1:
        return text.find(part) + 1 if text else 0
    if position == 0 or abs(position) > len(text):
        return 0
    return _forwards(text, part, position, occurrence) if position > 0 else _backwards(text, part, position, occurrence)


@family.scalar("LCASE(text STRING) -> STRING", can_fail=False, examples=(("LCASE('MiXeD')", "mixed"),))
def lcase(text: str) -> str:
    """Returns the text in lower case."""
    return text.lower()


@family.scalar("UCASE(text STRING) -> STRING", can_fail=False, examples=(("UCASE('MiXeD')", "MIXED"),))
def ucase(text: str) -> str:
    """Returns the text in upper case."""
    return text.upper()


@family.scalar("LEN(value STRING) -> INT", can_fail=False, examples=(("LEN('ABC')", "3"),))
def len_text(text: str) -> int:
    """Returns the length of a text in UTF-16 code units, or of bytes."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@family.scalar("LEN(value BYTES) -> INT", can_fail=False)
def len_bytes(value: bytes) -> int:
    """Returns the length of a text in UTF-16 code units, or of bytes."""
    return len(value)


@family.scalar("MD5(s STRING) -> STRING", can_fail=False, examples=(("MD5('r1')", "7c92cf1eee8d99cc85f8355a3d6e4b86"),))
def md5(text: str) -> str:
    """Returns the MD5 hash of a text's UTF-8 bytes, as lower-case hexadecimal digits."""
    return hashlib.md5(text.encode(errors="replace"), usedforsecurity=False).hexdigest()


@family.scalar(
    "REPLACE(str STRING, oldStr STRING, newStr STRING) -> STRING",
    can_fail=False,
    examples=(("REPLACE('anaconda', 'a', 'o')", "onocondo"),),
)
def replace(text: str, old: str, new: str) -> str:
    """Returns the text with every occurrence of one text replaced by another."""
    return text.replace(old, new)


@family.scalar("SPLIT(string STRING, delimiter STRING) -> ARRAY<STRING>", can_fail=False)
def split_text(text: str, delimiter: str) -> list[str]:
    """Splits text or bytes at every occurrence of a delimiter; an empty delimiter splits every character."""
    if delimiter:
        return text.split(delimiter)
    return list(text) if text else [""]


@family.scalar("SPLIT(bytes BYTES, delimiter BYTES) -> ARRAY<BYTES>", can_fail=False)
def split_bytes(value: bytes, delimiter: bytes) -> list[bytes]:
    """Splits text or bytes at every occurrence of a delimiter; an empty delimiter splits every character."""
    if delimiter:
        return value.split(delimiter)
    return [value[i : i + 1] for i in range(len(value))] if value else [b""]


@family.scalar(
    "SPLIT_TO_MAP(input STRING, entryDelimiter STRING, kvDelimiter STRING) -> MAP<STRING, STRING>",
    can_fail=False,
    examples=(("SPLIT_TO_MAP('a:1;b:2', ';', ':')['b']", "2"),),
)
def split_to_map(text: str, entry_delimiter: str, value_delimiter: str) -> dict[str, str] | None:
    """Splits a text into the entries of a map, and each entry into its key and value."""
    if not entry_delimiter or not value_delimiter or entry_delimiter == value_delimiter:
        return None
    entries = (entry.split(value_delimiter) for entry in text.split(entry_delimiter) if value_delimiter in entry)
    return {parts[0]: parts[1] for parts in entries}


@family.scalar("TRIM(input STRING) -> STRING", can_fail=False, examples=(("TRIM('  a  ')", "a"),))
def trim(text: str) -> str:
    """Returns the text without white space and control characters at its ends."""
    return text.strip(_ASCII_CONTROL_AND_SPACE)


@family.scalar("UUID() -> STRING", can_fail=False, deterministic=False, made=True)
def uuid_random(call: Call) -> object:
    """Returns a random UUID, or the UUID that 16 bytes stand for."""
    random_bytes = call.clock.random_bytes

    def random_uuid() -> str:
        value = bytearray(random_bytes(16))
        value[6] = value[6] & 0x0F | 0x40  # version 4: random
        value[8] = value[8] & 0x3F | 0x80  # variant 2: RFC 4122
        return _uuid_text(bytes(value))

    return random_uuid


@family.scalar("UUID(bytes BYTES) -> STRING")
def uuid_of(value: bytes) -> str:
    """Returns a random UUID, or the UUID that 16 bytes stand for."""
    if len(value) != 16:
        raise FunctionError(f"a UUID has 16 bytes, got {len(value)}")
    return _uuid_text(value)


def _forwards(text: str, part: str, position: int, occurrence: int) -> int:
    found = position - 2
    for _ in range(occurrence):
        found = text.find(part, found + 1)
        if found < 0:
            return 0
    return found + 1


def _backwards(text: str, part: str, position: int, occurrence: int) -> int:
    found = len(text) + position + 1
    for _ in range(occurrence):
        if found < 1:
            return 0
        found = text.rfind(part, 0, found - 1 + len(part))
        if found < 0:
            return 0
    return found + 1


def _uuid_text(value: bytes) -> str:
    digits = value.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
