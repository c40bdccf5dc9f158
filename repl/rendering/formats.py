"""The output formats by name: what `--format` takes."""

from collections.abc import Mapping
from functools import partial

from headrace.repl.rendering.csv import csv
from headrace.repl.rendering.grid import Rendering
from headrace.repl.rendering.json import json
from headrace.repl.rendering.markdown import markdown
from headrace.repl.rendering.ndjson import ndjson
from headrace.repl.rendering.table import PLAIN, Style, live_table, table

FORMATS: Mapping[str, Rendering] = {"table": table, "ndjson": ndjson, "csv": csv, "json": json, "markdown": markdown}
"""Renderings of bounded results."""

KSQL_FORMATS = {"TABULAR": "table", "JSON": "json"}
"""What ksql's `--output` calls them."""


def rendering(name: str, *, style: Style = PLAIN, live: bool = False) -> Rendering:
    """The rendering of that name; `live` is for rows that come one by one."""
    if name == "table":
        return partial(live_table if live else table, style=style)
    return FORMATS[name]
