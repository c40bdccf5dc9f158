"""Arrays, maps and structs in generated code: constructors and the ways into them."""

from headrace.engine.analysis import bound as b
from headrace.engine.codegen.emitter import Emitter
from headrace.engine.codegen.region import Value, nested
from headrace.engine.types.sqltype import STRING, Map


def write_array(emitter: Emitter, bound: b.ArrayOf) -> Value:
    """`ARRAY[items]`."""
    items = [emitter.emit(item) for item in bound.items]
    return nested(f"[{', '.join(i.text for i in items)}]", *items)


def write_map(emitter: Emitter, bound: b.MapOf) -> Value:
    """`MAP(key := value, …)`; a NULL key becomes the text `null`, as it does in every format that Java writes."""
    assert isinstance(bound.type, Map)
    entries = [(emitter.emit(k), emitter.emit(v)) for k, v in bound.entries]
    if bound.type.key == STRING:
        entries = [(_text_key(emitter, k), v) for k, v in entries]
    text = ", ".join(f"{k.text}: {v.text}" for k, v in entries)
    return nested(f"{{{text}}}", *(part for entry in entries for part in entry))


def write_struct(emitter: Emitter, bound: b.StructOf) -> Value:
    """`STRUCT(name := value, …)`."""
    values = [(emitter.constant(name), emitter.emit(value)) for name, value in bound.fields]
    return nested(f"{{{', '.join(f'{name}: {v.text}' for name, v in values)}}}", *(v for _, v in values))


def write_field(emitter: Emitter, bound: b.Field) -> Value:
    """`base->name`."""
    base = emitter.operand(bound.base)
    found = f"{base.text}[{emitter.constant(bound.name)}]"
    return _unless_null(found, base)


def write_element(emitter: Emitter, bound: b.Element) -> Value:
    """`base[index]`, from 1 or from the end."""
    index = bound.index.value if isinstance(bound.index, b.Literal) else None
    if isinstance(index, int) and index != 0:
        base = emitter.atom(emitter.emit(bound.base))
        within = f"len({base.text}) >= {abs(index)}"
        test = f"{base.text} is not None and {within}" if base.nullable else within
        place = index - 1 if index > 0 else index
        return nested(f"({base.text}[{place}] if {test} else None)", base, nullable=True)
    base, position = emitter.emit(bound.base), emitter.emit(bound.index)
    text = f"{emitter.function(element)}({base.text}, {position.text})"
    return nested(text, base, position, nullable=True, raises=position.nullable)


def write_entry(emitter: Emitter, bound: b.Entry) -> Value:
    """`base[key]`."""
    base, key = emitter.operand(bound.base), emitter.emit(bound.key)
    value = _unless_null(f"{base.text}.get({key.text})", base)
    return nested(value.text, base, key, nullable=True)


def element(array: list[object] | None, index: int) -> object:
    """The element at a place counted from 1, or from the end; None outside. Raises TypeError for no index."""
    if index > 0:
        return array[index - 1] if array is not None and index <= len(array) else None
    return array[index] if array is not None and index != 0 and -index <= len(array) else None


def _text_key(emitter: Emitter, key: Value) -> Value:
    if not key.nullable:
        return key
    atom = emitter.atom(key)
    return nested(f"({atom.text} if {atom.text} is not None else 'null')", atom)


def _unless_null(found: str, base: Value) -> Value:
    if not base.nullable:
        return nested(found, base, nullable=True)
    return nested(f"({found} if {base.text} is not None else None)", base, nullable=True)
