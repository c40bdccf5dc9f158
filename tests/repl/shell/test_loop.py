"""The shell without a terminal: texts in, output back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import headrace as api
from headrace.engine.results import QueryRow, Rows
from headrace.engine.types.schema import Column, Schema
from headrace.engine.types.sqltype import INTEGER
from headrace.repl.rendering.table import PLAIN
from headrace.repl.shell.loop import Shell, run_interactively
from headrace.repl.shell.prompt import is_ready


@pytest.fixture
def output() -> list[str]:
    return []


@pytest.fixture
def shell(output: list[str]) -> Iterator[Shell]:
    with api.open("memory:") as engine:
        yield Shell(engine.session(), format="ndjson", style=lambda: PLAIN, write=output.append)


CREATE = "CREATE STREAM s (n INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);"


def test_statements_of_a_text_are_executed_in_order(shell: Shell, output: list[str]) -> None:
    shell.execute(CREATE + "INSERT INTO s VALUES (1); SELECT n FROM s;")

    assert output == ["Stream S created\n", '{"N":1}\n']


def test_a_script_shows_its_results_and_the_place_of_a_mistake(
    shell: Shell, output: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.sql").write_text(CREATE + "INSERT INTO s VALUES (1); SELECT n FROM s;")
    (tmp_path / "b.sql").write_text(f"SHOW TYPES;\nRUN SCRIPT '{tmp_path}/b.sql';")
    (tmp_path / "c.sql").write_text("SHOW TYPES;\nSELECT m FROM s;")

    for name in "abc":
        assert shell.execute(f"RUN SCRIPT '{tmp_path}/{name}.sql';")

    assert output == ["Stream S created\n", '{"N":1}\n']
    mistakes = capsys.readouterr().err
    assert f'{tmp_path}/b.sql:2:1: "{tmp_path}/b.sql" runs itself.\n' in mistakes
    assert f"{tmp_path}/c.sql:2:8: SELECT column 'M' cannot be resolved" in mistakes


@pytest.mark.parametrize("text", ["exit", "EXIT;", " quit ; "])
def test_leaving(shell: Shell, text: str) -> None:
    assert not shell.execute(text)


def test_help(shell: Shell, output: list[str]) -> None:
    assert shell.execute("help")
    assert "Ctrl-C" in output[0]


def test_a_mistake_shows_its_place_and_ends_the_text(
    shell: Shell, output: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell.execute(CREATE + "\nSELECT m FROM s; SHOW TOPICS;")

    assert output == ["Stream S created\n"]
    assert "\n  SELECT m FROM s; SHOW TOPICS;\n         ^\n" in capsys.readouterr().err
    assert shell.failures == 1


class Interrupted:
    """Rows of a running query whose reader presses Ctrl-C after the first."""

    closed = False

    def __iter__(self) -> Iterator[QueryRow]:
        yield QueryRow((1,), 0)
        raise KeyboardInterrupt

    def close(self) -> None:
        self.closed = True

    def left_out(self) -> tuple[str, ...]:
        return ("1 record cannot be decoded and is left out",)


class Running:
    """A session in which every statement is a push query."""

    def __init__(self) -> None:
        self.rows = Interrupted()

    def execute(self, sql: str) -> list[Any]:
        return [Rows(Schema((Column("N", INTEGER),)), self.rows, True)]


def test_ctrl_c_ends_the_query_and_not_the_shell(capsys: pytest.CaptureFixture[str]) -> None:
    session = Running()
    output: list[str] = []
    shell = Shell(session, format="ndjson", style=lambda: PLAIN, write=output.append)

    goes_on = shell.execute("SELECT n FROM s EMIT CHANGES;")

    assert goes_on
    assert session.rows.closed
    assert output == ['{"N":1}\n', "\nQuery terminated\n"]
    assert capsys.readouterr().err == "warning: 1 record cannot be decoded and is left out\n"


def test_ctrl_c_and_ctrl_d_at_the_prompt(shell: Shell, output: list[str]) -> None:
    keys = iter([KeyboardInterrupt, "", CREATE, EOFError])

    def read() -> str:
        key = next(keys)
        if isinstance(key, str):
            return key
        raise key

    run_interactively(shell, read)

    assert output == ["Stream S created\n"]


@pytest.mark.parametrize(
    ("text", "ready"),
    [
        ("", True),
        ("SELECT 1", False),
        ("SELECT 1;", True),
        ("SELECT 1; -- and so on", True),
        ("SELECT 1; SELECT", False),
        ("SELECT ';", False),
        ("SELECT ';'", False),
        ("/* ;", False),
        ("exit", True),
        ("Quit;", True),
        ("exit now", False),
    ],
)
def test_enter_hands_a_text_over_when_it_is_complete(text: str, ready: bool) -> None:
    assert is_ready(text) is ready
