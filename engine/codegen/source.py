"""Generated source text: lines at a depth, constants bound by name, fresh variables.

The law: nothing that a user wrote goes into source text unescaped. Values are bound as constants (`bind`), columns are
c0, c1, …; a user's names appear only repr()-ed in one-line comments of the legend.
"""

import linecache
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import CodeType

_serial = count()


class Code:
    """Python source under construction."""

    def __init__(self) -> None:
        self.constants: dict[str, object] = {}
        self._lines: list[str] = []
        self._depth = 0
        self._names = count()
        self._bound: dict[tuple[int, str], str] = {}

    def line(self, text: str) -> None:
        """Add one line at the current depth."""
        assert "\n" not in text, "one line only"
        self._lines.append("    " * self._depth + text)

    def comment(self, text: object) -> None:
        """Add a comment; anything a user wrote must come repr()-ed by the caller, and is kept to one line here too."""
        self.line("# " + str(text).replace("\r", " ").replace("\n", " "))

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Indent what is written inside; `head` ends with a colon. An empty block gets `pass`."""
        self.line(head)
        self._depth += 1
        before = len(self._lines)
        yield
        if len(self._lines) == before:
            self.line("pass")
        self._depth -= 1

    def fresh(self, hint: str = "t") -> str:
        """A variable name that nothing else uses."""
        return f"{hint}{next(self._names)}"

    def bind(self, hint: str, value: object) -> str:
        """The name under which the generated code sees `value`, the same for the same object; `hint` is an identifier."""
        key = (id(value), hint)
        if key not in self._bound:
            name = f"{hint}_{len(self.constants)}"
            self.constants[name] = value
            self._bound[key] = name
        return self._bound[key]

    @property
    def text(self) -> str:
        """The source so far."""
        return "\n".join(self._lines) + "\n"

    def compile(self, title: str) -> CodeType:
        """Compile the source; tracebacks show it under `<headrace title>` for as long as its first function lives."""
        filename = f"<headrace {title} #{next(_serial)}>"
        text = self.text
        code = compile(text, filename, "exec")
        function = next((c for c in code.co_consts if isinstance(c, CodeType)), None)
        if function is not None:
            linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
            weakref.finalize(function, linecache.cache.pop, filename, None).atexit = False
        return code
