"""Garbage collection as a process that runs queries wants it.

Rows and state hold no cycles, so the collector has next to nothing to find; each look costs what there is to look at.
"""

import gc

FIRST_GENERATION = 100_000
"""Container allocations between two looks at young objects (CPython looks every 700 to 2,000)."""


def tune_garbage_collection() -> None:
    """Take what is loaded out of the collector's sight and let it look less often. For commands, never on import."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(FIRST_GENERATION, 20, 100)
