"""Our SQL as a dialect of sqlglot: how its trees are spelt in our words.

Law: it spells; whether the result is a statement of ours is for the parser to say (incoming.py).
"""

from typing import ClassVar

from sqlglot import exp, generator
from sqlglot.dialects.dialect import Dialect

from headrace.parser.format.names import format_name, format_string


class Headrace(Dialect):
    """`sqlglot.transpile(sql, read="duckdb", write="headrace")`."""

    INDEX_OFFSET = 1
    TYPED_DIVISION = True
    SAFE_DIVISION = True

    class Generator(generator.Generator):
        """Canonical text."""

        TYPE_MAPPING: ClassVar = {
            **generator.Generator.TYPE_MAPPING,
            exp.DataType.Type.TEXT: "STRING",
            exp.DataType.Type.VARCHAR: "STRING",
            exp.DataType.Type.CHAR: "STRING",
            exp.DataType.Type.NCHAR: "STRING",
            exp.DataType.Type.NVARCHAR: "STRING",
            exp.DataType.Type.INT: "INTEGER",
            exp.DataType.Type.SMALLINT: "INTEGER",
            exp.DataType.Type.TINYINT: "INTEGER",
            exp.DataType.Type.FLOAT: "DOUBLE",
            exp.DataType.Type.VARBINARY: "BYTES",
            exp.DataType.Type.BINARY: "BYTES",
        }
        TRANSFORMS: ClassVar = {
            **generator.Generator.TRANSFORMS,
            exp.Array: lambda self, e: f"ARRAY[{self.expressions(e, flat=True)}]",
            exp.Dot: lambda self, e: f"{self.sql(e, 'this')}->{self.sql(e, 'expression')}",
            exp.IntDiv: lambda self, e: self.binary(e, "/"),
            exp.Length: lambda self, e: self.func("LEN", e.this),
            exp.Lower: lambda self, e: self.func("LCASE", e.this),
            exp.Upper: lambda self, e: self.func("UCASE", e.this),
            exp.Map: lambda self, e: _map(self, e),
            exp.NullSafeEQ: lambda self, e: self.binary(e, "IS NOT DISTINCT FROM"),
            exp.NullSafeNEQ: lambda self, e: self.binary(e, "IS DISTINCT FROM"),
            exp.PropertyEQ: lambda self, e: f"{self.sql(e, 'this')} := {self.sql(e, 'expression')}",
            exp.Struct: lambda self, e: self.func("STRUCT", *e.expressions),
            exp.Substring: lambda self, e: self.func("SUBSTRING", e.this, e.args.get("start"), e.args.get("length")),
            exp.ToMap: lambda self, e: f"MAP({self.expressions(e.this, flat=True)})",
            exp.TryCast: lambda self, e: f"CAST({self.sql(e, 'this')} AS {self.sql(e, 'to')})",
        }

        def identifier_sql(self, expression: exp.Identifier) -> str:
            """A name: ours are upper case unless quoted."""
            name = expression.name
            return format_name(name if expression.args.get("quoted") else name.upper())

        def literal_sql(self, expression: exp.Literal) -> str:
            """A literal; `${…}` in a text stays text."""
            return format_string(expression.name) if expression.is_string else expression.name

        def count_sql(self, expression: exp.Count) -> str:
            """COUNT(DISTINCT x) has a name of its own."""
            if isinstance(expression.this, exp.Distinct):
                return self.func("COUNT_DISTINCT", *expression.this.expressions)
            return self.function_fallback_sql(expression)


def _map(self: generator.Generator, expression: exp.Map) -> str:
    keys, values = expression.args.get("keys"), expression.args.get("values")
    pairs = zip(keys.expressions if keys else (), values.expressions if values else ())
    return f"MAP({', '.join(f'{self.sql(key)} := {self.sql(value)}' for key, value in pairs)})"
