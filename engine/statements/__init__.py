"""What each statement does: one handler per statement type, found by its class."""

from headrace.engine.statements.handlers import handler_of

__all__ = ["handler_of"]
