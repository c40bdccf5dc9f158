"""What the Kafka log uses of aiokafka beyond its public API: fails when a new version moves it."""

import inspect

import aiokafka
import pytest
from aiokafka import errors
from aiokafka.client import AIOKafkaClient, ConnectionGroup
from aiokafka.protocol import admin, fetch, offset, produce, transaction
from aiokafka.protocol.api import RequestStruct
from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.record.memory_records import MemoryRecords


def test_version_is_the_one_that_was_measured() -> None:
    assert aiokafka.__version__ == "0.14.0"


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (AIOKafkaClient.send, ["self", "node_id", "request", "group"]),
        (AIOKafkaClient.coordinator_lookup, ["self", "coordinator_type", "coordinator_key"]),
        (AIOKafkaClient.get_random_node, ["self"]),
        (AIOKafkaClient.bootstrap, ["self"]),
        (RequestStruct.build_request_header, ["self", "correlation_id", "client_id"]),
        (produce.ProduceRequest.__init__, ["self", "transactional_id", "required_acks", "timeout", "topics"]),
        (
            fetch.FetchRequest.__init__,
            ["self", "max_wait_time", "min_bytes", "max_bytes", "isolation_level", "topics", "rack_id"],
        ),
        (offset.OffsetRequest.__init__, ["self", "replica_id", "isolation_level", "topics"]),
        (
            transaction.AddPartitionsToTxnRequest.__init__,
            ["self", "transactional_id", "producer_id", "producer_epoch", "topics"],
        ),
        (
            transaction.AddOffsetsToTxnRequest.__init__,
            ["self", "transactional_id", "producer_id", "producer_epoch", "group_id"],
        ),
        (
            transaction.EndTxnRequest.__init__,
            ["self", "transactional_id", "producer_id", "producer_epoch", "transaction_result"],
        ),
        (admin.CreateTopicsRequest.__init__, ["self", "create_topic_requests", "timeout", "validate_only"]),
        (admin.DeleteTopicsRequest.__init__, ["self", "topics", "timeout"]),
        (admin.DescribeConfigsRequest.__init__, ["self", "resources", "include_synonyms"]),
        (admin.DeleteRecordsRequest.__init__, ["self", "topics", "timeout_ms", "tags"]),
        (admin.DeleteGroupsRequest.__init__, ["self", "group_names"]),
    ],
    ids=lambda value: getattr(value, "__qualname__", ""),
)
def test_signature(function: object, parameters: list[str]) -> None:
    assert list(inspect.signature(function).parameters) == parameters  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (ConnectionGroup, "COORDINATION"),
        (MemoryRecords, "has_next"),
        (MemoryRecords, "next_batch"),
        *(
            (DefaultRecordBatch, name)
            for name in (
                "base_offset",
                "next_offset",
                "producer_id",
                "is_control_batch",
                "is_transactional",
                "validate_crc",
            )
        ),
        (errors.KafkaError, "retriable"),
        (errors, "for_code"),
        (errors, "IncompatibleBrokerVersion"),
    ],
)
def test_name(owner: object, name: str) -> None:
    assert hasattr(owner, name)


@pytest.mark.parametrize(
    ("request_class", "newest"),
    [
        (transaction.InitProducerIdRequest, 0),
        (transaction.TxnOffsetCommitRequest, 0),
        (transaction.AddPartitionsToTxnRequest, 0),
        (transaction.EndTxnRequest, 0),
    ],
)
def test_what_aiokafka_lacks_it_still_lacks(request_class: type, newest: int) -> None:
    """Where this fails, runtime/log/kafka/protocol.py may use aiokafka's own."""
    assert max(version.API_VERSION for version in request_class._CLASSES) == newest  # type: ignore[attr-defined]
