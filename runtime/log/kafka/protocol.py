"""The requests that exactly-once needs and aiokafka 0.14.0 lacks, over its own wire types.

The law: everything here that is not public in aiokafka is named in tests/kafka/test_canary.py. The four corrections:
offsets are committed with TxnOffsetCommit v3 (the broker can fence), read with OffsetFetch v7 and `require_stable` (no offset
of a predecessor's pending transaction is seen), a producer that the broker timed out comes back with InitProducerId v3 (and a
zombie does not), and an abort always sends EndTxn (see producer.py, which takes the place of aiokafka's).
"""

from collections.abc import Mapping
from typing import Any

from aiokafka.errors import IncompatibleBrokerVersion
from aiokafka.protocol.api import RequestStruct, Response
from aiokafka.protocol.types import (
    AbstractType,
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Int64,
    Schema,
    TaggedFields,
)

NO_TAGS: dict[int, bytes] = {}

_text = CompactString("utf-8")
_TAGS = ("tags", TaggedFields)


class _Uuid(AbstractType):  # type: ignore[misc]
    """Sixteen bytes, as a number."""

    @classmethod
    def encode(cls, value: int) -> bytes:
        return value.to_bytes(16, "big")

    @classmethod
    def decode(cls, data: Any) -> int:
        return int.from_bytes(data.read(16), "big")


class Call:
    """A request of one version, in the form in which aiokafka's client sends it."""

    def __init__(self, message: Any) -> None:
        self._message = message

    def prepare(self, versions: Mapping[int, tuple[int, int]]) -> Any:
        """Called by the connection with what the broker supports."""
        low, high = versions.get(self._message.API_KEY, (0, -1))
        if not low <= self._message.API_VERSION <= high:
            raise IncompatibleBrokerVersion(
                f"the broker has no version {self._message.API_VERSION} of API {self._message.API_KEY}"
            )
        return self._message


def _define(name: str, key: int, version: int, request: Schema, response: Schema) -> Any:
    kind = {"API_KEY": key, "API_VERSION": version}
    answer = type(f"{name}Response", (Response,), {**kind, "SCHEMA": response})
    return type(
        f"{name}Request",
        (RequestStruct,),
        {**kind, "SCHEMA": request, "RESPONSE_TYPE": answer, "FLEXIBLE_VERSION": True},
    )


_Metadata = _define(
    "Metadata",
    3,
    10,
    Schema(
        ("topics", CompactArray(("id", _Uuid), ("name", _text), _TAGS)),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
        _TAGS,
    ),
    Schema(
        ("throttle_time_ms", Int32),
        ("brokers", CompactArray(("id", Int32), ("host", _text), ("port", Int32), ("rack", _text), _TAGS)),
        ("cluster_id", _text),
        ("controller_id", Int32),
        (
            "topics",
            CompactArray(
                ("error_code", Int16),
                ("name", _text),
                ("id", _Uuid),
                ("is_internal", Boolean),
                (
                    "partitions",
                    CompactArray(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", CompactArray(Int32)),
                        ("in_sync", CompactArray(Int32)),
                        ("offline", CompactArray(Int32)),
                        _TAGS,
                    ),
                ),
                ("authorized_operations", Int32),
                _TAGS,
            ),
        ),
        ("cluster_authorized_operations", Int32),
        _TAGS,
    ),
)

_OffsetFetch = _define(
    "OffsetFetch",
    9,
    7,
    Schema(
        ("group", _text),
        ("topics", CompactArray(("name", _text), ("partitions", CompactArray(Int32)), _TAGS)),
        ("require_stable", Boolean),
        _TAGS,
    ),
    Schema(
        ("throttle_time_ms", Int32),
        (
            "topics",
            CompactArray(
                ("name", _text),
                (
                    "partitions",
                    CompactArray(
                        ("partition", Int32),
                        ("offset", Int64),
                        ("leader_epoch", Int32),
                        ("metadata", _text),
                        ("error_code", Int16),
                        _TAGS,
                    ),
                ),
                _TAGS,
            ),
        ),
        ("error_code", Int16),
        _TAGS,
    ),
)

_InitProducerId = _define(
    "InitProducerId",
    22,
    3,
    Schema(
        ("transactional_id", _text),
        ("transaction_timeout_ms", Int32),
        ("producer_id", Int64),
        ("producer_epoch", Int16),
        _TAGS,
    ),
    Schema(
        ("throttle_time_ms", Int32),
        ("error_code", Int16),
        ("producer_id", Int64),
        ("producer_epoch", Int16),
        _TAGS,
    ),
)

_TxnOffsetCommit = _define(
    "TxnOffsetCommit",
    28,
    3,
    Schema(
        ("transactional_id", _text),
        ("group", _text),
        ("producer_id", Int64),
        ("producer_epoch", Int16),
        ("generation_id", Int32),
        ("member_id", _text),
        ("group_instance_id", _text),
        (
            "topics",
            CompactArray(
                ("name", _text),
                (
                    "partitions",
                    CompactArray(
                        ("partition", Int32), ("offset", Int64), ("leader_epoch", Int32), ("metadata", _text), _TAGS
                    ),
                ),
                _TAGS,
            ),
        ),
        _TAGS,
    ),
    Schema(
        ("throttle_time_ms", Int32),
        (
            "topics",
            CompactArray(
                ("name", _text),
                ("partitions", CompactArray(("partition", Int32), ("error_code", Int16), _TAGS)),
                _TAGS,
            ),
        ),
        _TAGS,
    ),
)


def metadata(topics: list[str] | None) -> Call:
    """What is known of topics (None: all), without creating them."""
    asked = None if topics is None else [(0, name, NO_TAGS) for name in topics]
    return Call(_Metadata(asked, False, False, False, NO_TAGS))


def offset_fetch(group: str, topics: Mapping[str, list[int]] | None = None) -> Call:
    """The offsets of a group (None: all), none of them pending in a transaction."""
    asked = None if topics is None else [(topic, partitions, NO_TAGS) for topic, partitions in topics.items()]
    return Call(_OffsetFetch(group, asked, True, NO_TAGS))


def init_producer_id(transactional_id: str | None, timeout_ms: int, producer_id: int, epoch: int) -> Call:
    """A producer id; with the old id and epoch, the broker refuses where another producer has taken over."""
    return Call(_InitProducerId(transactional_id, timeout_ms, producer_id, epoch, NO_TAGS))


def txn_offset_commit(
    transactional_id: str, group: str, producer_id: int, epoch: int, topics: Mapping[str, Mapping[int, int]]
) -> Call:
    """Offsets of a group without members, in a transaction."""
    placed = [
        (topic, [(partition, offset, -1, "", NO_TAGS) for partition, offset in offsets.items()], NO_TAGS)
        for topic, offsets in topics.items()
    ]
    return Call(_TxnOffsetCommit(transactional_id, group, producer_id, epoch, -1, "", None, placed, NO_TAGS))
