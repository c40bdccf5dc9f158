"""The parser is loaded and has read its first statement soon: the whole product waits for it."""

import subprocess
import sys

IMPORT_AND_FIRST_PARSE_MS = 80
TRIES = 5

PROGRAM = """
import time
start = time.process_time()
import headrace.parser
headrace.parser.parse("SELECT id, price * 2 FROM bids WHERE price > 10 EMIT CHANGES;")
print((time.process_time() - start) * 1000)
"""


def _milliseconds() -> float:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    return float(done.stdout)


def test_import_and_first_parse() -> None:
    assert min(_milliseconds() for _ in range(TRIES)) < IMPORT_AND_FIRST_PARSE_MS


def test_only_a_mistake_loads_its_explanation() -> None:
    program = (
        "import sys, headrace.parser as p; p.parse('SHOW TABLES;');"
        "sys.exit(any(name in sys.modules for name in ('headrace.parser.hints', 'headrace.parser.dialect', 'lark', 'asyncio')))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
