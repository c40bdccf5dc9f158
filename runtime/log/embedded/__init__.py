"""The embedded topic log: one LMDB environment in one directory."""

from headrace.runtime.log.embedded.log import EmbeddedLog

__all__ = ["EmbeddedLog"]
