"""The source of a stage writes the record loop: decode what is read, take event time, hand each row on.

The law: a record whose key or value cannot be decoded is reported and skipped; a table's record without a key is skipped;
event time comes before any other operator.
"""

from collections.abc import Callable
from dataclasses import dataclass

from headrace.engine.catalog.source import Source
from headrace.engine.codegen.builder import WINDOWLESS_KEY, Consume, Row, StageBuilder
from headrace.engine.codegen.serde import Reader
from headrace.engine.types.schema import Column
from headrace.engine.types.sqltype import STRING


@dataclass(frozen=True, slots=True)
class SourceLoop:
    """Reads a topic. `needed` are the columns that anything downstream reads (pseudo columns included); `keeps_key` and
    `keeps_headers` say whether key bytes and headers go on to the sink as they are."""

    source: Source
    key_reader: Reader
    value_reader: Reader
    needed: frozenset[str]
    parse_timestamp: Callable[[str, str], int] | None = None
    decode_always: bool = False
    keeps_key: bool = True
    keeps_headers: bool = True
    on_time: Callable[[StageBuilder, str], None] | None = None
    """Writes what is done with the event time of every record that has one, even of those that are skipped."""

    def write(self, builder: StageBuilder, consume: Consume, on_null: Consume | None) -> None:
        """Write `for r in records` and its body; rows without a value go to `on_null` (None: they are dropped)."""
        code, source = builder.code, self.source
        columns = {c.name: builder.variable(c.name) for c in source.schema if self._is_read(c)}
        keys = {c.name: columns[c.name] for c in source.schema.key if c.name in columns}
        values = {c.name: columns[c.name] for c in source.schema.value if c.name in columns}
        if keys:
            self.key_reader.prologue(code)
        if values or self.decode_always:
            self.value_reader.prologue(code)
        with code.block("for r in records:"):
            if source.timestamp is None or on_null is not None:
                code.line("ts = r.timestamp")
            if source.timestamp is None:
                self._note_time(builder)
            headers = "hd" if self.keeps_headers or any(c.name in columns for c in source.schema.headers) else "()"
            if headers == "hd":
                code.line("hd = r.headers")
            if self.keeps_key or keys or source.is_table or source.window is not None:
                code.line("k = r.key")
            if source.is_table:
                with code.block("if k is None:"):
                    code.line("problems.skipped(r, 'a record of a table needs a key')")
                    code.line("continue")
            window = self._write_key(builder, keys)
            self._write_headers(builder, columns)
            row = Row({**columns, **self._pseudo(window)}, "ts", "r", headers, raw_key="k", suffix=self._suffix())
            code.line("v = r.value")
            with code.block("if v is None:"):
                if on_null is not None:
                    on_null(row)
                code.line("continue")
            if values or self.decode_always:
                self.value_reader.write(code, "v", values, self._rejects(builder, is_key=False))
            self._write_event_time(builder, columns)
            consume(row)

    def _is_read(self, column: Column) -> bool:
        stamp = self.source.timestamp
        return column.name in self.needed or (stamp is not None and stamp.column == column.name)

    def _rejects(self, builder: StageBuilder, *, is_key: bool) -> Callable[[str], None]:
        def reject(error: str) -> None:
            builder.code.line(f"problems.undecodable(r, {is_key}, {error})")
            builder.code.line("continue")

        return reject

    def _write_key(self, builder: StageBuilder, keys: dict[str, str]) -> tuple[str, str] | None:
        code, window = builder.code, self.source.window
        inner = "k"
        bounds: tuple[str, str] | None = None
        if window is not None:
            width = 16 if window.type == "SESSION" else 8
            with code.block(f"if k is None or len(k) < {width}:"):
                code.line("problems.undecodable(r, True, ValueError('the key has no window'))")
                code.line("continue")
            code.line("ws = int.from_bytes(k[-8:], 'big', signed=True)")
            end = "int.from_bytes(k[-16:-8], 'big', signed=True)" if width == 16 else f"ws + {window.size_ms}"
            code.line(f"we = {end}")
            code.line(f"{WINDOWLESS_KEY} = k[:-{width}]")
            inner, bounds = WINDOWLESS_KEY, ("ws", "we")
        if keys:
            empty = f"if {inner} is None:"
            with code.block(empty):
                code.line(" = ".join([*keys.values(), "None"]))
            with code.block("else:"):
                self.key_reader.write(code, inner, keys, self._rejects(builder, is_key=True))
        return bounds

    def _write_headers(self, builder: StageBuilder, columns: dict[str, str]) -> None:
        code = builder.code
        for column in self.source.schema.headers:
            if column.name not in columns:
                continue
            if column.header_key is None:
                code.line(f"{columns[column.name]} = [{{'KEY': hk, 'VALUE': hv}} for hk, hv in hd]")
            else:
                wanted = code.bind("header", column.header_key)
                code.line(f"{columns[column.name]} = None")
                with code.block("for hk, hv in hd:"):
                    with code.block(f"if hk == {wanted}:"):
                        code.line(f"{columns[column.name]} = hv")

    def _write_event_time(self, builder: StageBuilder, columns: dict[str, str]) -> None:
        stamp = self.source.timestamp
        if stamp is None:
            return
        code, variable = builder.code, columns[stamp.column]
        column = self.source.schema.find(stamp.column)
        if column is not None and column.type == STRING:
            parse = code.bind("parse_timestamp", self.parse_timestamp)
            pattern = code.bind("pattern", stamp.format)
            with code.block("try:"):
                code.line(f"ts = None if {variable} is None else {parse}({variable}, {pattern})")
            with code.block("except Exception as e:"):
                code.line("problems.skipped(r, 'the TIMESTAMP column does not match its format: ' + str(e))")
                code.line("continue")
        else:
            code.line(f"ts = {variable}")
        with code.block("if ts is None or ts < 0:"):
            code.line("problems.skipped(r, 'the TIMESTAMP column holds no time')")
            code.line("continue")
        self._note_time(builder)

    def _note_time(self, builder: StageBuilder) -> None:
        if self.on_time is not None:
            self.on_time(builder, "ts")

    def _suffix(self) -> str | None:
        """The window of a windowed key, as it stands at its end."""
        window = self.source.window
        return None if window is None else f"k[-{16 if window.type == 'SESSION' else 8}:]"

    def _pseudo(self, window: tuple[str, str] | None) -> dict[str, str]:
        pseudo = {"ROWTIME": "ts", "ROWPARTITION": "partition", "ROWOFFSET": "r.offset"}
        if window is not None:
            pseudo |= {"WINDOWSTART": window[0], "WINDOWEND": window[1]}
        declared = {c.name for c in self.source.schema}
        return {name: variable for name, variable in pseudo.items() if name not in declared}
