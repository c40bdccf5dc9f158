"""`headrace run`: results, barriers, sinks, errors, and going on where a run was cut short."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from headrace.runtime.files.loader import Loader

Run = Any

STREAM = "CREATE STREAM s (k STRING KEY, n INT) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON'{});\n"
COUNTS = "CREATE TABLE c AS SELECT k, COUNT(*) AS total, SUM(n) AS sum FROM s GROUP BY k;\n"
PULL = "SELECT * FROM c;\n"
ROWS = "".join(json.dumps({"k": "ab"[i % 2], "n": i}) + "\n" for i in range(10))


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A stream, a table, a pull query; and the file f.ndjson for the stream."""
    (tmp_path / "f.ndjson").write_text(ROWS)
    path = tmp_path / "a.sql"
    path.write_text(STREAM.format("") + COUNTS + PULL)
    return path


def rows(out: str) -> list[Any]:
    return sorted((json.loads(line) for line in out.splitlines()), key=str)


EXPECTED = [{"K": "a", "TOTAL": 5, "SUM": 20}, {"K": "b", "TOTAL": 5, "SUM": 25}]


def test_a_select_sees_all_input_above_it(headrace: Run, script: Path) -> None:
    done = headrace("run", script, "--log", "memory:", "--input", "t=f.ndjson", "--format", "ndjson")

    assert (done.code, rows(done.out)) == (0, EXPECTED)
    assert "Stream S created" in done.err
    assert "t: 10 records loaded from f.ndjson" in done.err


def test_a_finished_script_only_answers_again(headrace: Run, script: Path) -> None:
    command = ("run", script, "--log", "d", "--input", "t=f.ndjson", "--format", "ndjson")
    first = headrace(*command)

    second = headrace(*command)

    assert (second.code, second.out) == (0, first.out)
    assert "created" not in second.err


def test_a_changed_script_is_refused_with_a_way_out(headrace: Run, script: Path) -> None:
    command = ("run", script, "--log", "d", "--input", "t=f.ndjson")
    headrace(*command)
    script.write_text(script.read_text() + "SELECT k FROM c;")

    again = headrace(*command)

    assert (again.code, again.out) == (1, "")
    assert '"a.sql" has changed since it was run' in again.err
    assert "--log DIRECTORY" in again.err


def test_a_statement_that_failed_can_be_mended(headrace: Run, script: Path) -> None:
    good = script.read_text()
    script.write_text(good.replace("SUM(n)", "SUM(m)"))
    command = ("run", script, "--log", "d", "--input", "t=f.ndjson", "--format", "ndjson")
    failed = headrace(*command)
    script.write_text(good)

    mended = headrace(*command)

    assert failed.code == 1
    assert (mended.code, rows(mended.out)) == (0, EXPECTED)


def test_another_file_for_a_loaded_topic_is_refused(headrace: Run, script: Path, tmp_path: Path) -> None:
    headrace("run", script, "--log", "d", "--input", "t=f.ndjson")
    (tmp_path / "g.ndjson").write_text(ROWS)

    again = headrace("run", script, "--log", "d", "--input", "t=g.ndjson")

    assert (again.code, again.out) == (2, "")
    assert 'Topic "t" was loaded from "f.ndjson' in again.err


class Cut(Exception):
    """Stands for a crash: the process ends with records loaded and more to come."""


