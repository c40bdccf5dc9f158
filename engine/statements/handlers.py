"""Finding the handler of a statement; the list of modules that define handlers is explicit."""

from headrace.engine.statements import (
    control,
    create_as_select,
    create_source,
    custom_types,
    describe,
    drop,
    explain,
    insert_select,
    insert_values,
    print_topic,
    script,
    select,
    settings,
    show,
)
from headrace.engine.statements.dispatch import HANDLERS, Handler
from headrace.parser import form_of
from headrace.parser.errors import SqlError
from headrace.parser.statements import Statement

MODULES = (
    control, create_as_select, create_source, custom_types, describe, drop, explain, insert_select, insert_values, print_topic, script, select, settings, show,
)  # fmt: skip
"""Every module that defines handlers."""


def handler_of(statement: Statement) -> Handler:
    """The handler of a statement; raises SqlError naming what is not supported yet."""
    found = HANDLERS.get(type(statement))
    if found is None:
        raise SqlError(
            f"{form_of(statement)} is not supported yet.",
            span=statement.span,
            hint="it comes with a later version",
            kind="unsupported",
        )
    return found
