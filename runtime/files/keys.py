"""Keys of loaded records: named columns of a document, encoded in the key format of the topic's source."""

from collections.abc import Sequence

import msgspec

from headrace.engine.catalog.source import Source
from headrace.engine.codegen.serde import Formats, SerdeSpec
from headrace.engine.types.schema import Column
from headrace.engine.types.sqltype import STRING
from headrace.runtime.files.errors import FileProblem

CACHED_KEYS = 65_536
"""Keys repeat: a cached one costs a look-up, an encoded one some microseconds."""

_ABSENT = b"null"
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class KeyColumns:
    """From a document to key bytes. `names` are the document's columns, `columns` what they are in the key, in the same order."""

    def __init__(self, source: Source, names: Sequence[str], formats: Formats) -> None:
        """Raises FileProblem where the source's key does not have as many columns."""
        declared = source.schema.key
        if declared and len(declared) != len(names):
            wanted = ", ".join(c.name for c in declared)
            raise FileProblem(
                f'The key of "{source.name}" is ({wanted}), but key={",".join(names)} names {len(names)} columns.'
            )
        if not declared and len(names) > 1:
            raise FileProblem(f'"{source.name}" declares no key, so key={",".join(names)} can name one column only.')
        columns = declared or (Column(names[0], STRING),)
        spec = source.key_serde() if declared else SerdeSpec("KAFKA", columns, wrapped=False, is_key=True)
        format, json = formats.get(spec.format), formats.get("JSON")
        assert format is not None
        assert json is not None
        self._writer = format.writer(spec)
        self._columns = columns
        self._reader = json.reader(SerdeSpec("JSON", columns, wrapped=True))
        self._names = list(names)
        self._known: dict[tuple[bytes, ...], bytes | None] = {}

    def of(self, document: bytes) -> bytes | None:
        """The key of a document; None where it has none of the columns or is no object."""
        try:
            members = _members.decode(document)
        except _UNREADABLE:
            return None
        raws = tuple([bytes(self._member(members, i)) for i in range(len(self._names))])
        try:
            return self._known[raws]
        except KeyError:
            if len(self._known) >= CACHED_KEYS:
                self._known.clear()
            key = self._known[raws] = self._encode(raws)
            return key

    def _member(self, members: dict[str, msgspec.Raw], index: int) -> msgspec.Raw | bytes:
        found = members.get(self._names[index])
        if found is None:
            upper = self._names[index].upper()
            spelling = next((name for name in members if name.upper() == upper), None)
            if spelling is None:
                return _ABSENT
            self._names[index] = spelling
            found = members[spelling]
        return found

    def _encode(self, raws: tuple[bytes, ...]) -> bytes | None:
        if all(raw == _ABSENT for raw in raws):
            return None
        members = (msgspec.json.encode(c.name) + b":" + raw for c, raw in zip(self._columns, raws, strict=True))
        try:
            values = self._reader.decode(b"{" + b",".join(members) + b"}")
            return self._writer.encode([values[c.name] for c in self._columns])
        except Exception:  # whatever a format raises: the text goes in as it stands, and queries report it
            return _plain(raws[0]) if len(raws) == 1 else b"{" + b",".join(raws) + b"}"


def _plain(raw: bytes) -> bytes:
    if not raw.startswith(b'"'):
        return raw
    try:
        return msgspec.json.decode(raw, type=str).encode("utf-8", "surrogatepass")
    except _UNREADABLE:  # not UTF-8: the bytes as they stand
        return raw[1:-1]


def plain_key(document: bytes, name: str) -> bytes | None:
    """The member of a document as text, for a topic of which no schema is known; raises ValueError where there is no object."""
    try:
        members = _members.decode(document)
    except _UNREADABLE as error:
        raise ValueError(str(error)) from error
    raw = members.get(name)
    return None if raw is None or bytes(raw) == _ABSENT else _plain(bytes(raw))
