"""The 57 forms of statements by name (language inventory §13), for messages, statistics and documents.

Law: every statement has one form, and its name is words of the statement that a user would search for.
"""

from headrace.parser import statements as s

FORMS: tuple[str, ...] = (
    *("SELECT", "SHOW PROPERTIES", "SHOW TOPICS", "SHOW STREAMS", "SHOW TABLES", "SHOW FUNCTIONS", "SHOW CONNECTORS"),
    *("SHOW CONNECTOR PLUGINS", "SHOW TYPES", "SHOW VARIABLES", "SHOW QUERIES", "DESCRIBE", "DESCRIBE STREAMS"),
    *("DESCRIBE TABLES", "DESCRIBE FUNCTION", "DESCRIBE CONNECTOR", "PRINT", "TERMINATE", "TERMINATE ALL", "PAUSE"),
    *("PAUSE ALL", "RESUME", "RESUME ALL", "SET", "UNSET", "ALTER SYSTEM", "DEFINE", "UNDEFINE", "CREATE STREAM"),
    *(
        "CREATE STREAM AS SELECT",
        "CREATE TABLE",
        "CREATE TABLE AS SELECT",
        "CREATE SOURCE STREAM",
        "CREATE SOURCE TABLE",
    ),
    *("CREATE SOURCE CONNECTOR", "CREATE SINK CONNECTOR", "INSERT INTO SELECT", "INSERT INTO VALUES", "DROP STREAM"),
    *("DROP TABLE", "DROP CONNECTOR", "EXPLAIN", "EXPLAIN query id", "CREATE TYPE", "DROP TYPE", "ALTER STREAM"),
    *("ALTER TABLE", "ASSERT TOPIC", "ASSERT NOT EXISTS TOPIC", "ASSERT SCHEMA", "ASSERT NOT EXISTS SCHEMA"),
    *("ASSERT VALUES", "ASSERT NULL VALUES", "ASSERT STREAM", "ASSERT TABLE", "RUN SCRIPT", "SPOOL"),
)

_NAMES: dict[type[s.Statement], str] = {
    s.Query: "SELECT",
    s.Print: "PRINT",
    s.SetProperty: "SET",
    s.UnsetProperty: "UNSET",
    s.AlterSystem: "ALTER SYSTEM",
    s.DefineVariable: "DEFINE",
    s.UndefineVariable: "UNDEFINE",
    s.InsertSelect: "INSERT INTO SELECT",
    s.InsertValues: "INSERT INTO VALUES",
    s.DropConnector: "DROP CONNECTOR",
    s.CreateType: "CREATE TYPE",
    s.DropType: "DROP TYPE",
    s.AssertValues: "ASSERT VALUES",
    s.AssertNullValues: "ASSERT NULL VALUES",
    s.RunScript: "RUN SCRIPT",
    s.Spool: "SPOOL",
}


def form_of(statement: s.Statement) -> str:
    """The name of the statement's form, one of FORMS.

    >>> from headrace.parser import parse
    >>> form_of(parse("ASSERT NOT EXISTS TOPIC t;")[0])
    'ASSERT NOT EXISTS TOPIC'
    """
    match statement:
        case s.Show(what=what):
            return f"SHOW {what}"
        case s.Describe(what=what):
            return "DESCRIBE" if what == "SOURCE" else f"DESCRIBE {what}"
        case s.ControlQuery(action=action, query_id=query_id):
            return f"{action} ALL" if query_id is None else action
        case s.CreateSource(kind=kind, read_only=read_only):
            return f"CREATE SOURCE {kind}" if read_only else f"CREATE {kind}"
        case s.CreateAsSelect(kind=kind):
            return f"CREATE {kind} AS SELECT"
        case s.CreateConnector(kind=kind):
            return f"CREATE {kind} CONNECTOR"
        case s.DropSource(kind=kind):
            return f"DROP {kind}"
        case s.Explain(target=target):
            return "EXPLAIN query id" if isinstance(target, str) else "EXPLAIN"
        case s.AlterSource(kind=kind):
            return f"ALTER {kind}"
        case s.AssertSource(kind=kind):
            return f"ASSERT {kind}"
        case s.AssertTopic(exists=exists):
            return "ASSERT TOPIC" if exists else "ASSERT NOT EXISTS TOPIC"
        case s.AssertSchema(exists=exists):
            return "ASSERT SCHEMA" if exists else "ASSERT NOT EXISTS SCHEMA"
        case _:
            return _NAMES[type(statement)]
