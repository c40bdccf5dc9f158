"""The wheel: every package is in it under `headrace`, with the grammar tables, and nothing beside it."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import headrace

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("engine", "parser", "repl", "runtime")


@pytest.fixture(scope="module", params=["tree", "sdist"])
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree or from a source distribution of it, and unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    source = ROOT
    if request.param == "sdist":
        build(ROOT, "sdist", folder)
        (archive,) = folder.glob("*.tar.gz")
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        (source,) = folder.glob("headrace-*/")
    build(source, "wheel", folder)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive_of_wheel:
        archive_of_wheel.extractall(folder / "site")
    return folder / "site"


def build(source: Path, target: str, folder: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)


def test_wheel_holds_every_source_file(installed: Path) -> None:
    sources = {
        f"{layer}/{path.relative_to(ROOT / layer)}"
        for layer in LAYERS
        for path in (ROOT / layer).rglob("*")
        if path.is_file() and path.suffix in (".py", ".lark", ".json")
    }

    packed = {str(p.relative_to(installed / "headrace")) for p in (installed / "headrace").rglob("*") if p.is_file()}

    assert sources <= packed


@pytest.mark.parametrize("name", ["py.typed", "__init__.py", "parser/grammar/tables.json"])
def test_wheel_holds(installed: Path, name: str) -> None:
    assert (installed / "headrace" / name).is_file()


def test_wheel_adds_one_name_and_its_metadata(installed: Path) -> None:
    names = {path.name.split("-")[0] for path in installed.iterdir()}

    assert names == {"headrace"}


def test_layers_are_importable_under_one_name_only(installed: Path) -> None:
    program = f"""
import sys
from importlib.util import find_spec
sys.path.insert(0, {str(installed)!r})
import headrace.parser, headrace.engine, headrace.runtime, headrace.repl
print([name for name in {LAYERS!r} if find_spec(name)], headrace.__file__.startswith({str(installed)!r}))
"""

    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], cwd=installed, check=True, capture_output=True, text=True
    )

    assert run.stdout.strip() == "[] True"


def test_editable_install_copies_nothing(tmp_path: Path) -> None:
    program = f"from hatchling.build import build_editable; build_editable({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")

    with zipfile.ZipFile(wheel) as archive:
        folders = {name.split("/")[0] for name in archive.namelist()}

    assert folders == {"_headrace.pth", f"headrace-{headrace.__version__}.dist-info"}
