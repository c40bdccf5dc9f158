"""The topic log on Apache Kafka."""

from headrace.runtime.log.kafka.log import KafkaLog

__all__ = ["KafkaLog"]
