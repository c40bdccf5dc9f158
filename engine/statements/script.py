"""RUN SCRIPT: the statements of a file, in this session."""

from typing import TYPE_CHECKING

from headrace.engine.results import Status
from headrace.engine.statements.dispatch import handles
from headrace.parser.errors import SqlError
from headrace.parser.statements import RunScript

if TYPE_CHECKING:
    from headrace.engine.session import Session


@handles(RunScript)
def run_script(session: "Session", statement: RunScript) -> Status:
    """Execute a file; SET and DEFINE in it end with it."""
    if session.services.read_file is None:
        raise SqlError(
            "RUN SCRIPT is not available here.",
            span=statement.span,
            hint="pass the file to `headrace run`",
            kind="not available",
        )
    try:
        text = session.services.read_file(statement.path)
    except OSError as error:
        raise SqlError(
            f'Cannot read "{statement.path}": {error.strerror}', span=statement.span, hint="check the path"
        ) from error
    properties, variables = dict(session.properties), dict(session.variables)
    try:
        results = session.execute(text)
    finally:
        session.properties, session.variables = properties, variables
    return Status(f"Ran {statement.path}: {len(results)} results", statement=statement.text)
