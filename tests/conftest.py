"""A Kafka to test with: where HEADRACE_KAFKA says (default 127.0.0.1:9092); without one these tests are skipped."""

import os
import socket
import uuid
from collections.abc import Iterator

import pytest

from headrace.runtime.log.kafka import KafkaLog

SERVERS = os.environ.get("HEADRACE_KAFKA", "127.0.0.1:9092")


@pytest.fixture(scope="session")
def servers() -> str:
    host, _, port = SERVERS.partition(",")[0].rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        pytest.skip(f'no Kafka at {SERVERS}: "make kafka" starts one, HEADRACE_KAFKA says where another is')
    return SERVERS


@pytest.fixture
def service_id() -> str:
    return f"test{uuid.uuid4().hex[:12]}_"


@pytest.fixture
def kafka(servers: str, service_id: str) -> Iterator[KafkaLog]:
    """A log; what it leaves behind is deleted, what was there before is not touched."""
    opened = KafkaLog(servers, service_id=service_id)
    cleaner = KafkaLog(servers)
    before = {topic.name for topic in cleaner.topics()}
    yield opened
    opened.close()
    for topic in cleaner.topics():
        if topic.name not in before:
            cleaner.delete_topic(topic.name)
    cleaner.close()
