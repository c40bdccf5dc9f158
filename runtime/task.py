"""A task: one sub-topology of a query on one partition, with its stage and state.

The law: a task's stage sees the records of its partition in order, once; everything it appends stays in buffers until
the step's commit.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from headrace.engine.codegen.stage import Output, Problems, StageContext, StageProgram
from headrace.runtime.state.store import StateStore


class Task:
    """What the generated stage is given (`engine.codegen.stage.StageContext`), and the stage's functions."""

    __slots__ = (
        "coalesce",
        "emit",
        "exchange",
        "highs",
        "outputs",
        "partition",
        "problems",
        "row",
        "run",
        "stores",
        "sub",
    )

    def __init__(
        self,
        program: StageProgram,
        *,
        sub: int,
        partition: int,
        problems: Problems,
        outputs: Sequence[Output],
        stores: Sequence[StateStore],
        coalesce: bool,
        inputs: int,
        exchange: Callable[[bytes], Callable[[tuple[Any, ...]], None]],
    ) -> None:
        self.sub = sub
        self.partition = partition
        self.problems = problems
        self.outputs = outputs
        self.stores = stores
        self.coalesce = coalesce
        self.highs = [-1] * max(inputs, 1)
        self.exchange = exchange
        self.run: Callable[[Sequence[Any]], None]
        self.emit: Callable[[], None]
        self.row: Callable[[Any, int | None, Any], tuple[int, tuple[Any, ...]] | None]
        self.run, self.emit, self.row = program.make(cast(StageContext, self))

    @property
    def owed(self) -> int:
        """The number of keys that owe an emission."""
        return sum(len(store.owed) for store in self.stores)

    def absorb(self) -> bool:
        """Take over what the stage changed; says whether an emission is owed."""
        owes = False
        for store in self.stores:
            store.absorb()
            owes = owes or bool(store.owed)
        return owes

    def show(self, limit: int) -> None:
        """Emit the last change of up to `limit` keys of each store."""
        for store in self.stores:
            store.show(limit)
        self.emit()
        for store in self.stores:
            store.absorb_shown()


def no_exchange(key: bytes) -> Callable[[tuple[Any, ...]], None]:
    """The exchange of sub-topologies that write the sink."""
    raise AssertionError("this sub-topology does not end in an exchange")
