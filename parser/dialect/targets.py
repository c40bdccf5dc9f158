"""What other engines can say: their names, and which of our forms they have."""

from dataclasses import dataclass
from typing import Literal

from headrace.parser.errors import Span, SqlError

Target = Literal["duckdb", "sqlite", "postgres"]


@dataclass(frozen=True, slots=True)
class Abilities:
    """What one target can say."""

    title: str
    functions: dict[str, str]
    """Our function names to theirs."""
    types: dict[str, str]
    """Our type names to theirs."""
    has_arrays: bool = False
    has_fields: bool = False
    has_maps: bool = False
    rounds_casts: bool = False
    """Casting a fraction to a whole number rounds, where ours truncates."""
    divides_exactly: bool = False
    """7 / 2 is 3.5, where ours is 3."""
    like_ignores_case: bool = False
    like_has_escape: bool = False
    """A backslash escapes in LIKE where no ESCAPE is given."""
    folds_to_lower: bool = False
    """An unquoted name means the name in lower case."""
    exponent_is_exact: bool = False
    """1e3 is a decimal number."""
    has_try_cast: bool = False


_EVERYWHERE = {
    "ABS": "ABS",
    "AVG": "AVG",
    "COALESCE": "COALESCE",
    "COUNT": "COUNT",
    "IFNULL": "COALESCE",
    "LCASE": "LOWER",
    "LEN": "LENGTH",
    "MAX": "MAX",
    "MIN": "MIN",
    "NULLIF": "NULLIF",
    "REPLACE": "REPLACE",
    "SUBSTRING": "SUBSTR",
    "SUM": "SUM",
    "TRIM": "TRIM",
    "UCASE": "UPPER",
}
_MATHEMATICS = {name: name for name in ("CEIL", "EXP", "FLOOR", "LN", "SIGN", "SQRT")}
_EXTREMES = {"GREATEST": "GREATEST", "LEAST": "LEAST"}
_TYPES = {
    "BOOLEAN": "BOOLEAN",
    "INT": "INT",
    "INTEGER": "INT",
    "BIGINT": "BIGINT",
    "DOUBLE": "DOUBLE",
    "STRING": "TEXT",
    "VARCHAR": "TEXT",
}
_MORE_TYPES = {"DATE": "DATE", "TIME": "TIME", "TIMESTAMP": "TIMESTAMP", "BYTES": "BLOB"}

TARGETS: dict[Target, Abilities] = {
    "duckdb": Abilities(
        "DuckDB",
        functions={**_EVERYWHERE, **_MATHEMATICS, **_EXTREMES, "COLLECT_LIST": "LIST"},
        types={**_TYPES, **_MORE_TYPES},
        has_arrays=True,
        has_fields=True,
        has_maps=True,
        rounds_casts=True,
        divides_exactly=True,
        has_try_cast=True,
    ),
    "sqlite": Abilities("SQLite", functions=_EVERYWHERE, types=_TYPES, like_ignores_case=True),
    "postgres": Abilities(
        "Postgres",
        functions={**_EVERYWHERE, **_MATHEMATICS, **_EXTREMES, "COLLECT_LIST": "ARRAY_AGG"},
        types={**_TYPES, **_MORE_TYPES},
        has_arrays=True,
        has_fields=True,
        rounds_casts=True,
        like_has_escape=True,
        folds_to_lower=True,
        exponent_is_exact=True,
    ),
}


def cannot_say(title: str, what: str, span: Span | None, hint: str | None = None) -> SqlError:
    """The refusal of what a target has no words for."""
    return SqlError(f"{title} cannot say {what}", span=span, hint=hint, kind="untranslatable")
