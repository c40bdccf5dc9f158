"""The words of the language, once: the lexer, the formatter, the highlighter and the completer read this table.

A reserved word is never a name unless quoted. A non-reserved word is a keyword only where the grammar has a use for it.
"""


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


RESERVED: frozenset[str] = word_set(
    """
    ADVANCE ALL AND AS AT BEGINNING BETWEEN BY CASE CAST CATALOG CONNECTOR CONNECTORS CREATE DAYS DECIMAL DELETE DESCRIBE
    DISTINCT DROP ELSE END EXISTS EXPORT EXTENDED FALSE FROM FULL GROUP HAVING HOPPING HOURS IN INNER INSERT INTO IS JOIN
    LEFT LIKE LIMIT LIST LOAD MATERIALIZED MILLISECOND MILLISECONDS MINUTES MONTHS NAMESPACE NOT NULL ON OR OUTER PAUSE
    PRINT PROPERTIES QUERIES QUERY RENAME RESUME RETENTION RIGHT RUN SAMPLE SCRIPT SECONDS SELECT SIZE STREAM STREAMS TABLE
    TERMINATE THEN TO TOPIC TOPICS TRUE TUMBLING UNSET VALUES VIEW WHEN WHERE WINDOW WITH WITHIN YEARS
    """
)

NON_RESERVED: frozenset[str] = word_set(
    """
    ADD ALTER ANALYZE ARRAY ASSERT CHANGES COLUMN COLUMNS DATE DAY DEFINE EMIT ESCAPE EXPLAIN FINAL FUNCTION FUNCTIONS GRACE
    HEADER HEADERS HOUR ID IF INTEGER INTERVAL KEY MAP MINUTE MONTH PARTITION PARTITIONS PERIOD PLUGINS PRIMARY REPLACE RESET
    SCHEMA SECOND SESSION SET SHOW SINK SOURCE STRING STRUCT SUBJECT SYSTEM TABLES TIME TIMEOUT TIMESTAMP TYPE TYPES UNDEFINE
    VARIABLES YEAR ZONE
    """
)

# Words that only Headrace or the shell give a meaning: EXPLAIN (CODE), SPOOL OFF.
EXTENSIONS: frozenset[str] = frozenset({"CODE", "OFF", "SPOOL"})

KEYWORDS: frozenset[str] = RESERVED | NON_RESERVED | EXTENSIONS

# Non-reserved words that are legal names nearly everywhere, but that a reader (or the grammar, where both readings fit)
# takes for the keyword; the formatter quotes them.
AMBIGUOUS: frozenset[str] = word_set(
    """
    ALTER ARRAY ASSERT COLUMN DEFINE EMIT ESCAPE EXPLAIN FUNCTION IF MAP PARTITION SESSION SET SHOW SPOOL STRUCT TABLES UNDEFINE
    """
)

# Time units: every spelling and its plural.
TIME_UNITS: dict[str, str] = {
    spelling: unit
    for unit in ("DAYS", "HOURS", "MINUTES", "SECONDS", "MILLISECONDS")
    for spelling in (unit, unit.removesuffix("S"))
}

# Functions whose first argument is a time unit, so that `DATEADD(DAY, 1, d)` needs no column called DAY.
UNIT_FUNCTIONS: frozenset[str] = frozenset({"DATEADD", "DATESUB", "TIMEADD", "TIMESUB", "TIMESTAMPADD", "TIMESTAMPSUB"})


def is_reserved(word: str) -> bool:
    """Whether `word`, in any case, must be quoted to be a name."""
    return word.upper() in RESERVED
