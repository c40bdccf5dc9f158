"""From plans to Python: every stage of a query becomes one generated function."""
