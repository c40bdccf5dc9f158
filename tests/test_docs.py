"""README and docs: every block of code is executed, in order, and what it prints is what the page says.

`console` blocks are commands with their output; `sql NAME` blocks become files; other `sql` and `python` blocks are run.
"""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import headrace

ROOT = Path(__file__).resolve().parents[1]
PAGES = ["README.md", "docs/guide.md", "examples/flights/README.md"]
NOT_RUN_HERE = ("make ", ".ci/run")
"""Commands that are run by CI itself."""

_BLOCK = re.compile(r"^```(?P<language>\w+) ?(?P<name>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_blocks_do_what_the_page_says(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("HEADRACE_LOG", raising=False)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    blocks = list(_BLOCK.finditer((ROOT / page).read_text(encoding="utf-8")))

    for block in blocks:
        run_block(block["language"], block["name"], block["body"])

    assert blocks


def run_block(language: str, name: str, body: str) -> None:
    match language:
        case "console":
            for command, expected in commands(body):
                done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True)
                assert (done.returncode, done.stdout) == (0, expected or done.stdout), f"{command}\n{done.stderr}"
        case "sql" if name:
            Path(name).write_text(body)
        case "sql":
            with headrace.open("memory:") as engine:
                engine.execute(body)
        case "python":
            run_python(body)


def run_python(body: str) -> None:
    """Run a program; a comment at the end of a print says what it prints."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", body], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == re.findall(r"print\(.*\)  # (.*)", body)


def commands(body: str) -> list[tuple[str, str]]:
    """The commands of a console block that are run here, with their output."""
    parts = re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]
    pairs = [(command, output) for command, _, output in (part.partition("\n") for part in parts)]
    return [pair for pair in pairs if not pair[0].startswith(NOT_RUN_HERE)]


def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_reference_is_what_the_code_says() -> None:
    made = reference()

    assert made.PAGE.read_text(encoding="utf-8") == made.page(), "run `make docs`"


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/guide.md"])
def test_links_lead_somewhere(page: str) -> None:
    folder = (ROOT / page).parent
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / page).read_text(encoding="utf-8"))

    assert [link for link in links if not (folder / link).exists()] == []
