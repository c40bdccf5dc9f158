"""The names that an expression may use.

The law: a name means one column, or binding fails with the place and a way out; lambda parameters never hide columns.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from headrace.engine.analysis.bound import Bound, Column, LambdaParameter
from headrace.engine.types.sqltype import SqlType
from headrace.parser.errors import Span, SqlError
from headrace.parser.expressions import ColumnRef


@dataclass(frozen=True, slots=True)
class ScopeColumn:
    """A visible column: `key` identifies it in bound expressions, `source` is the alias that may stand before its name."""

    name: str
    type: SqlType
    key: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Visible columns and lambda parameters; `clause` names the part of the statement in messages.

    `forbidden` gives, for names that exist but must not be used here, the message to refuse them with.
    """

    columns: tuple[ScopeColumn, ...] = ()
    clause: str = "SELECT"
    parameters: Mapping[str, SqlType] = field(default_factory=dict)
    forbidden: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, types: Mapping[str, SqlType], *, clause: str = "SELECT", source: str | None = None) -> "Scope":
        """A scope of columns whose keys are their names."""
        return cls(tuple(ScopeColumn(name, type, name, source) for name, type in types.items()), clause)

    @classmethod
    def joined(cls, sources: Mapping[str, Mapping[str, SqlType]], *, clause: str = "SELECT") -> "Scope":
        """A scope of several sources; keys are `SOURCE.NAME`."""
        columns = [
            ScopeColumn(name, type, f"{source}.{name}", source)
            for source, types in sources.items()
            for name, type in types.items()
        ]
        return cls(tuple(columns), clause)

    def resolve(self, reference: ColumnRef) -> Bound:
        """What a name means; raises SqlError."""
        name, source = reference.name, reference.source
        if source is None and name in self.parameters:
            return LambdaParameter(self.parameters[name], name)
        if name in self.forbidden:
            raise SqlError(self.forbidden[name], span=reference.span, kind="unknown column")
        if source is not None and source not in {c.source for c in self.columns}:
            raise self._unknown_source(source, reference.span)
        found = [c for c in self.columns if c.name == name and source in (None, c.source)]
        if len(found) > 1:
            raise self._ambiguous(name, found, reference.span)
        if not found:
            raise self._unknown(reference)
        return Column(found[0].type, found[0].key)

    def inside_lambda(self, names: Iterable[str], types: Iterable[SqlType], *, span: Span | None) -> "Scope":
        """The scope of a lambda's body; raises SqlError where a name is taken."""
        parameters = dict(self.parameters)
        for name, type in zip(names, types, strict=True):
            if name in parameters:
                raise SqlError(
                    f"Lambda argument '{name}' is used more than once.",
                    span=span,
                    hint="give every lambda argument a name of its own",
                )
            if any(c.name == name for c in self.columns):
                raise SqlError(
                    f"Lambda argument '{name}' is the name of a column.",
                    span=span,
                    hint="give the lambda argument another name",
                )
            parameters[name] = type
        return replace(self, parameters=parameters)

    def _unknown(self, reference: ColumnRef) -> SqlError:
        shown = reference.name if reference.source is None else f"{reference.source}.{reference.name}"
        return SqlError(
            f"{self.clause} column '{shown}' cannot be resolved.",
            span=reference.span,
            hint=self._suggestion(reference.name),
            kind="unknown column",
        )

    def _suggestion(self, name: str) -> str:
        names = [*dict.fromkeys(c.name for c in self.columns), *self.parameters]
        folded = {n.upper(): n for n in names}
        near = get_close_matches(name.upper(), folded, n=1)
        if near:
            return f'did you mean "{folded[near[0]]}"?'
        return "existing columns: " + ", ".join(names) if names else "there are no columns here"

    def _unknown_source(self, source: str, span: Span | None) -> SqlError:
        known = [s for s in dict.fromkeys(c.source for c in self.columns) if s is not None]
        near = get_close_matches(source, known, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"sources here: {', '.join(known)}" if known else None
        return SqlError(
            f"'{source}' is not a valid stream/table name or alias.", span=span, hint=hint, kind="unknown source"
        )

    def _ambiguous(self, name: str, found: list[ScopeColumn], span: Span | None) -> SqlError:
        options = sorted(f"{c.source}.{c.name}" for c in found)
        listed = ", ".join(options[:-1]) + " or " + options[-1]
        return SqlError(
            f"Column '{name}' is ambiguous. Could be {listed}.",
            span=span,
            hint="write the source before the name",
            kind="ambiguous column",
        )