def test_a_run_goes_on_where_it_was_cut_short(headrace: Run, script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ("run", script, "--log", "d", "--input", "t=f.ndjson", "--format", "ndjson")
    monkeypatch.setattr("headrace.runtime.files.lines.READ_BYTES", 40)
    append = Loader._append

    def append_twice(loader: Loader, block: Any, *, finished: bool) -> None:
        if loader.loaded >= 4:
            raise Cut("cut short")
        append(loader, block, finished=finished)

    with monkeypatch.context() as patched:
        patched.setattr(Loader, "_append", append_twice)
        cut = headrace(*command)

    whole = headrace(*command)

    assert (cut.code, cut.out) == (1, "")
    assert (whole.code, rows(whole.out)) == (0, EXPECTED)
    assert "Going on at statement 3 of 3" in whole.err


def test_an_insert_takes_effect_once(headrace: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    path.write_text(STREAM.format(", PARTITIONS=1") + "INSERT INTO s VALUES ('a', 1);\nSELECT bad FROM s;")
    headrace("run", path, "--log", "d")
    path.write_text(path.read_text().replace("bad", "n"))

    again = headrace("run", path, "--log", "d", "--format", "ndjson")

    assert rows(again.out) == [{"N": 1}]


@pytest.mark.parametrize("partitions", ["", ", PARTITIONS=3"], ids=["default", "three"])
def test_emit_changes_ends_with_the_input(headrace: Run, tmp_path: Path, partitions: str) -> None:
    (tmp_path / "f.csv").write_text("k,n\na,1\nb,2\na,3\n")
    path = tmp_path / "a.sql"
    path.write_text(STREAM.format(partitions) + "SELECT k, n FROM s WHERE n > 1 EMIT CHANGES;")

    done = headrace("run", path, "--log", "memory:", "--input", "t=f.csv", "--format", "ndjson")

    assert rows(done.out) == [{"K": "a", "N": 3}, {"K": "b", "N": 2}]


def test_default_partitions_is_a_property(headrace: Run, script: Path) -> None:
    script.write_text("SET 'headrace.default.partitions' = '4';\n" + script.read_text() + "SHOW TOPICS;")

    done = headrace("run", script, "--log", "memory:", "--input", "t=f.ndjson", "--format", "csv")

    assert any(line.startswith("t,4,") for line in done.lines)


def test_sinks_hold_values_with_their_keys(headrace: Run, script: Path, tmp_path: Path) -> None:
    headrace("run", script, "--log", "d", "--input", "t=f.ndjson", "--sink", "C=c.ndjson", "--sink", "t=out/t.csv")

    assert rows((tmp_path / "c.ndjson").read_text()) == EXPECTED
    assert (tmp_path / "out" / "t.csv").read_text().splitlines()[:3] == ["K,N", "a,0", "b,1"]


def test_windowed_sink_has_the_bounds(headrace: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    path.write_text(
        STREAM.format(", PARTITIONS=1")
        + "CREATE TABLE w AS SELECT k, COUNT(*) AS n FROM s WINDOW TUMBLING (SIZE 1 SECONDS) GROUP BY k;"
        + "INSERT INTO s (ROWTIME, k, n) VALUES (1500, 'a', 1);"
    )

    headrace("run", path, "--log", "memory:", "--sink", "W=w.ndjson")

    assert rows((tmp_path / "w.ndjson").read_text()) == [{"K": "a", "WINDOWSTART": 1000, "WINDOWEND": 2000, "N": 1}]


def test_the_end_of_the_input_closes_windows(headrace: Run, tmp_path: Path) -> None:
    events = "".join(
        json.dumps({"k": k, "t": t}) + "\n" for k, t in (("a", 0), ("b", 1), ("a", 2), ("a", 11), ("a", 1))
    )
    (tmp_path / "e.ndjson").write_text(events)
    (tmp_path / "a.sql").write_text(
        "CREATE STREAM e (k STRING KEY, t BIGINT) WITH (KAFKA_TOPIC='e', VALUE_FORMAT='JSON', PARTITIONS=2, TIMESTAMP='t');"
        "CREATE TABLE last AS SELECT k, COUNT(*) AS n FROM e WINDOW TUMBLING (SIZE 10 MILLISECONDS) GROUP BY k EMIT FINAL;"
        "CREATE STREAM closed (k STRING KEY, n INT) WITH (KAFKA_TOPIC='LAST', VALUE_FORMAT='JSON', WINDOW_TYPE='TUMBLING',"
        " WINDOW_SIZE='10 MILLISECONDS');"
        "CREATE TABLE again AS SELECT n, COUNT(*) AS times FROM closed WINDOW TUMBLING (SIZE 10 MILLISECONDS) GROUP BY n EMIT FINAL;"
        "SELECT n, times FROM again EMIT CHANGES;"
        "SELECT k, COUNT(*) AS n FROM e WINDOW TUMBLING (SIZE 10 MILLISECONDS) GROUP BY k EMIT FINAL;"
    )
    command = ("run", "a.sql", "--input", "e=e.ndjson", "--sink", "LAST=last.csv", "--format", "ndjson", "--log", "d")

    first, again = headrace(*command), headrace(*command)

    windows = [{"K": "a", "N": 1}, {"K": "a", "N": 2}, {"K": "b", "N": 1}]
    times = [{"N": 1, "TIMES": 1}, {"N": 1, "TIMES": 1}, {"N": 2, "TIMES": 1}]
    assert first.code == 0
    assert rows(first.out) == rows(again.out) == sorted(windows + times, key=str)
    assert sorted((tmp_path / "last.csv").read_text().splitlines()[1:]) == ["a,0,10,2", "a,10,20,1", "b,0,10,1"]


def test_a_select_says_what_it_left_out(headrace: Run, script: Path, tmp_path: Path) -> None:
    (tmp_path / "f.ndjson").write_text('{"k":"a","n":1}\nno json\n{"k":"b","n":"x"}\n')
    script.write_text(STREAM.format(",PARTITIONS=1") + "SELECT n FROM s EMIT CHANGES;")

    done = headrace("run", script, "--log", "memory:", "--input", "t=f.ndjson", "--format", "ndjson")

    assert (done.code, rows(done.out)) == (0, [{"N": 1}])
    assert (
        "warning: 2 records cannot be decoded and are left out; the first: t, partition 0, offset 1, value: not JSON"
        in done.err
    )


def test_undecodable_lines_reach_the_processing_log(headrace: Run, script: Path, tmp_path: Path) -> None:
    (tmp_path / "f.ndjson").write_text(ROWS + "not json\n")
    script.write_text(
        script.read_text() + "SELECT message->deserializationError->recordB64 AS r FROM KSQL_PROCESSING_LOG;"
    )

    done = headrace("run", script, "--log", "memory:", "--input", "t=f.ndjson", "--format", "ndjson")

    assert {"R": "bm90IGpzb24="} in rows(done.out)
    assert "warning: CTAS_C_1: 1 record undecodable; KSQL_PROCESSING_LOG has the reasons\n" in done.err


def test_error_shows_file_line_and_column(headrace: Run, tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text(STREAM.format(", PARTITIONS=1"))
    (tmp_path / "b.sql").write_text("\nSELECT n,\n  nmae FROM s;\n")

    done = headrace("run", "a.sql", "b.sql", "--log", "memory:")

    assert done.code == 1
    assert "b.sql:3:3: " in done.err
    assert "\n    nmae FROM s;\n    ^^^^\n" in done.err


def test_syntax_errors_are_found_before_anything_runs(headrace: Run, tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text(STREAM.format(", PARTITIONS=1") + "SELEC 1;\nSELECT n FORM s;")

    done = headrace("run", "a.sql", "--log", "d")

    assert (done.code, (tmp_path / "d").exists()) == (1, False)
    assert "a.sql:2:1: " in done.err
    assert "a.sql:3:" in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "required: FILE.sql"),
        (["nowhere.sql"], 1, 'Cannot read "nowhere.sql"'),
        (["a.sql", "--input", "t"], 2, "TOPIC=FILE"),
        (["a.sql", "--input", "t=nowhere"], 2, 'Cannot read "nowhere"'),
        (["a.sql", "--input", "tt=f.ndjson"], 2, 'did you mean "t"?'),
        (["a.sql", "--input", "t=f.ndjson", "--input", "t=f.ndjson"], 2, "Two --input"),
        (["a.sql", "--input", "t=f.ndjson", "--sink", "C=f.ndjson/x"], 2, "Cannot write"),
        (["a.sql", "--format", "xml"], 2, "invalid choice"),
        (["a.sql", "--log", "http://x"], 1, "is no log that can be opened"),
        (["a.sql"], 1, "Kafka topic does not exist: t"),
    ],
    ids=lambda x: " ".join(x) if isinstance(x, list) else "",
)
def test_wrong_usage(headrace: Run, script: Path, arguments: list[str], code: int, message: str) -> None:
    log = [] if "--log" in arguments else ["--log", "memory:"]

    done = headrace("run", *arguments, *log)

    assert (done.code, done.out) == (code, "")
    assert message in done.err
    assert "Traceback" not in done.err


def test_a_sink_that_nothing_writes(headrace: Run, script: Path) -> None:
    done = headrace("run", script, "--log", "memory:", "--input", "t=f.ndjson", "--sink", "D=x")

    assert done.code == 1
    assert "--sink D=x: no stream or table is on it" in done.err


def test_log_of_the_environment(headrace: Run, script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADRACE_LOG", "elsewhere")

    headrace("run", script, "--input", "t=f.ndjson")

    assert (tmp_path / "elsewhere").is_dir()


def test_follow_streams_until_interrupted(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text(STREAM.format(", PARTITIONS=1") + "SELECT n FROM s EMIT CHANGES;")
    command = [sys.executable, "-m", "headrace.repl.main", "run", "a.sql", "--log", "memory:"]
    command += ["--follow", "--input", "t=-", "--format", "ndjson"]
    # a shell's background job ignores interrupts, and so would its children
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            command, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        seen = []
        for n in range(3):
            process.stdin.write(json.dumps({"n": n}) + "\n")
            process.stdin.flush()
            seen.append(process.stdout.readline())
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=60)

    assert seen == ['{"N":0}\n', '{"N":1}\n', '{"N":2}\n']
    assert process.returncode == 0
