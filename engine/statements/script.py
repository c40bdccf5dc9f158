"""RUN SCRIPT: the statements of a file, in this session."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from headrace.engine.results import AnyResult, Rows, Status
from headrace.engine.statements.dispatch import handles
from headrace.parser.errors import SqlError
from headrace.parser.statements import RunScript

if TYPE_CHECKING:
    from headrace.engine.session import Session


@handles(RunScript)
def run_script(session: "Session", statement: RunScript) -> Status:
    """Execute a file where nobody wants its results."""
    results = script_results(session, statement)
    for result in results:
        if isinstance(result, Rows):
            result.close()
    return Status(f"Ran {statement.path}: {len(results)} results", statement=statement.text)


def script_results(session: "Session", statement: RunScript) -> Sequence[AnyResult]:
    """Execute a file; SET and DEFINE in it end with it. Errors name their place in the file."""
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
    except UnicodeDecodeError as error:
        raise SqlError(f'"{statement.path}" is not UTF-8: byte {error.start}', span=statement.span) from error
    if statement.path in session.scripts:
        raise SqlError(f'"{statement.path}" runs itself.', span=statement.span)
    properties, variables = dict(session.properties), dict(session.variables)
    session.scripts += (statement.path,)
    try:
        return session.execute(text)
    except SqlError as error:
        place = f":{error.span.line}:{error.span.column}" if error.span else ""
        raise SqlError(
            f"{statement.path}{place}: {error.message}", span=statement.span, hint=error.hint, kind=error.kind
        ) from error
    finally:
        session.scripts = session.scripts[:-1]
        session.properties, session.variables = properties, variables
