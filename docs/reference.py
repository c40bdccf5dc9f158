"""Writes docs/reference.md from the code: `make docs`.

The law: nothing is written by hand there; a test compares the page with what this gives.
"""

import argparse
import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from headrace.engine.catalog.with_clause import DECLARATIONS
from headrace.engine.config import PROPERTIES
from headrace.engine.functions.registry import default_registry
from headrace.repl.main import COMMANDS, build_parser

PAGE = Path(__file__).with_name("reference.md")
_KINDS = {str: "text", int: "whole number", bool: "TRUE or FALSE"}


def page() -> str:
    """The whole page."""
    parts = [
        "# Reference\n\nWritten from the code by `make docs`.\n",
        *_commands(),
        *_properties(),
        *_with(),
        *_functions(),
    ]
    return "\n".join(parts)


def _commands() -> Iterator[str]:
    os.environ["COLUMNS"] = "100"
    parser = build_parser()
    yield "## Commands\n"
    yield f"### headrace\n\n```text\n{parser.format_help().rstrip()}\n```\n"
    (subparsers,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    for name in COMMANDS:
        yield f"### headrace {name}\n\n```text\n{subparsers.choices[name].format_help().rstrip()}\n```\n"


def _properties() -> Iterator[str]:
    yield "## Properties\n\n`SET 'name' = 'value';` changes those that are not fixed at start.\n"
    yield "| name | default | meaning |\n|---|---|---|"
    for found in sorted(PROPERTIES.values(), key=lambda p: p.name):
        fixed = "" if found.editable else " (fixed at start)"
        yield f"| `{found.name}` | {_code(found.default)} | {_cell(found.meaning)}{fixed} |"
    yield ""


def _with() -> Iterator[str]:
    yield "## WITH properties\n"
    yield "| name | value | statements |\n|---|---|---|"
    for name, declared in DECLARATIONS.items():
        yield f"| `{name}` | {_KINDS[declared.kind]} | {', '.join(sorted(declared.where))} |"
    yield ""


def _functions() -> Iterator[str]:
    registry = default_registry()
    described = [registry.describe(name) for name in registry.names()]
    yield "## Functions\n"
    for category, functions in groupby(sorted(described, key=lambda f: (f.category, f.name)), key=lambda f: f.category):
        yield f"### {category.capitalize()}\n\n| name | meaning |\n|---|---|"
        yield from (f"| `{f.name}` | {_cell(f.description)} |" for f in functions)
        yield ""


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
