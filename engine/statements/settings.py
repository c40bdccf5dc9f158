"""SET, UNSET, DEFINE and UNDEFINE: what a session remembers."""

from typing import TYPE_CHECKING

from headrace.engine import config
from headrace.engine.results import Status
from headrace.engine.statements.dispatch import handles
from headrace.parser.statements import DefineVariable, SetProperty, UndefineVariable, UnsetProperty

if TYPE_CHECKING:
    from headrace.engine.session import Session


@handles(SetProperty)
def set_property(session: "Session", statement: SetProperty) -> Status:
    """Override a property for the session."""
    name, value = config.check(statement.name, statement.value, span=statement.span)
    before = session.properties.get(name)
    session.properties[name] = value
    was = f" from '{before}'" if before is not None else ""
    return Status(
        f"Successfully changed local property '{statement.name}'{was} to '{value}'.", statement=statement.text
    )


@handles(UnsetProperty)
def unset_property(session: "Session", statement: UnsetProperty) -> Status:
    """Go back to the default of a property."""
    name = config.normalise(statement.name)
    before = session.properties.pop(name, None)
    if before is None:
        return Status(f"Cannot unset property '{statement.name}': it was not set.", statement=statement.text)
    return Status(
        f"Successfully unset local property '{statement.name}' (value was '{before}').", statement=statement.text
    )


@handles(DefineVariable)
def define_variable(session: "Session", statement: DefineVariable) -> None:
    """Set a substitution variable."""
    session.variables[statement.name.lower()] = statement.value


@handles(UndefineVariable)
def undefine_variable(session: "Session", statement: UndefineVariable) -> Status | None:
    """Remove a substitution variable."""
    if session.variables.pop(statement.name.lower(), None) is None:
        note = f"Cannot find variable '{statement.name}'"
        return Status(note, statement=statement.text, warnings=(note,))
    return None
