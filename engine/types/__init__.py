"""SQL types, schemas, and the rules between types."""
