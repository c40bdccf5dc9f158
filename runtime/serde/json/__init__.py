"""The JSON format: a typed fast path by msgspec, and a lenient one by ksqlDB's rules."""
