"""What became of a case, and the exceptions by which running one ends early."""

import traceback
from dataclasses import dataclass
from typing import Literal

Status = Literal["pass", "fail", "skip"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict on one case. `message_match` is None where no message is expected; `detail` is for people."""

    name: str
    suite: str
    group: str
    kind: str
    status: Status
    reason: str = ""
    message_match: bool | None = None
    duration_ms: float = 0.0
    detail: str = ""
    trace: str = ""


class Skip(Exception):
    """The case does not apply to this engine or mode."""


class Mismatch(Exception):
    """Something is not as the case expects: `reason` in one line, `detail` as a table or text."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


def describe_crash(error: BaseException) -> str:
    """One line for an internal error: its type, its text, and the innermost frame of Headrace's own code."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "headrace" in f.filename or "/runtime/" in f.filename or "/engine/" in f.filename]
    place = ""
    if own:
        parts = own[-1].filename.replace("\\", "/").split("/")
        place = f" at {'/'.join(parts[-2:])}:{own[-1].lineno} in {own[-1].name}"
    text = str(error).split("\n")[0][:200]
    return f"internal error: {type(error).__name__}: {text}{place}"
