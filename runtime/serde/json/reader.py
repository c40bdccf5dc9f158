"""Writes the code that decodes JSON: a typed decoder in a try, the lenient path in its except."""

from collections.abc import Callable, Mapping
from typing import Any

from headrace.engine.codegen.serde import SerdeSpec
from headrace.engine.codegen.source import Code
from headrace.runtime.serde.json.decoding import Decoding
from headrace.runtime.serde.json.shape import MAX_DEPTH


class JsonReader:
    """Decodes a JSON object (or a bare value) into the columns that are wanted."""

    def __init__(self, spec: SerdeSpec) -> None:
        self._spec = spec
        self._bare = len(spec.columns) == 1 and not spec.wrapped
        self._all = spec.properties.get("DECODE_ALL_COLUMNS", "").lower() == "true"
        self._opened: tuple[Code, str, str] | None = None
        self._columns: Callable[[bytes], dict[str, object]] | None = None

    def prologue(self, code: Code) -> None:
        """Load the decoder once per batch."""
        if not self._spec.columns:
            return
        slot = _Slot()
        bound, decode = code.bind("json", slot), code.fresh("decode")
        code.line(f"{decode} = {bound}.decoding.begin()")
        self._opened = (code, bound, decode)

    def write(self, code: Code, source: str, targets: Mapping[str, str], on_error: Callable[[str], None]) -> None:
        """Decode `source` into the targets."""
        if not self._spec.columns:
            return
        columns = [c for c in self._spec.columns if self._all or self._bare or c.name in targets]
        decoding = Decoding(
            columns,
            bare=self._bare,
            nested_null=self._spec.properties.get("NESTED_ERROR_SET_NULL", "true").lower() != "false",
        )
        bound, decode = self._open(code, decoding)
        row, error = code.fresh("row"), code.fresh("e")
        variables = {index: targets[c.name] for index, c in enumerate(columns) if c.name in targets}
        values = {index: row if self._bare else f"{row}.f{index}" for index in variables}
        shapes = decoding.record.shapes
        converting = {i for i, shape in enumerate(shapes) if shape.converts and shape.depth <= MAX_DEPTH}
        with code.block("try:"):
            code.line(f"{row} = {decode}({source})")
            for index in sorted(converting):
                target = variables.get(index) or code.fresh("c")
                code.line(f"{target} = {shapes[index].expression(code, values.get(index, f'{row}.f{index}'))}")
        with code.block("except Exception:"):
            with code.block("try:"):
                code.line(f"{row} = {bound}.decoding.slow({source})")
            with code.block(f"except Exception as {error}:"):
                on_error(error)
            code.line(f"{decode} = {bound}.decoding.decode")
            for index in sorted(converting & variables.keys()):
                code.line(f"{variables[index]} = {values[index]}")
        for index in sorted(variables.keys() - converting):
            code.line(f"{variables[index]} = {values[index]}")

    def decode(self, data: bytes) -> dict[str, object]:
        """Every declared column of one record."""
        if self._columns is None:
            self._columns = self._compile()
        return self._columns(data)

    def _open(self, code: Code, decoding: Decoding) -> tuple[str, str]:
        """The names of the slot and of the decoder; a second decoding in the same code gets a slot of its own."""
        if self._opened is not None and self._opened[0] is code:
            _, bound, decode = self._opened
            self._opened = None
            slot = code.constants[bound]
            assert isinstance(slot, _Slot)
            slot.decoding = decoding
            return bound, decode
        bound, decode = code.bind("json", _Slot(decoding)), code.fresh("decode")
        code.line(f"{decode} = {bound}.decoding.begin()")
        return bound, decode

    def _compile(self) -> Callable[[bytes], dict[str, object]]:
        code = Code()
        targets = {c.name: code.fresh("c") for c in self._spec.columns}
        with code.block("def decode(v):"):
            self.write(code, "v", targets, lambda error: code.line(f"raise {error}"))
            items = ", ".join(f"{code.bind('name', name)}: {variable}" for name, variable in targets.items())
            code.line(f"return {{{items}}}")
        scope: dict[str, Any] = dict(code.constants)
        exec(code.compile("JSON columns"), scope)  # noqa: S102 - names are bound, see Code
        decode: Callable[[bytes], dict[str, object]] = scope["decode"]
        return decode


class _Slot:
    """Where generated code finds its decoding, which is made after the prologue is written."""

    def __init__(self, decoding: Decoding | None = None) -> None:
        self.decoding = decoding
