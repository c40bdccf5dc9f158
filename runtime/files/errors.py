"""What goes wrong with files.

FileProblem         a file or its description cannot be used; the message says which and why
"""


class FileProblem(Exception):
    """A file cannot be read or written, or an address of one is malformed."""
