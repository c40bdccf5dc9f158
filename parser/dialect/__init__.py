"""Queries in other engines' SQL, and their SELECTs in ours: sqlglot does the spelling, here is what the words mean.

Law: what the other side cannot say is refused by name, never said in other words. Nothing imports this package but those who
call it: sqlglot takes longer to load than the rest of the parser.
"""

from headrace.parser.dialect.headrace import Headrace
from headrace.parser.dialect.incoming import from_sql
from headrace.parser.dialect.outgoing import to_sql
from headrace.parser.dialect.targets import Target

__all__ = ["Headrace", "Target", "from_sql", "to_sql"]
