"""Decoding of chosen columns: a typed decoder that learns from the records that it refuses.

The law: `slow` gives what ksqlDB would read, or raises DecodeError and nothing else; `decode` gives the same or raises.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from headrace.engine.codegen.serde import DecodeError
from headrace.engine.types.schema import Column
from headrace.runtime.serde.json.lenient import coerce, load, load_member
from headrace.runtime.serde.json.shape import MAX_DEPTH, RecordShape
from headrace.runtime.serde.text import json_text

MAX_BYTES = 64 << 20
"""Longest record that the lenient path looks at."""

MAX_LESSONS = 32
"""Times that a decoder is made anew; data that changes its names for ever stays on the lenient path."""

_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_refused = (ValueError, ArithmeticError, RecursionError, MemoryError)


class Decoding:
    """How generated code decodes columns; `decode` is the typed decoder as of now."""

    def __init__(self, columns: Sequence[Column], *, bare: bool, nested_null: bool) -> None:
        self.record = RecordShape([(column.name, column.type) for column in columns])
        self.bare = bare
        self._records = list(self.record.records())
        self._nested_null = nested_null
        self._lessons = 0
        self._has_refused = False
        self._row = msgspec.defstruct("Row", [(f"f{index}", Any) for index in range(len(columns))], gc=False)
        self._strict = [
            None if shape.converts else msgspec.json.Decoder(shape.annotation()).decode for shape in self.record.shapes
        ]
        self.decode: Callable[[bytes], Any] = self._decoder()

    def begin(self) -> Callable[[bytes], Any]:
        """The decoder for the next batch."""
        if self._has_refused:
            self._has_refused = False
            for record in self._records:
                record.settle()
            self._learn()
        return self.decode

    def slow(self, data: bytes) -> Any:
        """The row (f0, f1, …), or the value of a bare column, by the lenient rules; raises DecodeError."""
        self._has_refused = True
        try:
            row = self._bare(data) if self.bare else self._wrapped(data)
        except DecodeError:
            raise
        except _refused as error:
            raise DecodeError(f"not JSON: {_first_line(error)}") from None
        self._learn()
        return row

    def _bare(self, data: bytes) -> Any:
        document = load(data)
        return self._column(0, document)

    def _wrapped(self, data: bytes) -> Any:
        if len(data) > MAX_BYTES:
            raise DecodeError(f"the record is longer than {MAX_BYTES} bytes")
        members, read = self._open(data)
        if members is None:
            return self._row(*[None] * len(self.record.fields))
        found = self.record.resolve(members)
        return self._row(*[None if name is None else read(index, members[name]) for index, name in enumerate(found)])

    def _open(self, data: bytes) -> tuple[dict[str, Any] | None, Callable[[int, Any], Any]]:
        """The members of the object and what reads one of them; undecoded members where msgspec can split the object."""
        try:
            return _members(data), self._raw
        except _refused:
            pass  # JSON null, other encodings, halves of surrogate pairs, or no object
        read = self._column
        try:
            document = load(data)
        except UnicodeDecodeError:  # the typed decoder passes over bytes that it does not read
            document, read = load(data, errors="surrogateescape"), self._intact
        if document is not None and not isinstance(document, dict):
            raise DecodeError("the record is not a JSON object")
        return document, read

    def _raw(self, index: int, raw: msgspec.Raw) -> Any:
        strict = self._strict[index]
        if strict is not None:
            try:
                return strict(raw)
            except _refused:
                pass
        return self._column(index, load_member(raw))

    def _column(self, index: int, document: Any) -> Any:
        name, shape = self.record.fields[index]
        try:
            return coerce(document, shape, nested_null=self._nested_null)
        except _refused as error:
            raise DecodeError(f'column "{name}": {_first_line(error)}') from None

    def _intact(self, index: int, document: Any) -> Any:
        json_text(document).encode()  # bytes that are no UTF-8 stand there as halves of surrogate pairs
        return self._column(index, document)

    def _learn(self) -> None:
        records = [record for record in self._records if record.changed]
        if not records:
            return
        for record in records:
            record.changed = False
        if self._lessons < MAX_LESSONS:
            self._lessons += 1
            self.decode = self._decoder()

    def _decoder(self) -> Callable[[bytes], Any]:
        shapes = self.record.shapes
        if any(shape.depth > MAX_DEPTH for shape in shapes):
            return _refuse
        try:
            if self.bare:
                return msgspec.json.Decoder(shapes[0].annotation()).decode
            return msgspec.json.Decoder(self.record.struct()).decode
        except ValueError:  # a name that no Struct can have
            return _refuse


def _refuse(data: bytes) -> Any:
    raise ValueError("for the lenient path")


def _first_line(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    return str(error).partition("\n")[0] or type(error).__name__
