"""What Kafka's error codes mean for a log.

The law: a code that time may heal is tried again until a deadline; every other becomes a LogError that names the place.
"""

from aiokafka.errors import KafkaError, for_code

from headrace.runtime.log.base import LogError, OffsetOutOfRange, TopicExists, UnknownTopic

NO_ERROR = 0
OFFSET_OUT_OF_RANGE = 1
UNKNOWN_TOPIC = 3
COORDINATOR_NOT_AVAILABLE = 15
NOT_COORDINATOR = 16
TOPIC_EXISTS = 36
NOT_CONTROLLER = 41
DUPLICATE_SEQUENCE = 46
INVALID_PRODUCER_EPOCH = 47
INVALID_TXN_STATE = 48
CONCURRENT_TRANSACTIONS = 51
UNKNOWN_TOPIC_ID = 100
GROUP_NOT_FOUND = 69
INVALID_CONFIG = 40
PRODUCER_FENCED = 90

FENCED = frozenset({INVALID_PRODUCER_EPOCH, PRODUCER_FENCED})
"""Another producer has taken the transactional id, or the broker has ended the transaction by its timeout."""

LOST_COORDINATOR = frozenset({COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR})

_TRANSIENT = frozenset({5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20, 41, 51, 56, 74, 75, 78, 88})
"""Elections, coordinators that load or move, time-outs, too few replicas, pending offsets and transactions."""

_NAMES = {74: "FencedLeaderEpoch", 75: "UnknownLeaderEpoch", 78: "OffsetNotAvailable", 88: "UnstableOffsetCommit"}

_WAYS_OUT = {
    10: 'the record is larger than the topic\'s "max.message.bytes"; raise it there',
    17: "Kafka's names have letters, digits, dots, underlines and hyphens only",
    32: 'the broker refuses the timestamp; "message.timestamp.after.max.ms" of the topic sets the limit',
    38: "there are fewer brokers than replicas",
    40: "a property has a value that Kafka does not take",
}


class Refused(Exception):
    """The broker's answer is an error code."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(detail or name_of(code))
        self.code = code

    @property
    def is_transient(self) -> bool:
        """Whether it is worth trying again."""
        return self.code in _TRANSIENT


RETRIED = (Refused, KafkaError, OSError, TimeoutError)
"""What an attempt may raise that another attempt may not."""


def name_of(code: int) -> str:
    """Kafka's name of an error code."""
    return _NAMES.get(code) or str(for_code(code).__name__)


def check(code: int, detail: str | None = None) -> None:
    """Raise Refused unless the code says that all is well."""
    if code != NO_ERROR:
        raise Refused(code, detail or "")


def is_transient(error: BaseException) -> bool:
    """Whether another attempt may go well."""
    if isinstance(error, Refused):
        return error.is_transient
    if isinstance(error, KafkaError):
        return bool(error.retriable) or getattr(error, "invalid_metadata", False)
    return isinstance(error, (OSError, TimeoutError))


def as_log_error(error: BaseException, place: str) -> LogError:
    """The LogError that says what went wrong where."""
    if isinstance(error, LogError):
        return error
    code = error.code if isinstance(error, Refused) else 0
    if code in (UNKNOWN_TOPIC, UNKNOWN_TOPIC_ID):
        return UnknownTopic(f"There is no topic {place}")
    if code == TOPIC_EXISTS:
        return TopicExists(f"Topic {place} exists already")
    if code == OFFSET_OUT_OF_RANGE:
        return OffsetOutOfRange(f"Kafka has no such offset in {place}")
    way_out = _WAYS_OUT.get(code)
    reason = f"{error or type(error).__name__}"
    return LogError(f"Kafka refused {place}: {reason}" + (f"; {way_out}" if way_out else ""))
