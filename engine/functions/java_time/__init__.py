"""Java's `DateTimeFormatter` patterns: formatting and parsing of dates, times and timestamps."""
