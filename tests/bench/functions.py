"""`make bench`, the functions: what each of the most used functions and operators costs in a stage against Python by hand.

Both sides run in the same loop over the same rows, in turn; ratios are of the whole loop, costs are what comes on top of an
empty one. Exits 1 where the median ratio is above 1.3 or a function takes over 20 µs without saying why in its docstring.
"""

import argparse
import random
import statistics
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from measure import cpu, side_by_side
from reference.functions import CASES, NAMES, Case

from headrace.engine.analysis.binder import bind
from headrace.engine.analysis.bound import Bound, Call, columns_of, walk
from headrace.engine.analysis.scope import Scope
from headrace.engine.codegen.expression import ExpressionWriter
from headrace.engine.codegen.source import Code
from headrace.engine.functions.registry import default_registry
from headrace.engine.types import sqltype as t
from headrace.parser import parse_expression

ROWS = 2_000
MEDIAN_BAR = 1.3
COST_BAR_US = 20.0

COLUMNS: dict[str, t.SqlType] = {
    "I": t.INTEGER, "J": t.INTEGER, "L": t.BIGINT, "D": t.DOUBLE, "E": t.DOUBLE, "P": t.Decimal(10, 2), "S": t.STRING, "N": t.STRING,
    "U": t.STRING, "JS": t.STRING, "T": t.STRING, "TS": t.TIMESTAMP, "A": t.Array(t.INTEGER), "M": t.Map(t.STRING, t.INTEGER),
    "ST": t.Struct((("X", t.INTEGER), ("Y", t.STRING))),
}  # fmt: skip

Loop = Callable[[Sequence[Any], Callable[[Any], None]], None]


class _Problems:
    """Failures are counted, as a stage does before anyone looks at them."""

    def __init__(self) -> None:
        self.count = 0

    def failed(self, site: int, record: object, error: BaseException) -> None:
        self.count += 1


def rows(seed: int = 42) -> list[dict[str, Any]]:
    """Ordinary input: one value in fifty is NULL."""
    draw = random.Random(seed)

    def some(value: Any) -> Any:
        return None if draw.random() < 0.02 else value

    return [
        {
            "I": some(draw.randrange(-100, 100_000)), "J": some(draw.randrange(1, 1_000)), "L": some(draw.randrange(10**12)),
            "D": some(draw.random() * 1e6), "E": some(draw.random() + 0.5), "P": some(Decimal(draw.randrange(10**7)).scaleb(-2)),
            "S": some(f"channel-{draw.randrange(10_000)}"), "N": some(str(draw.randrange(10**6))),
            "U": some(f"https://www.nexmark.com/{draw.randrange(10**6)}/item.htm?q=1"),
            "JS": some(f'{{"id":{draw.randrange(1000)},"name":"n{draw.randrange(1000)}","tags":["a","b"]}}'),
            "T": some(f"2024-0{draw.randrange(1, 10)}-1{draw.randrange(10)} 10:{draw.randrange(10, 60)}:00"),
            "TS": some(1_700_000_000_000 + draw.randrange(10**9)), "A": some([draw.randrange(10) for _ in range(5)]),
            "M": some({"k": draw.randrange(10), "q": 1}), "ST": some({"X": draw.randrange(10), "Y": "y"}),
        }
        for _ in range(ROWS)
    ]  # fmt: skip


def generated(case: Case) -> tuple[Loop, list[str], Bound]:
    """The loop with the code that a stage has for the expression."""
    bound = bind(parse_expression(case.sql), Scope.of(COLUMNS), default_registry())
    names = sorted(columns_of(bound))
    code = Code()
    with code.block("def loop(rows, append):"):
        code.line(f"problems = {code.bind('problems', _Problems())}")
        with code.block(f"for {_target(n.lower() for n in names)} in rows:"):
            variables = {n: n.lower() for n in names}
            writer = ExpressionWriter(
                code, variables, nullable=None, site=lambda _: 0, record="None", problems="problems"
            )
            code.line(f"append({writer.column(bound, case.sql)})")
    namespace: dict[str, Any] = dict(code.constants)
    exec(code.compile(case.sql), namespace)
    loop: Loop = namespace["loop"]
    return loop, names, bound


def by_hand(case: Case, names: Sequence[str]) -> Loop:
    """The same loop with the reference."""
    text = f"def loop(rows, append):\n  for {_target(n.lower() for n in names)} in rows:\n    v = {case.python}\n    append(v)"
    namespace = dict(NAMES)
    exec(compile(text, case.sql, "exec"), namespace)
    loop: Loop = namespace["loop"]
    return loop


def empty(names: Sequence[str]) -> Loop:
    """The same loop with nothing to compute."""
    return by_hand(Case("", "None"), names)


def measure(case: Case, table: Sequence[dict[str, Any]], rounds: int) -> tuple[float, float, float]:
    """Ratio, cost in a stage and cost by hand in µs."""
    stage, names, _ = generated(case)
    hand, bare = by_hand(case, names), empty(names)
    values = [tuple(row[n] for n in names) for row in table]
    assert _results(stage, values) == _results(hand, values), f"{case.sql}: the reference gives something else"
    repeats = 5
    candidates = {
        name: cpu(lambda loop=loop: [loop(values, [].append) for _ in range(repeats)])
        for name, loop in (("stage", stage), ("hand", hand), ("empty", bare))
    }
    found = {name: min(m.seconds) for name, m in side_by_side(candidates, rounds).items()}
    per_row = 1e6 / (ROWS * repeats)
    cost = (found["stage"] - found["empty"]) * per_row
    return found["stage"] / found["hand"], cost, (found["hand"] - found["empty"]) * per_row


def excused(bound: Bound) -> bool:
    """Whether a function of the expression says in its docstring why it is slow."""
    calls = [part.function.call for part in walk(bound) if isinstance(part, Call)]
    return any("µs" in (call.__doc__ or "") for call in calls)


def main() -> int:
    """Measure all, or those whose SQL contains a text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="?", default="", help="a part of the SQL")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    table = rows()
    ratios, slow = [], []
    print(f"{'expression':48} {'stage µs':>9} {'hand µs':>9} {'ratio':>6}")
    for case in CASES:
        if arguments.only not in case.sql:
            continue
        ratio, cost, hand = measure(case, table, arguments.rounds)
        ratios.append(ratio)
        print(f"{case.sql[:48]:48} {cost:9.3f} {hand:9.3f} {ratio:6.2f}")
        if cost > COST_BAR_US and not excused(generated(case)[2]):
            slow.append(case.sql)
    median = statistics.median(ratios)
    print(
        f"{len(ratios)} expressions, median ratio {median:.2f} (bar {MEDIAN_BAR}), over {COST_BAR_US:.0f} µs: {slow or 'none'}"
    )
    return 0 if median <= MEDIAN_BAR and not slow else 1


def _target(names: Any) -> str:
    return "".join(f"{n}, " for n in names) or "_"


def _results(loop: Loop, values: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    loop(values, found.append)
    return found


if __name__ == "__main__":
    sys.exit(main())
