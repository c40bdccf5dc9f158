"""The bars of grammar and language: fuzzed statements, the oracle, shares of the conformance suite."""

import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUITE = Path(os.environ.get("HEADRACE_CONFORMANCE", ROOT.parent / "shared" / "conformance"))
FORMATS = {"JSON", "DELIMITED", "KAFKA", "NONE"}
ERROR_GROUPS = {
    "scalar functions",
    "expressions",
    "structs, arrays, maps",
    "lambdas",
    "table functions",
    "projection and filter",
    "ddl and names",
    "timestamps",
    "types",
    "insert into",
    "pseudo columns and headers",
    "keys",
}


def fuzz(count: int) -> tuple[bool, str]:
    """Mutated statements through the parser; says whether nothing was wrong, and the summary line."""
    done = _python("tests/parser/fuzz.py", "--count", str(count))
    return done.returncode == 0, done.stdout.strip().splitlines()[-1]


def oracle(examples: int) -> tuple[bool, str]:
    """Random expressions and queries against SQLite and DuckDB; `examples` in all, a quarter to each test."""
    done = _python("-m", "pytest", "tests/oracle", "-p", "no:cacheprovider", HEADRACE_ORACLE=str(examples // 4))
    return done.returncode == 0, done.stdout.strip().splitlines()[-1]


def conformance() -> dict[str, tuple[int, int]]:
    """(passed, cases) by bar; empty where the suite is not there."""
    if not (SUITE / "cases.tsv").exists():
        return {}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        _python("tests/conformance/ratchet.py", "--report", str(report))
        cases = {c["name"]: c for c in json.loads(report.read_text())["cases"]}
    with (SUITE / "cases.tsv").open() as lines:
        listed = [row for row in csv.DictReader(lines, delimiter="\t") if row["suite"] == "qtt" and _is_counted(row)]
    stateless = [
        r for r in listed if r["kind"] == "ok" and r["shape"] == "stateless" and set(r["formats"].split(",")) <= FORMATS
    ]
    errors = [
        r
        for r in listed
        if r["kind"] == "error" and r["group"] in ERROR_GROUPS and "schema-registry" not in r["requires"]
    ]
    passed = [r for r in errors if cases[r["name"]]["status"] == "pass"]
    return {
        "stateless cases": (sum(cases[r["name"]]["status"] == "pass" for r in stateless), len(stateless)),
        "errors refused": (len(passed), len(errors)),
        "errors with the text": (sum(bool(cases[r["name"]]["message_match"]) for r in passed), len(errors)),
    }


def _is_counted(row: dict[str, str]) -> bool:
    return not any(word in row["requires"] for word in ("java-test-udf", "java-class-config", "new-planner"))


def _python(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
