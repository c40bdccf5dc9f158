"""What every node of a syntax tree is: frozen, slotted, and equal to a node with the same content.

Law: nothing here recurses, so that a chain of ten thousand ANDs can be compared, hashed and shown; places (`compare=False`)
take no part. The methods are written once instead of generated for each of a hundred classes, which makes the import of the
parser three times as fast.
"""

from dataclasses import Field, FrozenInstanceError, dataclass, field, fields
from typing import Any, ClassVar, TypeVar, dataclass_transform

_Node = TypeVar("_Node", bound="Syntax")

_set = object.__setattr__


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def syntax(node_type: type[_Node]) -> type[_Node]:
    """Makes a class of nodes: `@dataclass(frozen=True, slots=True)`, but faster to make."""
    made = dataclass(init=False, eq=False, repr=False, slots=True)(node_type)
    parts = fields(made)
    made._compared = tuple(part.name for part in parts if part.compare)
    made._shown = tuple(part.name for part in parts if part.repr)
    setattr(made, "__init__", _initializer(made, parts))  # noqa: B010  (a class's own method, not an instance's)
    return made


def content(node: "Syntax") -> list[Any]:
    """What a node says: the values of its fields but for places."""
    return [getattr(node, name) for name in node._compared]


class Syntax:
    """Base of all nodes."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    _compared: ClassVar[tuple[str, ...]] = ()
    _shown: ClassVar[tuple[str, ...]] = ()

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __setstate__(self, state: tuple[None, dict[str, object]]) -> None:
        for name, value in state[1].items():
            _set(self, name, value)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        pending: list[tuple[Any, Any]] = [(self, other)]
        while pending:
            left, right = pending.pop()
            if left is right:
                continue
            if isinstance(left, Syntax):
                if type(left) is not type(right):
                    return False
                pending += zip(content(left), content(right))
            elif type(left) is tuple and type(right) is tuple:
                if len(left) != len(right):
                    return False
                pending += zip(left, right)
            elif left != right:
                return False
        return True

    def __hash__(self) -> int:
        flat: list[object] = []
        pending: list[Any] = [self]
        while pending:
            value = pending.pop()
            if isinstance(value, Syntax):
                flat.append(type(value))
                pending += content(value)
            elif type(value) is tuple:
                flat.append(len(value))
                pending += value
            else:
                flat.append(value)
        return hash(tuple(flat))

    def __repr__(self) -> str:
        words: list[str] = []
        pending: list[Any] = [self]
        while pending:
            value = pending.pop()
            if type(value) is _Word:
                words.append(value)
            elif isinstance(value, Syntax):
                parts: list[Any] = [_Word(f"{type(value).__name__}(")]
                for name in value._shown:
                    parts += [_Word(f"{', ' if len(parts) > 1 else ''}{name}="), getattr(value, name)]
                pending += [_Word(")"), *reversed(parts)]
            elif type(value) is tuple:
                parts = [part for item in value for part in (_Word(", "), item)]
                pending += [_Word(",)" if len(value) == 1 else ")"), *reversed(parts[1:]), _Word("(")]
            else:
                words.append(repr(value))
        return "".join(words)


class _Word(str):
    """Text of a repr that is ready."""

    __slots__ = ()


def _initializer(node_type: type[Syntax], parts: tuple[Field[Any], ...]) -> Any:
    """The `__init__` of a class of nodes: its fields in their order, those with `kw_only` behind a star."""
    scope: dict[str, Any] = {"_set": _set}
    positional = [_parameter(part, scope) for part in parts if not part.kw_only]
    keywords = [_parameter(part, scope) for part in parts if part.kw_only]
    head = ", ".join(["self", *positional, *(["*", *keywords] if keywords else [])])
    body = "".join(f" _set(self, {part.name!r}, {part.name})\n" for part in parts)
    exec(f"def __init__({head}):\n{body or ' pass'}", scope)  # noqa: S102  (names of fields only, as dataclasses do)
    return scope["__init__"]


def _parameter(part: Field[Any], scope: dict[str, Any]) -> str:
    scope[f"_{part.name}"] = part.default
    return part.name if part.default is _REQUIRED else f"{part.name}=_{part.name}"


_REQUIRED = field().default
