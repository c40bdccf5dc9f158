"""SQL case files: cases that start at `--@test: name`, with `--@` directives among the comments that follow.

| directive | meaning |
|---|---|
| `--@test: name` | a case starts |
| `--@expected.error: type` | some statement must fail (the type, a Java class upstream, is not compared) |
| `--@expected.message: text` | … with a message that contains this text |
| `--@partitions: n` | in mode `partitions`, topics have n partitions |

A file without `--@test:` is one case, named after the file.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from headrace.runtime.testing.cases import ExpectedError, SqlCase

_DIRECTIVE = re.compile(r"\s*--\s*@\s*(?P<name>[a-z.]+)\s*:\s*(?P<value>.*?)\s*$")
_DIRECTIVES = ("test", "expected.error", "expected.message", "partitions")


def read_script(text: str, path: Path, title: str) -> Iterator[SqlCase]:
    """The cases of a file; `title` is what their names start with."""
    lines = text.split("\n")
    starts = [index for index, line in enumerate(lines) if _directive(line)[0] == "test"]
    if not starts:
        if any(line.strip() and not line.lstrip().startswith("--") for line in lines):
            yield _case(lines, 0, path, title, None)
        return
    for start, end in zip(starts, [*starts[1:], len(lines)]):
        yield _case(lines[start:end], start, path, title, _directive(lines[start])[1])


def _case(lines: list[str], start: int, path: Path, title: str, name: str | None) -> SqlCase:
    directives = {name: value for name, value in map(_directive, lines) if name}
    for directive in directives:
        if directive not in _DIRECTIVES:
            raise ValueError(f'unknown directive "--@{directive}:"; known are {", ".join(_DIRECTIVES)}')
    refused = "expected.error" in directives or "expected.message" in directives
    return SqlCase(
        name=f"{title} - {name}" if name else title,
        suite="sql",
        group=f"sql: {title.split('/')[0]}",
        kind="error" if refused else "ok",
        path=str(path),
        text="\n".join(lines),
        line=start + 1,
        partitions=int(directives.get("partitions", "1")),
        error=ExpectedError(directives.get("expected.message"), directives.get("expected.error")) if refused else None,
    )


def _directive(line: str) -> tuple[str, str]:
    match = _DIRECTIVE.match(line)
    return (match["name"], match["value"]) if match else ("", "")
