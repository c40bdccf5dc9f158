"""What exists: streams, tables, types and queries, as immutable snapshots."""
