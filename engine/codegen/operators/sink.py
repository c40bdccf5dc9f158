"""The sink of a stage: encode key and value, append to the partition of the key.

The law: a window takes no part in the choice of the partition, as in Kafka Streams: the rows of a partition come from one task.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from headrace.engine.codegen.builder import WINDOWLESS_KEY, Row, StageBuilder
from headrace.engine.codegen.serde import Writer
from headrace.engine.codegen.source import Code


@dataclass(frozen=True, slots=True)
class TopicSink:
    """Writes records. `keys` and `values` are column names of the row in schema order; `raw_key` passes key bytes on as they are."""

    key_writer: Writer
    value_writer: Writer
    keys: Sequence[str]
    values: Sequence[str]
    partitions: int
    raw_key: bool = False
    timestamp_column: str | None = None
    read_timestamp: Callable[[str], int] | None = None
    """Where the timestamp column is text, what reads it; raises where the text is no time."""

    def prepare(self, code: Code) -> None:
        """Write what the functions share, inside `make`."""
        code.line("output = context.outputs[0]")
        if self.partitions == 1:
            code.line("append = output.to(0).append")
        else:
            code.line(f"appends = [output.to(p).append for p in range({self.partitions})]")
            code.line("partition_of = output.partition")

    def write(self, builder: StageBuilder, row: Row) -> None:
        """Append a record with key and value."""
        code = builder.code
        value = self.value_writer.write(code, [row.columns[c] for c in self.values])
        timestamp = row.timestamp
        if self.timestamp_column is not None:
            timestamp = row.columns[self.timestamp_column]
            if self.read_timestamp is not None:
                timestamp = self._read(code, timestamp)
            with code.block(f"if {timestamp} is None or {timestamp} < 0:"):
                code.line(f"problems.skipped({row.record}, 'the TIMESTAMP column of the sink holds no time')")
                code.line(row.skip)
        self._append(builder, row, value, timestamp)

    def _read(self, code: Code, text: str) -> str:
        time = code.fresh("t")
        with code.block("try:"):
            code.line(
                f"{time} = None if {text} is None else {code.bind('read_timestamp', self.read_timestamp)}({text})"
            )
        with code.block("except Exception:"):
            code.line(f"{time} = None")
        return time

    def write_delete(self, builder: StageBuilder, row: Row) -> None:
        """Append a tombstone (or a null value, in a stream)."""
        self._append(builder, row, "None", row.timestamp)

    def _append(self, builder: StageBuilder, row: Row, value: str, timestamp: str) -> None:
        code = builder.code
        key, place = self._key(code, row)
        if self.partitions == 1:
            code.line(f"append(({timestamp}, {key}, {value}, {row.headers}))")
            return
        if key == place and not key.isidentifier():
            code.line(f"kb = {key}")
            key = place = "kb"
        code.line(f"appends[partition_of({place})](({timestamp}, {key}, {value}, {row.headers}))")

    def _key(self, code: Code, row: Row) -> tuple[str, str]:
        """The key, and the bytes that choose the partition."""
        if self.raw_key and row.raw_key is not None:
            return row.raw_key, row.raw_key if row.suffix is None else WINDOWLESS_KEY
        if not self.keys:
            return "None", "None"
        variables = [row.columns[c] for c in self.keys]
        if row.present.issuperset(self.keys):
            return self._encoded(code, row, variables)
        name = code.fresh("kb")
        place = name if row.suffix is None else code.fresh("kp")
        with code.block(f"if {self._absent(row, variables)}:"):
            code.line(f"{name} = {place} = None" if place != name else f"{name} = None")
        with code.block("else:"):
            key, bare = self._encoded(code, row, variables)
            code.line(f"{name} = {key}")
            if place != name:
                code.line(f"{place} = {bare}")
        return name, place

    def _absent(self, row: Row, variables: Sequence[str]) -> str:
        """A single key column is absent where it is NULL; several are a record, absent only where the record read had no key."""
        if len(variables) == 1:
            return f"{variables[0]} is None"
        return f"{row.raw_key} is None" if row.raw_key is not None else "False"

    def _encoded(self, code: Code, row: Row, variables: Sequence[str]) -> tuple[str, str]:
        encoded = self.key_writer.write(code, variables)
        if row.suffix is None:
            return encoded, encoded
        if self.partitions > 1:
            code.line(f"{(bare := code.fresh('kp'))} = {encoded}")
            encoded = bare
        return f"{encoded} + {row.suffix}", encoded


@dataclass(frozen=True, slots=True)
class RowSink:
    """Hands rows of values to a push query: (timestamp, values | None for a delete, key values)."""

    columns: Sequence[str]
    keys: Sequence[str]

    def prepare(self, code: Code) -> None:
        """Write what the functions share, inside `make`."""
        code.line("append = context.outputs[0].to(0).append")

    def write(self, builder: StageBuilder, row: Row) -> None:
        """Hand a row over."""
        values = "".join(f"{row.columns[c]}, " for c in self.columns)
        builder.code.line(f"append(({row.timestamp}, ({values}), ()))")

    def write_delete(self, builder: StageBuilder, row: Row) -> None:
        """Hand a delete over: key columns keep their values, all others are NULL."""
        values = "".join(f"{row.columns[c] if c in self.keys else None}, " for c in self.columns)
        builder.code.line(f"append(({row.timestamp}, None, ({values})))")
