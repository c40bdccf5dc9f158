"""The processing log: a topic of JSON entries about records that queries could not process.

The law: an entry is appended in the commit that passes its record's offset, so it is there exactly once.
"""

import json
from collections.abc import Iterable

from headrace.runtime.log.base import Row, TopicLog
from headrace.runtime.problems import Problem

STREAM = "KSQL_PROCESSING_LOG"

COLUMNS = """
    logger VARCHAR,
    level VARCHAR,
    time BIGINT,
    message STRUCT<
        type INTEGER,
        deserializationError STRUCT<target VARCHAR, errorMessage VARCHAR, recordB64 VARCHAR, cause ARRAY<VARCHAR>, `TOPIC` VARCHAR>,
        recordProcessingError STRUCT<errorMessage VARCHAR, record VARCHAR, cause ARRAY<VARCHAR>>,
        productionError STRUCT<errorMessage VARCHAR>,
        serializationError STRUCT<target VARCHAR, errorMessage VARCHAR, record VARCHAR, cause ARRAY<VARCHAR>, `TOPIC` VARCHAR>,
        kafkaStreamsThreadError STRUCT<errorMessage VARCHAR, threadName VARCHAR, cause ARRAY<VARCHAR>>>,
    `TOPIC` VARCHAR,
    `PARTITION` INTEGER,
    `OFFSET` BIGINT,
    `COUNT` BIGINT
"""
"""ksqlDB's columns, and where it happened and how many failures the entry stands for."""


def topic_name(service_id: str) -> str:
    """The topic of the log."""
    return f"{service_id}ksql_processing_log"


def declaration(service_id: str) -> str:
    """The statement that makes the log a stream."""
    return f"CREATE STREAM {STREAM} ({COLUMNS}) WITH (KAFKA_TOPIC='{topic_name(service_id)}', VALUE_FORMAT='JSON');"


def create_topic(log: TopicLog, service_id: str) -> str:
    """Create the topic unless it is there; returns its name."""
    name = topic_name(service_id)
    if log.describe(name) is None:
        log.create_topic(name, 1)
    return name


def entry_rows(problems: Iterable[Problem], *, except_topic: str) -> list[Row]:
    """The entries as rows; what fails while reading the log itself is only counted, lest it never end."""
    return [(p.time, None, _encode(p), ()) for p in problems if p.topic != except_topic]


def _encode(problem: Problem) -> bytes:
    entry = {
        "logger": problem.logger,
        "level": "ERROR",
        "time": problem.time,
        "message": problem.message,
        "topic": problem.topic,
        "partition": problem.partition,
        "offset": problem.offset,
        "count": problem.count,
    }
    return json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace")
