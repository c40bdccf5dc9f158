"""What each aggregate function gives for a few rows: `v` (or the fields of a row) in order of arrival.

The law: a test runs every example through a stream and its table; there is one for every aggregate function.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AggregateExample:
    """A call, the rows it sees as an ARRAY of values of `v`, and the text of the result."""

    call: str
    rows: str
    result: str

    @property
    def sql(self) -> str:
        """The example as DESCRIBE FUNCTION shows it."""
        return f"{self.call} for v in {self.rows}"


AGGREGATE_EXAMPLES: Mapping[str, tuple[AggregateExample, ...]] = {
    name: tuple(AggregateExample(*example) for example in examples)
    for name, examples in {
        "ATTR": [("ATTR(v)", "ARRAY['a', 'a']", "a"), ("ATTR(v)", "ARRAY['a', 'b']", "NULL")],
        "AVG": [("AVG(v)", "ARRAY[1, 2, NULL]", "1.5")],
        "COLLECT_LIST": [("COLLECT_LIST(v)", "ARRAY[2, NULL, 2]", "[2, null, 2]")],
        "COLLECT_SET": [("COLLECT_SET(v)", "ARRAY[2, NULL, 2]", "[2, null]")],
        "CORRELATION": [
            (
                "CORRELATION(v->x, v->y)",
                "ARRAY[STRUCT(x := 1, y := 2), STRUCT(x := 2, y := 4), STRUCT(x := 3, y := 6)]",
                "1.0",
            )
        ],
        "COUNT": [("COUNT(v)", "ARRAY[1, NULL, 3]", "2"), ("COUNT(*)", "ARRAY[1, NULL, 3]", "3")],
        "COUNT_DISTINCT": [("COUNT_DISTINCT(v)", "ARRAY['a', 'b', 'a']", "2")],
        "EARLIEST_BY_OFFSET": [
            ("EARLIEST_BY_OFFSET(v)", "ARRAY[NULL, 5, 7]", "5"),
            ("EARLIEST_BY_OFFSET(v, 2)", "ARRAY[5, 7, 9]", "[5, 7]"),
        ],
        "LATEST_BY_OFFSET": [
            ("LATEST_BY_OFFSET(v)", "ARRAY[5, 7, NULL]", "7"),
            ("LATEST_BY_OFFSET(v, false)", "ARRAY[5, 7, NULL]", "NULL"),
        ],
        "HISTOGRAM": [("HISTOGRAM(v)", "ARRAY['a', 'b', 'a']", "{a=2, b=1}")],
        "MAX": [("MAX(v)", "ARRAY[1, 3, NULL]", "3")],
        "MIN": [("MIN(v)", "ARRAY['b', 'a', NULL]", "a")],
        "STDDEV_SAMP": [("STDDEV_SAMP(v)", "ARRAY[2, 4, 6]", "4.0")],
        "STDDEV_SAMPLE": [("STDDEV_SAMPLE(v)", "ARRAY[2, 4, 6]", "2.0")],
        "SUM": [("SUM(v)", "ARRAY[1, 2, NULL]", "3"), ("SUM(v)", "ARRAY[1.25, 2.50]", "3.75")],
        "SUM_LIST": [("SUM_LIST(v)", "ARRAY[ARRAY[1, 2], ARRAY[3, NULL]]", "6")],
        "TOPK": [("TOPK(v, 2)", "ARRAY[1, 3, 3, 2]", "[3, 3]")],
        "TOPKDISTINCT": [("TOPKDISTINCT(v, 2)", "ARRAY[1, 3, 3, 2]", "[3, 2]")],
    }.items()
}
"""Examples by function name."""
