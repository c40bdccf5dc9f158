"""PRINT: the raw records of a topic, formats guessed."""

import difflib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from headrace.engine.results import TopicRecords
from headrace.engine.statements.dispatch import handles
from headrace.parser.errors import SqlError
from headrace.parser.statements import Print

if TYPE_CHECKING:
    from headrace.engine.session import Session


@handles(Print)
def print_topic(session: "Session", statement: Print) -> TopicRecords:
    """Show records as text lines: rowtime, key, value, partition."""
    if session.services.topics.describe(statement.topic) is None:
        near = difflib.get_close_matches(statement.topic, [t.name for t in session.services.topics.all()], n=1)
        raise SqlError(
            f"Could not find topic '{statement.topic}'.",
            span=statement.span,
            hint=f'did you mean "{near[0]}"?' if near else "SHOW TOPICS lists what there is",
            kind="unknown topic",
        )
    records = session.services.topics.records(
        statement.topic,
        from_beginning=statement.from_beginning,
        limit=None,
        follow=statement.limit is not None or not statement.from_beginning,
    )
    return TopicRecords(statement.topic, _lines(records, statement), statement=statement.text)


def _lines(records: Iterator[Any], statement: Print) -> Iterator[str]:
    shown = 0
    for number, record in enumerate(records):
        if number % statement.interval:
            continue
        if statement.limit is not None and shown >= statement.limit:
            return
        shown += 1
        time = (
            datetime.fromtimestamp(record.timestamp / 1000, UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z")
        )
        yield f"rowtime: {time}, key: {_guess(record.key)}, value: {_guess(record.value)}, partition: {record.partition}"
        if statement.limit is not None and shown >= statement.limit:
            return


def _guess(data: bytes | None) -> str:
    """JSON or text where it is that, else a big-endian number of 4 or 8 bytes, else hexadecimal."""
    if data is None:
        return "<null>"
    try:
        text = data.decode()
        if text.isprintable():
            return text
        return json.dumps(json.loads(text))
    except (UnicodeDecodeError, ValueError):
        if len(data) in (4, 8):
            return str(int.from_bytes(data, "big", signed=True))
        return "0x" + data.hex()
