"""How SQL types stand in JSON documents: msgspec types for the fast path, and the names that data really uses.

The law: what the typed decoder accepts, it reads as the lenient path would; all else it refuses. A column may be spelled
otherwise in data (`price` for PRICE): the exact name wins, then any that is equal in upper case. Fields are required, so that
a missing one is refused, until data shows that fields come and go; then the record is *sparse*: every name seen so far is
listed and unknown ones are refused, which makes a missing field known to be missing.

The one exception: records of one topic that spell the same field in several ways *within one record*.
"""

import decimal
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Optional

import msgspec

from headrace.engine.codegen.source import Code
from headrace.engine.types.sqltype import (
    BIGINT,
    BOOLEAN,
    BYTES,
    DATE,
    DOUBLE,
    INTEGER,
    STRING,
    TIME,
    TIMESTAMP,
    Array,
    Decimal,
    Map,
    SqlType,
    Struct,
)
from headrace.runtime.serde.scalars import DAY_MS, INT_MAX, INT_MIN, LONG_MAX, LONG_MIN, decimal_fit

MAX_DEPTH = 8
"""Types nested deeper are read by the lenient path only (the generated expression would nest as deep)."""

MAX_NAMES = 128
"""Most other names that a sparse record lists."""

SPARSE_AFTER = 16
"""Records with missing fields in one batch that make a record sparse; fewer are cheaper on the lenient path."""

_LONG = Annotated[int, msgspec.Meta(ge=LONG_MIN, le=LONG_MAX)]
_INT = Annotated[int, msgspec.Meta(ge=INT_MIN, le=INT_MAX)]
_PRIMITIVES: dict[SqlType, Any] = {
    BOOLEAN: bool,
    INTEGER: _INT,
    BIGINT: _LONG,
    DOUBLE: float,
    STRING: str,
    BYTES: bytes,
    DATE: _INT,
    TIME: Annotated[int, msgspec.Meta(ge=0, lt=DAY_MS)],
    TIMESTAMP: _LONG,
}


class TypeShape:
    """A SQL type: `item` is the shape of what an ARRAY or MAP holds, `record` that of a STRUCT."""

    def __init__(self, type: SqlType) -> None:
        self.type = type
        self.item: TypeShape | None = None
        self.record: RecordShape | None = None
        match type:
            case Array(item) | Map(_, item):
                self.item = TypeShape(item)
            case Struct(fields):
                self.record = RecordShape(fields)

    @property
    def depth(self) -> int:
        """How many types are nested, this one included."""
        inner = [self.item] if self.item else self.record.shapes if self.record else []
        return 1 + max((shape.depth for shape in inner), default=0)

    @property
    def converts(self) -> bool:
        """Whether decoded values need a further step to be values of the SQL type."""
        return (
            self.record is not None or isinstance(self.type, Decimal) or (self.item is not None and self.item.converts)
        )

    def records(self) -> Iterator["RecordShape"]:
        """All records within."""
        if self.item is not None:
            yield from self.item.records()
        if self.record is not None:
            yield from self.record.records()

    def annotation(self) -> Any:
        """The msgspec type that decodes it, NULL included."""
        return Optional[self._required()]  # noqa: UP045 - built at run time

    def _required(self) -> Any:
        match self.type:
            case Array():
                assert self.item is not None
                return list[self.item.annotation()]  # type: ignore[misc]
            case Map():
                assert self.item is not None
                return dict[str, self.item.annotation()]  # type: ignore[misc]
            case Struct():
                assert self.record is not None
                return self.record.struct()
            case Decimal():
                return decimal.Decimal
        return _PRIMITIVES[self.type]

    def expression(self, code: Code, variable: str) -> str:
        """Source of the SQL value for a decoded one; ValueError at run time where it is none."""
        if not self.converts:
            return variable
        inner = code.fresh("i")
        match self.type:
            case Decimal(precision, scale):
                value = f"{code.bind('fit', decimal_fit(precision, scale))}({variable})"
            case Array():
                assert self.item is not None
                value = f"[{self.item.expression(code, inner)} for {inner} in {variable}]"
            case Map():
                assert self.item is not None
                key = code.fresh("k")
                value = f"{{{key}: {self.item.expression(code, inner)} for {key}, {inner} in {variable}.items()}}"
            case _:
                assert self.record is not None
                items = (
                    f"{code.bind('name', name)}: {shape.expression(code, f'{variable}.f{index}')}"
                    for index, (name, shape) in enumerate(self.record.fields)
                )
                value = f"{{{', '.join(items)}}}"
        return f"(None if {variable} is None else {value})"


class RecordShape:
    """A JSON object with declared fields: a STRUCT, or the columns of a record."""

    def __init__(self, fields: Sequence[tuple[str, SqlType]]) -> None:
        self.fields = [(name, TypeShape(type)) for name, type in fields]
        self.sparse = False
        self.changed = False
        self._spelling = {name: name for name, _ in fields}
        self._others: set[str] = set()
        self._misses = 0

    @property
    def shapes(self) -> list[TypeShape]:
        """The shapes of the fields."""
        return [shape for _, shape in self.fields]

    def records(self) -> Iterator["RecordShape"]:
        """This record and all within."""
        yield self
        for shape in self.shapes:
            yield from shape.records()

    def resolve(self, members: Mapping[str, object]) -> list[str | None]:
        """Under which name each field stands in an object (None: it is missing); learns from it."""
        folded: dict[str, str] | None = None
        found: list[str | None] = []
        for name, _ in self.fields:
            spelled: str | None = name
            if name not in members:
                spelled = self._spelling[name]
                if spelled not in members:
                    folded = folded or {member.upper(): member for member in members}
                    spelled = folded.get(name)
            found.append(spelled)
            if spelled is not None and spelled != self._spelling[name]:
                self._spelling[name] = spelled
                self.changed = True
        if self.sparse or None in found:
            self._list(members)
        if None in found:
            self._misses += 1
        return found

    def settle(self) -> None:
        """Close a batch: many records with missing fields make the record sparse."""
        if self._misses >= SPARSE_AFTER and not self.sparse:
            self.sparse = self.changed = True
        self._misses = 0

    def struct(self) -> type[msgspec.Struct]:
        """The Struct with fields f0, f1, …; ValueError where a name cannot be one of a Struct."""
        spelled = {f"f{index}": self._spelling[name] for index, (name, _) in enumerate(self.fields)}
        if not self.sparse:
            typed = [(f"f{index}", shape.annotation()) for index, shape in enumerate(self.shapes)]
            return msgspec.defstruct("Record", typed, rename=spelled, gc=False)
        fields = [(f"f{index}", shape.annotation(), None) for index, shape in enumerate(self.shapes)]
        names = {name for name, _ in self.fields}
        others = sorted(
            other for other in self._others - set(spelled.values()) if other not in names and other.upper() not in names
        )
        listed = {f"x{index}": other for index, other in enumerate(others)}
        unread = [(field, msgspec.Raw, msgspec.Raw()) for field in listed]
        return msgspec.defstruct(
            "Record", [*fields, *unread], rename=spelled | listed, gc=False, forbid_unknown_fields=True
        )

    def _list(self, members: Mapping[str, object]) -> None:
        known = len(self._others)
        if known < MAX_NAMES:
            self._others.update(name for name in members if _is_plain(name))
            self.changed |= self.sparse and len(self._others) > known


def _is_plain(name: str) -> bool:
    """Whether msgspec takes it as the name of a field."""
    return '"' not in name and "\\" not in name and not any(character < " " for character in name) and len(name) <= 256
