"""Java regular expressions on Python's `re`: translation and protection."""
