"""Headrace: a streaming SQL engine that speaks ksqlDB's language.

>>> import headrace
>>> with headrace.open("memory:") as engine:
...     _ = engine.execute("CREATE STREAM orders (id INT KEY, price DOUBLE) WITH (KAFKA_TOPIC='orders', VALUE_FORMAT='JSON', PARTITIONS=1);")
...     print(len(engine.execute("SHOW STREAMS;")))
1

The law: importing it costs next to nothing; the engine is loaded at the first use of a name.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headrace.engine.results import (
        Description,
        Explanation,
        Listing,
        QueryRow,
        Result,
        Rows,
        Status,
        TopicRecords,
    )
    from headrace.parser.errors import ParseError, SqlError
    from headrace.runtime.engine import Engine, open
    from headrace.runtime.log.base import LogError

__version__ = "0.1.0"

_HOMES = {
    "open": "headrace.runtime.engine",
    "Engine": "headrace.runtime.engine",
    "Result": "headrace.engine.results",
    "Status": "headrace.engine.results",
    "Listing": "headrace.engine.results",
    "Description": "headrace.engine.results",
    "Explanation": "headrace.engine.results",
    "Rows": "headrace.engine.results",
    "QueryRow": "headrace.engine.results",
    "TopicRecords": "headrace.engine.results",
    "SqlError": "headrace.parser.errors",
    "ParseError": "headrace.parser.errors",
    "LogError": "headrace.runtime.log.base",
}

__all__ = [
    "Description",
    "Engine",
    "Explanation",
    "Listing",
    "LogError",
    "ParseError",
    "QueryRow",
    "Result",
    "Rows",
    "SqlError",
    "Status",
    "TopicRecords",
    "__version__",
    "open",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(home), name)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
