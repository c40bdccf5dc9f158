"""Results as text: pure functions from values to strings; nothing here knows a terminal or a file."""
