"""CREATE TYPE and DROP TYPE: names for types, resolved where they are used."""

from typing import TYPE_CHECKING

from headrace.engine.results import Status
from headrace.engine.statements.dispatch import handles
from headrace.engine.types.naming import resolve_type
from headrace.parser.errors import SqlError
from headrace.parser.statements import CreateType, DropType

if TYPE_CHECKING:
    from headrace.engine.session import Session


@handles(CreateType)
def create_type(session: "Session", statement: CreateType) -> Status:
    """Register a name for a type."""
    if statement.name in session.catalog.types:
        note = f"{statement.name} is already registered as type."
        if statement.if_not_exists:
            return Status(note, statement=statement.text, warnings=(note,))
        raise SqlError(
            f"Cannot register custom type '{statement.name}' since it is already registered with type: {session.catalog.types[statement.name]}",
            span=statement.span,
            hint="DROP TYPE it first, or use IF NOT EXISTS",
            kind="exists",
        )
    type = resolve_type(statement.type, session.catalog.types)
    sequence = session.record(statement)
    session.metastore.swap(session.catalog.with_type(statement.name, type))
    return Status(
        f"Registered custom type with name '{statement.name}' and SQL type {type}",
        command_id=f"type/`{statement.name}`/create",
        sequence=sequence,
        statement=statement.text,
    )


@handles(DropType)
def drop_type(session: "Session", statement: DropType) -> Status:
    """Forget a name; what uses the type keeps it."""
    if statement.name not in session.catalog.types:
        note = f"Type '{statement.name}' does not exist"
        if statement.if_exists:
            return Status(note, statement=statement.text, warnings=(note,))
        raise SqlError(
            f"Type {statement.name} does not exist.",
            span=statement.span,
            hint="SHOW TYPES lists what there is",
            kind="unknown type",
        )
    sequence = session.record(statement)
    session.metastore.swap(session.catalog.without_type(statement.name))
    return Status(
        f"Dropped type '{statement.name}'",
        command_id=f"type/`{statement.name}`/drop",
        sequence=sequence,
        statement=statement.text,
    )
