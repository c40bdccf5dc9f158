"""Mistakes in statements: `headrace run` says what is wrong, where, and a way out; never a traceback."""

from pathlib import Path

import pytest

import headrace
from headrace.repl.main import main

ORDERS = (
    "CREATE STREAM orders (id VARCHAR KEY, item VARCHAR, qty INT)\n"
    "  WITH (KAFKA_TOPIC='orders', PARTITIONS=2, VALUE_FORMAT='JSON');\n"
)

MISTAKES = [
    pytest.param("SELECT * FROM ordres EMIT CHANGES;", '"ORDERS"', id="unknown source"),
    pytest.param("DESCRIBE oders;", '"ORDERS"', id="describe an unknown source"),
    pytest.param("DROP STREAM order_;", '"ORDERS"', id="drop an unknown source"),
    pytest.param("INSERT INTO odrers VALUES ('a', 'b', 1);", '"ORDERS"', id="insert into an unknown source"),
    pytest.param("PRINT ordrs;", '"orders"', id="unknown topic"),
    pytest.param("SELECT itme FROM orders EMIT CHANGES;", '"ITEM"', id="unknown column"),
    pytest.param("CREATE STREAM x AS SELECT id, qyt FROM orders;", '"QTY"', id="unknown column in a query"),
    pytest.param("INSERT INTO orders (id, itm) VALUES ('a', 'b');", "ITEM", id="insert an unknown column"),
    pytest.param("SELECT UCASEE(item) FROM orders EMIT CHANGES;", '"UCASE"', id="unknown function"),
    pytest.param("SELECT ABS(item) FROM orders EMIT CHANGES;", "(STRING)", id="a function of another type"),
    pytest.param("SELECT item * 2 FROM orders EMIT CHANGES;", "ITEM", id="types that do not fit"),
    pytest.param("CREATE STREAM x AS SELECT id, qty FROM orders WHERE qty > 'a';", "QTY", id="a comparison of types"),
    pytest.param("INSERT INTO orders VALUES ('a', 'b', 'c');", "QTY", id="a value of another type"),
    pytest.param("CREATE STREAM x AS SELECT * FROM orders WHERE item;", "boolean", id="a WHERE that is no condition"),
    pytest.param("CREATE STREAM s (a VARCHAAR) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON');", '"VARCHAR"', id="type"),
    pytest.param("CREATE STREAM s (a INT) WITH (KAFKA_TOPC='s', VALUE_FORMAT='JSON');", '"KAFKA_TOPIC"', id="property"),
    pytest.param("CREATE STREAM s (a INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSN');", "JSON", id="format"),
    pytest.param("CREATE STREAM s (a INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON');", "PARTITIONS", id="no topic"),
    pytest.param("CREATE STREAM orders AS SELECT * FROM orders;", "already exists", id="a name that is taken"),
    pytest.param("SELECT COUNT(item) FROM orders;", "GROUP BY", id="an aggregate without GROUP BY"),
    pytest.param("TERMINATE CSAS_NONE_1;", "CSAS_NONE_1", id="unknown query"),
    pytest.param("SELEC * FROM orders;", "SELECT", id="a misspelled keyword"),
    pytest.param("SELECT * FROM orders WHERE;", "expression", id="an unfinished clause"),
    pytest.param("SELECT 'open FROM orders;", "'", id="an open text"),
]


@pytest.mark.parametrize(("statement", "hint"), MISTAKES)
def test_a_mistake_is_shown_in_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], statement: str, hint: str
) -> None:
    script = tmp_path / "script.sql"
    script.write_text(ORDERS + statement)
    code = main(["run", str(script), "--log", "memory:"])
    error = capsys.readouterr().err
    assert code == 1
    assert f"{script}:3:" in error
    assert hint in error
    assert "^" in error
    assert "Traceback" not in error


@pytest.mark.parametrize(("statement", "hint"), MISTAKES)
def test_a_mistake_is_an_sql_error_and_the_engine_goes_on(statement: str, hint: str) -> None:
    with headrace.open("memory:") as engine:
        engine.execute(ORDERS)
        with pytest.raises(headrace.SqlError) as raised:
            engine.execute(statement)
        assert hint in str(raised.value)
        engine.execute("INSERT INTO orders VALUES ('a', 'b', 1);")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["run", "missing.sql"], 1, "missing.sql"),
        (["run", "{script}", "--input", "orders"], 2, "TOPIC=FILE"),
        (["run", "{script}", "--input", "orders=missing.ndjson"], 2, "missing.ndjson"),
        (["run", "{script}", "--input", "ordres={script}"], 2, '"orders"'),
        (["run", "{script}", "--sink", "ordres=out.ndjson"], 1, '"orders"'),
        (["run", "{script}", "--log", "{script}"], 1, "is not a directory"),
        (["run", "{script}", "--log", "redis://somewhere"], 1, "is no log that can be opened"),
        (["consume", "ordres", "--log", "{folder}/none"], 1, "There is no log"),
    ],
    ids=[
        "no script",
        "half an input",
        "no input file",
        "input",
        "sink",
        "log is a file",
        "log of a kind that is not known",
        "consume no log",
    ],
)
def test_a_wrong_command_says_what_is_wrong(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    script = tmp_path / "script.sql"
    script.write_text(ORDERS)
    line = [a.format(script=script, folder=tmp_path) for a in arguments]
    assert main(line) == code
    assert message in capsys.readouterr().err
