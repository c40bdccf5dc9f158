"""The sink of a stage: encode key and value, append to the partition of the key."""

from collections.abc import Sequence
from dataclasses import dataclass

from headrace.engine.codegen.builder import Row, StageBuilder
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
    session: bool = False

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
            with code.block(f"if {timestamp} is None or {timestamp} < 0:"):
                code.line(f"problems.skipped({row.record}, 'the TIMESTAMP column of the sink holds no time')")
                code.line(row.skip)
        self._append(builder, row, value, timestamp)

    def write_delete(self, builder: StageBuilder, row: Row) -> None:
        """Append a tombstone (or a null value, in a stream)."""
        self._append(builder, row, "None", row.timestamp)

    def write_null_key(self, builder: StageBuilder, row: Row) -> None:
        """Append a null value under a null key."""
        self._emit(builder.code, "None", f"({row.timestamp}, None, None, {row.headers})")

    def _append(self, builder: StageBuilder, row: Row, value: str, timestamp: str) -> None:
        key = self._key(builder.code, row)
        self._emit(builder.code, key, f"({timestamp}, {key}, {value}, {row.headers})")

    def _emit(self, code: Code, key: str, record: str) -> None:
        target = "append" if self.partitions == 1 else f"appends[partition_of({key})]"
        code.line(f"{target}({record})")

    def _key(self, code: Code, row: Row) -> str:
        if self.raw_key and row.raw_key is not None:
            return row.raw_key
        if not self.keys:
            return "None"
        variables = [row.columns[c] for c in self.keys]
        key = code.fresh("kb")
        absent = " and ".join(f"{v} is None" for v in variables)
        with code.block(f"if {absent}:"):
            code.line(f"{key} = None")
        with code.block("else:"):
            code.line(f"{key} = {self.key_writer.write(code, variables)}")
            if row.window is not None:
                code.line(f"{key} += {self._suffix(row.window)}")
        return key

    def _suffix(self, window: tuple[str, str]) -> str:
        start = f"{window[0]}.to_bytes(8, 'big', signed=True)"
        return f"{window[1]}.to_bytes(8, 'big', signed=True) + {start}" if self.session else start


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

    def write_null_key(self, builder: StageBuilder, row: Row) -> None:
        """Hand a row of NULLs over."""
        builder.code.line(f"append(({row.timestamp}, ({'None, ' * len(self.columns)}), ()))")
